// The lines of a chart: paths over the stretches in which something is known, so that a gap in the metrics is a gap.
import { type Html, html } from './html.ts';
import type { Plot, PlotSeries, SeriesRole } from './plot.ts';
import type { Scale } from './scale.ts';

export interface Axes {
  readonly x: Scale;
  readonly y: Scale;
}

/** Places in `x`, both included. */
interface Stretch {
  readonly first: number;
  readonly last: number;
}

export function seriesOf(plot: Plot, role: SeriesRole): PlotSeries | undefined {
  return plot.series.find((series) => series.role === role);
}

/** Bands first, so that no line is under them. */
export function drawLines(plot: Plot, axes: Axes): Html {
  const lines = plot.series.filter(({ role }) => role !== 'low' && role !== 'high');
  return html`${band(plot, axes)}${lines.map((series) =>
    series.stepped ? stepped(plot.x, series, axes) : straight(plot.x, series, axes),
  )}`;
}

function stretchesOf(values: readonly (number | null)[]): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let first: number | null = null;
  values.forEach((value, index) => {
    if (value !== null && first === null) first = index;
    if (first === null || value === null) return;
    const next = values[index + 1];
    if (next !== null && next !== undefined) return;
    stretches.push({ first, last: index });
    first = null;
  });
  return stretches;
}

function band(plot: Plot, axes: Axes): Html | null {
  const low = seriesOf(plot, 'low')?.values;
  const high = seriesOf(plot, 'high')?.values;
  if (low === undefined || high === undefined) return null;
  const both = low.map((value, index) => (value === null ? null : (high[index] ?? null)));
  return html`${stretchesOf(both).map((stretch) => {
    const upper = pointsOf(plot.x, high, stretch, axes);
    const lower = pointsOf(plot.x, low, stretch, axes).toReversed();
    // one look alone has no area: a bar shows how far its interval reaches
    return html`<path class="band" d="${`M${[...upper, ...lower].join('L')}Z`}"/>`;
  })}`;
}

function straight(x: readonly number[], { role, values }: PlotSeries, axes: Axes): Html {
  return html`${stretchesOf(values).map((stretch) => {
    const points = pointsOf(x, values, stretch, axes);
    const [only = '0 0'] = points;
    if (points.length > 1) return html`<path class="${`${role}-line`}" d="${`M${points.join('L')}`}"/>`;
    const [cx = '0', cy = '0'] = only.split(' ');
    return html`<circle class="${`${role}-dot`}" cx="${cx}" cy="${cy}" r="3"/>`;
  })}`;
}

/** The weight is filled too: how much of the traffic it was is what the eye should see first. */
function stepped(x: readonly number[], { role, values }: PlotSeries, axes: Axes): Html {
  return html`${stretchesOf(values).map((stretch) => {
    const from = axes.x.at(x[stretch.first] ?? 0);
    const to = axes.x.at(x[stretch.last + 1] ?? x[stretch.last] ?? 0);
    const heights = values.slice(stretch.first, stretch.last + 1).map((value) => axes.y.at(value ?? 0));
    const steps = heights.map((height, index) =>
      index === 0
        ? `M${from} ${height}`
        : height === heights[index - 1]
          ? ''
          : `H${axes.x.at(x[stretch.first + index] ?? 0)}V${height}`,
    );
    const path = `${steps.join('')}H${to}`;
    const area =
      role === 'weight' ? html`<path class="weight-area" d="${`${path}V${axes.y.at(0)}H${from}Z`}"/>` : null;
    return html`${area}<path class="${`${role}-line`}" d="${path}"/>`;
  })}`;
}

function pointsOf(
  x: readonly number[],
  values: readonly (number | null)[],
  { first, last }: Stretch,
  axes: Axes,
): readonly string[] {
  return values
    .slice(first, last + 1)
    .map((value, index) => `${axes.x.at(x[first + index] ?? 0)} ${axes.y.at(value ?? 0)}`);
}
