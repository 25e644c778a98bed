// A chart as a static drawing: axes, shaded stretches, lines, and numbered marks that name rows of the timeline.
import { plainText } from '../core/plain-text.ts';
import { formatPercent } from '../core/units.ts';
import { type Axes, drawLines, seriesOf } from './draw-lines.ts';
import { type Html, html, jsonData } from './html.ts';
import { isEmpty, type Mark, type Plot, type SeriesRole } from './plot.ts';
import { linearScale, type Tick, timeTicks, valueTicks } from './scale.ts';

/** Sizes in picture units; one unit is one CSS pixel at the width the variant is shown at. */
interface Frame {
  readonly id: 'wide' | 'narrow';
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly legendStep: number;
}

// Two drawings instead of one that scales: at 400 px a wide one would be unreadable. The style sheet shows one of them.
const WIDE: Frame = {
  ...{ id: 'wide', width: 960, height: 270, left: 62, right: 948, top: 58, bottom: 242 },
  legendStep: 104,
};
const NARROW: Frame = {
  ...{ id: 'narrow', width: 340, height: 260, left: 56, right: 334, top: 58, bottom: 232 },
  legendStep: 70,
};

/** @param name unique on the page; `figure[data-plot]` for the chart script */
export function plotFigure(name: string, plot: Plot, description: string, caption: Html | null): Html {
  const drawings = [WIDE, NARROW].map((frame) => drawing(name, plot, description, frame));
  return html`<figure class="plot" data-plot="${name}">
${drawings}${jsonData({ className: 'plot-data' }, plot)}${caption === null ? null : html`<figcaption>${caption}</figcaption>`}</figure>
`;
}

function drawing(name: string, plot: Plot, description: string, given: Frame): Html {
  const id = `plot-${name}-${given.id}`;
  const [from = 0, to = 1] = [plot.x[0], plot.x.at(-1)];
  const ticks = ticksOf(plot);
  const frame = withRoomFor(ticks, given);
  const axes: Axes = {
    x: linearScale(from, to, frame.left, frame.right),
    y: linearScale(ticks[0]?.at ?? 0, ticks.at(-1)?.at ?? 1, frame.bottom, frame.top),
  };
  const times = timeTicks(from * 1000, to * 1000, Math.floor((frame.right - frame.left) / 64));
  return html`<svg class="${`chart ${frame.id}`}" viewBox="${`0 0 ${frame.width} ${frame.height}`}" role="img" aria-labelledby="${`${id}-title ${id}-desc`}">
<title id="${`${id}-title`}">${plainText(plot.title, 120)}</title>
<desc id="${`${id}-desc`}">${plainText(description, 600)}</desc>
${shades(plot, frame, axes)}${valueAxis(ticks, frame, axes)}${timeAxis(times, frame, axes)}${legend(plot, frame)}
${isEmpty(plot) ? html`<text class="middle" x="${(frame.left + frame.right) / 2}" y="${(frame.top + frame.bottom) / 2}">no metrics were reported</text>` : drawLines(plot, axes)}
${stepLabels(plot, axes)}${markStrip(plot.marks, frame, axes)}
</svg>
`;
}

/** About 7 units a character, 8 to the panel. */
function withRoomFor(ticks: readonly Tick[], frame: Frame): Frame {
  const longest = Math.max(...ticks.map(({ label }) => label.length));
  return { ...frame, left: Math.max(frame.left, 14 + 7 * longest) };
}

/**
 * An interval may reach far beyond everything that was ever measured. Only the last one counts, and only as far as it leaves
 * the lines half of the panel, as in the live chart; the rest is cut off at the edge.
 */
function ticksOf(plot: Plot): readonly Tick[] {
  const valuesOf = (...roles: readonly SeriesRole[]) =>
    plot.series.filter(({ role }) => roles.includes(role)).flatMap(({ values }) => values.filter(isKnown));
  const lines = valuesOf('stable', 'canary', 'limit', 'weight', 'observed');
  const least = lines.reduce((least, value) => Math.min(least, value), lines[0] ?? 0);
  const most = lines.reduce((most, value) => Math.max(most, value), lines[0] ?? 0);
  const room = most - least || Math.abs(most) || 1;
  const low = Math.min(least, Math.max(valuesOf('low').at(-1) ?? least, least - room));
  const high = Math.max(most, Math.min(valuesOf('high').at(-1) ?? most, most + room));
  return valueTicks(plot.kind === 'traffic' ? 0 : low, high, plot.series[0]?.unit ?? '', 4);
}

function isKnown(value: number | null): value is number {
  return value !== null;
}

function timeAxis(ticks: readonly Tick[], frame: Frame, { x }: Axes): Html {
  return html`<g class="axis">${ticks.map(({ at, label }) => {
    const place = x.at(at / 1000);
    return html`<line class="grid" x1="${place}" x2="${place}" y1="${frame.top}" y2="${frame.bottom}"/><text class="middle" x="${place}" y="${frame.bottom + 19}">${label}</text>`;
  })}</g>`;
}

function valueAxis(ticks: readonly Tick[], frame: Frame, { y }: Axes): Html {
  return html`<g class="axis">${ticks.map(
    ({ at, label }) =>
      html`<line class="grid" x1="${frame.left}" x2="${frame.right}" y1="${y.at(at)}" y2="${y.at(at)}"/><text class="end" x="${frame.left - 8}" y="${y.at(at) + 4}">${label}</text>`,
  )}</g>`;
}

function shades({ shades }: Plot, frame: Frame, { x }: Axes): Html {
  return html`${shades.map(({ from, to }) => {
    const start = x.at(from);
    return html`<rect class="shade" x="${start}" y="${frame.top}" width="${Math.max(1, x.at(to) - start)}" height="${frame.bottom - frame.top}"/>`;
  })}`;
}

function legend(plot: Plot, frame: Frame): Html {
  const shown = plot.series.filter(({ role }) => role !== 'low');
  return html`<g class="legend">${shown.map(({ role, label }, index) => {
    const at = frame.left + index * frame.legendStep;
    const sample =
      role === 'high'
        ? html`<rect class="band" x="${at}" y="36" width="16" height="10"/>`
        : html`<line class="${`${role}-line`}" x1="${at}" x2="${at + 16}" y1="41" y2="41"/>`;
    return html`${sample}<text x="${at + 21}" y="45">${role === 'high' ? 'interval' : label}</text>`;
  })}${plot.shades.length === 0 ? null : shadeLegend(frame, shown.length)}</g>`;
}

function shadeLegend(frame: Frame, place: number): Html {
  const at = frame.left + place * frame.legendStep;
  return html`<rect class="shade" x="${at}" y="36" width="16" height="10"/><text x="${at + 21}" y="45">alarm</text>`;
}

/** The weight above each step that is wide enough to carry it; below where there is no room above. */
function stepLabels(plot: Plot, { x, y }: Axes): readonly Html[] {
  const weights = seriesOf(plot, 'weight')?.values ?? [];
  const steps = weights.flatMap((value, index) =>
    value === null || value === weights[index - 1] ? [] : [{ value, at: plot.x[index] ?? 0 }],
  );
  return steps.flatMap(({ value, at }, index) => {
    const from = x.at(at);
    const to = x.at(steps[index + 1]?.at ?? plot.x.at(-1) ?? 0);
    if (value === 0 || to - from < 34) return [];
    const height = y.at(value) - 6;
    const place = height < y.at(y.max) + 10 ? height + 22 : height;
    return [html`<text class="step" x="${from + 5}" y="${place}">${formatPercent(value)}</text>`];
  });
}

const MARK_RADIUS = 9;

/** Marks that would overlap share one. */
function markStrip(marks: readonly Mark[], frame: Frame, { x }: Axes): Html {
  const groups: { at: number; first: number; last: number }[] = [];
  for (const mark of marks) {
    const at = Math.min(frame.right - MARK_RADIUS, Math.max(frame.left, x.at(mark.at)));
    const group = groups.at(-1);
    if (group !== undefined && at - group.at < 4 * MARK_RADIUS) group.last = mark.row;
    else groups.push({ at, first: mark.row, last: mark.row });
  }
  return html`<g class="marks">${groups.map(({ at, first, last }) => {
    const label = first === last ? String(first) : `${first}–${last}`;
    const half = Math.max(MARK_RADIUS, 5 + label.length * 3.5);
    const centre = Math.min(at, frame.right - half);
    return html`<line x1="${at}" x2="${at}" y1="${frame.top}" y2="${frame.bottom}"/><rect x="${centre - half}" y="6" width="${2 * half}" height="${2 * MARK_RADIUS}" rx="${MARK_RADIUS}"/><text class="middle" x="${centre}" y="19">${label}</text>`;
  })}</g>`;
}
