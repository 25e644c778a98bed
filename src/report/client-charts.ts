// Turns every `figure.plot` of the report into a chart that can be pointed at. Where anything fails, the drawing stays. The
// functions are written into the report as text together, so they may use nothing but one another and what they are given.
import type { ClientClock } from './client-clock.ts';
import type { ClientOverlay } from './client-overlay.ts';
import type { ClientRanges } from './client-ranges.ts';
import type { ClientElement, ClientPage, Ink, Uplot } from './client-types.ts';
import type { Plot, PlotSeries } from './plot.ts';

export interface ClientKit {
  readonly page: ClientPage;
  readonly clock: ClientClock;
  readonly overlay: ClientOverlay;
  readonly ranges: ClientRanges;
}

export function drawCharts(kit: ClientKit): void {
  for (const figure of kit.page.document.querySelectorAll('figure.plot')) {
    try {
      keepDrawn(kit, figure);
    } catch {
      // the drawing is there and says the same
    }
  }
}

/** Draws as soon as there is room, which in a closed `details` there is not, and follows size and colour scheme. */
function keepDrawn(kit: ClientKit, figure: ClientElement): void {
  const { page } = kit;
  const data: Plot = JSON.parse(figure.querySelector('script.plot-data')?.textContent ?? '');
  const room = page.document.createElement('div');
  room.className = 'plot-live';
  // else a chart that was once wide would keep its own room wide
  room.style['contain'] = 'inline-size';
  let plot: Uplot | null = null;
  const fillRoom = (): void => {
    const width = room.clientWidth;
    if (width < 1) return;
    try {
      const height = width < 560 ? 250 : 290;
      if (plot === null) plot = draw(kit, figure, room, data, { width, height });
      else plot.setSize({ width, height });
    } catch {
      observer.disconnect();
      room.remove();
      figure.classList.remove('drawn');
    }
  };
  const observer = new page.ResizeObserver(fillRoom);
  figure.querySelector('svg')?.before(room);
  observer.observe(room);
  // uPlot takes the colours of its legend once
  page.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    plot?.destroy();
    plot = null;
    fillRoom();
  });
}

function draw(
  kit: ClientKit,
  figure: ClientElement,
  room: ClientElement,
  data: Plot,
  size: { readonly width: number; readonly height: number },
): Uplot {
  const { uPlot } = kit.page;
  const shown = data.series.filter(({ role }) => role !== 'low' && role !== 'high');
  const columns = [data.x, ...shown.map(({ values }) => values)];
  const plot = new uPlot({ ...optionsOf(kit, data, shown), ...size }, columns, room);
  const canvas = plot.root.querySelector('canvas');
  canvas?.setAttribute('role', 'img');
  const drawing = figure.querySelector('svg');
  const words = ['title', 'desc'].map((tag) => drawing?.querySelector(tag)?.textContent ?? '');
  canvas?.setAttribute('aria-label', words.join('. '));
  for (const value of plot.root.querySelectorAll('.u-value')) value.style['minWidth'] = '5.5em';
  figure.classList.add('drawn');
  return plot;
}

function optionsOf(kit: ClientKit, data: Plot, shown: readonly PlotSeries[]): object {
  const { page, clock, overlay, ranges } = kit;
  const style = page.getComputedStyle(page.document.documentElement);
  const ink: Ink = (name) => style.getPropertyValue(`--${name}`).trim();
  const unit = shown[0]?.unit ?? '';
  const axis = {
    stroke: () => ink('soft'),
    font: '12px system-ui, sans-serif',
    grid: { stroke: () => ink('rule'), width: 1 },
    ticks: { stroke: () => ink('rule'), width: 1, size: 5 },
  };
  return {
    tzDate: (seconds: number) => page.uPlot.tzDate(new Date(seconds * 1000), 'Europe/London'),
    padding: [data.marks.length > 0 ? 30 : 10, 14, 0, 0],
    cursor: { y: false, drag: { x: true, y: false }, sync: { key: 'rollout', scales: ['x', null] } },
    legend: { markers: { dash: (_plot: Uplot, index: number) => looksOf(shown[index - 1]).border } },
    scales: { x: { time: true, range: ranges.timeRange }, y: { range: ranges.valueRange(data) } },
    axes: [
      {
        ...axis,
        space: 56,
        values: (_plot: Uplot, splits: number[], _axis: number, _space: number, step: number) =>
          clock.ticks(splits, step),
      },
      {
        ...axis,
        values: (_plot: Uplot, splits: number[]) => splits.map((value) => valueText(value, unit)),
        // about 7 pixels a character
        size: (_plot: Uplot, values: string[] | null) =>
          18 + 7 * Math.max(3, ...(values ?? []).map(({ length }) => length)),
      },
    ],
    series: [
      {
        label: 'Time',
        value: (_plot: Uplot, seconds: number | null) =>
          seconds === null ? 'point at the chart' : clock.full(seconds),
      },
      ...shown.map((series) => seriesOptions(kit, data, series, ink)),
    ],
    hooks: {
      drawAxes: [(plot: Uplot) => overlay.drawBelow(plot, data, ink)],
      draw: [(plot: Uplot) => overlay.drawMarks(plot, data, ink)],
    },
  };
}

function seriesOptions({ page }: ClientKit, data: Plot, series: PlotSeries, ink: Ink): object {
  const { colour, dash, width } = looksOf(series);
  // an element of its own, so that the direction of a name moves nothing around it
  const label = page.document.createElement('bdi');
  label.textContent = series.label.slice(0, 80);
  const points = { fill: () => ink(colour), ...(series.stepped ? { show: false } : { size: 4 }) };
  return {
    label,
    stroke: () => ink(colour),
    width,
    dash,
    points,
    ...(series.stepped ? { paths: page.uPlot.paths.stepped({ align: 1 }) } : {}),
    ...(series.role === 'weight' ? { fill: () => ink('area') } : {}),
    value: (_plot: Uplot, value: number | null, _series: number, index: number | null) =>
      value === null ? '–' : valueText(value, series.unit) + intervalText(data, series, index),
  };
}

interface Looks {
  readonly colour: string;
  readonly dash: readonly number[];
  readonly width: number;
  /** The same dashes for a CSS border. */
  readonly border: string;
}

/** Each differs in its dashes too, so that nobody needs to see the colours. */
function looksOf(series: PlotSeries | undefined): Looks {
  switch (series?.role) {
    case 'stable':
      return { colour: 'stable', dash: [6, 3], width: 2, border: 'dashed' };
    case 'limit':
      return { colour: 'bad', dash: [2, 4], width: 2, border: 'dotted' };
    case 'observed':
      return { colour: 'ink', dash: [5, 3], width: 1.5, border: 'dashed' };
    default:
      return { colour: 'canary', dash: [], width: 2, border: 'solid' };
  }
}

/** The interval is the canary's. */
function intervalText({ series }: Plot, { role, unit }: PlotSeries, index: number | null): string {
  const [low, high] = (['low', 'high'] as const).map((bound) =>
    index === null ? null : series.find((one) => one.role === bound)?.values[index],
  );
  if (role !== 'canary' || typeof low !== 'number' || typeof high !== 'number') return '';
  return ` (${valueText(low, '')} to ${valueText(high, unit)})`;
}

/** Three significant digits: 0.0709 %, 212 ms, 40,080 ms. */
function valueText(value: number, unit: string): string {
  const digits = Math.abs(value) >= 1000 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 };
  const number = new Intl.NumberFormat('en-GB', digits).format(value);
  return unit === '' ? number : `${number} ${unit.slice(0, 16)}`;
}

/** The source of all that is above. */
export const CHARTS_SOURCE = [
  ...[drawCharts, keepDrawn, draw, optionsOf, seriesOptions, looksOf, intervalText, valueText],
].join('\n');
