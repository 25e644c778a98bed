// The weight-and-metric chart as a static drawing: the canary's weight above, both error rates below, on one time axis.
import { plainText } from '../core/plain-text.ts';
import type { RolloutReport } from '../core/report.ts';
import { formatPercent } from '../core/units.ts';
import { type ChartData, chartData, type Mark, type Point } from './chart-data.ts';
import { type Html, html } from './html.ts';
import { linearScale, percentTicks, type Scale, type Tick, timeTicks } from './scale.ts';

interface Panel {
  readonly top: number;
  readonly bottom: number;
}

/** Sizes in picture units; one unit is one CSS pixel at the width the variant is shown at. */
interface Frame {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly weight: Panel;
  readonly errors: Panel;
}

// Two drawings instead of one that scales: at 400 px a wide one would be unreadable. The style sheet shows one of them.
const WIDE: Frame = {
  id: 'wide',
  width: 960,
  height: 400,
  left: 60,
  right: 948,
  weight: { top: 62, bottom: 162 },
  errors: { top: 222, bottom: 362 },
};
const NARROW: Frame = {
  id: 'narrow',
  width: 340,
  height: 420,
  left: 50,
  right: 334,
  weight: { top: 62, bottom: 162 },
  errors: { top: 242, bottom: 382 },
};

export function renderChart(report: RolloutReport): Html {
  const data = chartData(report);
  return html`${drawing(report, data, WIDE)}${drawing(report, data, NARROW)}`;
}

function drawing(report: RolloutReport, data: ChartData, frame: Frame): Html {
  const x = linearScale(data.fromMs, data.toMs, frame.left, frame.right);
  const name = `chart-${frame.id}`;
  return html`<svg class="${`chart ${frame.id}`}" viewBox="${`0 0 ${frame.width} ${frame.height}`}" role="img" aria-labelledby="${`${name}-title ${name}-desc`}">
<title id="${`${name}-title`}">Canary weight and error rates of ${plainText(report.service, 80)}</title>
<desc id="${`${name}-desc`}">${describe(report)}</desc>
${timeAxis(data, frame, x)}
${weightPanel(data, frame, x)}
${errorPanel(data, frame, x)}
${markStrip(data.marks, frame, x)}
</svg>
`;
}

function describe(report: RolloutReport): string {
  const peak = report.timeline.some((entry) => entry.event === 'rollout-promoted')
    ? 100
    : report.peakWeightPercent;
  return `The canary's weight reached ${peak} % and ended at ${report.finalWeightPercent} %. The numbers behind the lines are in the table and the timeline below.`;
}

function timeAxis(data: ChartData, frame: Frame, x: Scale): Html {
  const ticks = timeTicks(data.fromMs, data.toMs, Math.floor((frame.right - frame.left) / 64));
  return html`<g class="axis">${ticks.map(
    (tick) =>
      html`<line class="grid" x1="${x.at(tick.at)}" x2="${x.at(tick.at)}" y1="${frame.weight.top}" y2="${frame.errors.bottom}"/><text class="middle" x="${x.at(tick.at)}" y="${frame.errors.bottom + 20}">${tick.label}</text>`,
  )}</g>`;
}

function valueAxis(ticks: readonly Tick[], frame: Frame, y: Scale): Html {
  return html`<g class="axis">${ticks.map(
    (tick) =>
      html`<line class="grid" x1="${frame.left}" x2="${frame.right}" y1="${y.at(tick.at)}" y2="${y.at(tick.at)}"/><text class="end" x="${frame.left - 8}" y="${y.at(tick.at) + 4}">${tick.label}</text>`,
  )}</g>`;
}

function weightPanel(data: ChartData, frame: Frame, x: Scale): Html {
  const y = linearScale(0, 100, frame.weight.bottom, frame.weight.top);
  const ticks = [0, 50, 100].map((at) => ({ at, label: `${at} %` }));
  const steps = stepPath(data.weights, x, y);
  const area = `${steps}V${y.at(0)}H${x.at(data.fromMs)}Z`;
  return html`<text class="panel-title" x="${frame.left}" y="${frame.weight.top - 12}">Canary weight</text>
${valueAxis(ticks, frame, y)}<path class="weight-area" d="${area}"/><path class="weight-line" d="${steps}"/>${stepLabels(data.weights, x, y)}`;
}

/** The weight above each step that is wide enough to carry it; below where there is no room above. */
function stepLabels(weights: readonly Point[], x: Scale, y: Scale): readonly Html[] {
  return weights.flatMap((point, index) => {
    const from = x.at(point.atMs);
    const to = x.at(weights[index + 1]?.atMs ?? point.atMs);
    if (point.value === 0 || point.value === weights[index - 1]?.value || to - from < 34) return [];
    return [
      html`<text class="step" x="${from + 5}" y="${labelHeight(y.at(point.value), y.at(100))}">${formatPercent(point.value)}</text>`,
    ];
  });
}

function labelHeight(stepY: number, topY: number): number {
  return stepY - 5 < topY + 10 ? stepY + 15 : stepY - 5;
}

function errorPanel(data: ChartData, frame: Frame, x: Scale): Html {
  const { top, bottom } = frame.errors;
  const rates = [...data.stable, ...data.canary].flat().map((point) => point.value);
  const highest = [...rates, data.allowedPercent ?? 0].reduce((most, rate) => Math.max(most, rate), 0);
  const ticks = percentTicks(highest > 0 ? highest : 1, 4);
  const y = linearScale(0, ticks.at(-1)?.at ?? 1, bottom, top);
  const { allowedPercent } = data;
  return html`<text class="panel-title" x="${frame.left}" y="${top - 34}">Error rate, percent of requests</text>
${legend(frame, allowedPercent !== null)}${valueAxis(ticks, frame, y)}${
  allowedPercent === null
    ? null
    : html`<line class="allowed-line" x1="${frame.left}" x2="${frame.right}" y1="${y.at(allowedPercent)}" y2="${y.at(allowedPercent)}"/>`
}${rates.length === 0 ? html`<text class="middle" x="${(frame.left + frame.right) / 2}" y="${(top + bottom) / 2}">no metrics were reported</text>` : null}
${data.stable.map((stretch) => line('stable', stretch, x, y))}${data.canary.map((stretch) => line('canary', stretch, x, y))}`;
}

function legend(frame: Frame, hasAllowed: boolean): Html {
  const y = frame.errors.top - 14;
  const rows = [
    { kind: 'stable', label: 'stable' },
    { kind: 'canary', label: 'canary' },
    ...(hasAllowed ? [{ kind: 'allowed', label: 'allowed' }] : []),
  ];
  return html`<g>${rows.map(({ kind, label }, index) => {
    const x = frame.left + index * 86;
    return html`<line class="${`${kind}-line`}" x1="${x}" x2="${x + 24}" y1="${y - 4}" y2="${y - 4}"/><text x="${x + 30}" y="${y}">${label}</text>`;
  })}</g>`;
}

/** A stretch of one point has no length, so it is a dot. */
function line(kind: 'stable' | 'canary', stretch: readonly Point[], x: Scale, y: Scale): Html {
  const [only] = stretch;
  if (stretch.length === 1 && only !== undefined) {
    return html`<circle class="${`${kind}-dot`}" cx="${x.at(only.atMs)}" cy="${y.at(only.value)}" r="2.5"/>`;
  }
  const d = stretch.map((point) => `${x.at(point.atMs)} ${y.at(point.value)}`).join('L');
  return html`<path class="${`${kind}-line`}" d="M${d}"/>`;
}

function stepPath(points: readonly Point[], x: Scale, y: Scale): string {
  const [first, ...rest] = points;
  if (first === undefined) return 'M0 0';
  const steps = rest.map((point) => `H${x.at(point.atMs)}V${y.at(point.value)}`).join('');
  return `M${x.at(first.atMs)} ${y.at(first.value)}${steps}`;
}

const MARK_RADIUS = 9;

/** Numbers that name rows of the timeline; marks that would overlap share one. */
function markStrip(marks: readonly Mark[], frame: Frame, x: Scale): Html {
  const groups: { at: number; first: number; last: number }[] = [];
  for (const mark of marks) {
    const at = Math.min(frame.right - MARK_RADIUS, Math.max(frame.left, x.at(mark.atMs)));
    const group = groups.at(-1);
    if (group !== undefined && at - group.at < 4 * MARK_RADIUS) group.last = mark.row;
    else groups.push({ at, first: mark.row, last: mark.row });
  }
  return html`<g class="marks">${groups.map(({ at, first, last }) => {
    const label = first === last ? String(first) : `${first}–${last}`;
    const half = Math.max(MARK_RADIUS, 5 + label.length * 3.5);
    const centre = Math.min(at, frame.right - half);
    return html`${[frame.weight, frame.errors].map((panel) => html`<line x1="${at}" x2="${at}" y1="${panel.top}" y2="${panel.bottom}"/>`)}<rect x="${centre - half}" y="8" width="${2 * half}" height="${2 * MARK_RADIUS}" rx="${MARK_RADIUS}"/><text class="middle" x="${centre}" y="21">${label}</text>`;
  })}</g>`;
}
