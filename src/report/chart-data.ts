// What the chart draws, read off the report: the weight over time, the error rates, the moments worth a mark.
import type { ReportPoint, RolloutReport, TimelineEntry } from '../core/report.ts';
import { EVENT_LOOKS } from '../core/timeline.ts';

export interface Point {
  readonly atMs: number;
  readonly value: number;
}

export interface Mark {
  readonly atMs: number;
  /** Number of the timeline row it stands for, from 1. */
  readonly row: number;
}

export interface ChartData {
  readonly fromMs: number;
  readonly toMs: number;
  /** Each weight holds until the next point. */
  readonly weights: readonly Point[];
  /** Unbroken stretches: a gap in the metrics is a gap in the line. */
  readonly stable: readonly (readonly Point[])[];
  readonly canary: readonly (readonly Point[])[];
  /** What errors were allowed, percent; null where the reason is about something else. */
  readonly allowedPercent: number | null;
  readonly marks: readonly Mark[];
}

const SHORTEST_SPAN_MS = 60_000;

export function chartData(report: RolloutReport): ChartData {
  const entries = report.timeline.map((entry) => Date.parse(entry.at));
  const points = report.series.map((point) => Date.parse(point.at));
  const ends = [report.startedAt, ...(report.endedAt === null ? [] : [report.endedAt])].map(Date.parse);
  const instants = [...ends, ...entries, ...points];
  const fromMs = instants.reduce((least, at) => Math.min(least, at));
  const lastMs = instants.reduce((most, at) => Math.max(most, at));
  const toMs = Math.max(lastMs, fromMs + SHORTEST_SPAN_MS);
  return {
    fromMs,
    toMs,
    weights: weightsOf(report, fromMs, toMs),
    stable: stretchesOf(report.series, (point) => point.stableErrorPercent),
    canary: stretchesOf(report.series, (point) => point.canaryErrorPercent),
    allowedPercent: allowedPercentOf(report),
    marks: marksOf(report.timeline),
  };
}

/** Only of the check that is drawn, and only where it is a percentage. */
function allowedPercentOf({ reason: { check, limit } }: RolloutReport): number | null {
  return check === 'errors' && limit !== null && limit > 0 && limit <= 100 ? limit : null;
}

/** From the shifts themselves where they are known, which is exact; else from the metric periods. */
function weightsOf(report: RolloutReport, fromMs: number, toMs: number): readonly Point[] {
  const shifts = report.timeline.flatMap((entry) => {
    const value = weightAfter(entry);
    return value === null ? [] : [{ atMs: Date.parse(entry.at), value }];
  });
  const known =
    shifts.length > 0
      ? shifts
      : report.series.map((point) => ({ atMs: Date.parse(point.at), value: point.weightPercent }));
  const last = known.at(-1)?.value ?? 0;
  return [{ atMs: fromMs, value: 0 }, ...known, { atMs: toMs, value: last }];
}

function weightAfter(entry: TimelineEntry): number | null {
  switch (entry.event) {
    case 'traffic-shifted':
      return typeof entry['weightPercent'] === 'number' ? entry['weightPercent'] : null;
    case 'rollout-promoted':
      return 100;
    case 'rollout-rolled-back':
    case 'rollout-aborted':
      return 0;
    default:
      return null;
  }
}

function stretchesOf(
  series: readonly ReportPoint[],
  readValue: (point: ReportPoint) => number | null,
): readonly (readonly Point[])[] {
  const stretches: Point[][] = [];
  let open: Point[] | null = null;
  for (const point of series) {
    const value = readValue(point);
    if (value === null) {
      open = null;
      continue;
    }
    if (open === null) {
      open = [];
      stretches.push(open);
    }
    open.push({ atMs: Date.parse(point.at), value });
  }
  return stretches;
}

/** Progress is visible in the weight line; what gets a mark is what stopped, warned or ended the rollout. */
function marksOf(timeline: readonly TimelineEntry[]): readonly Mark[] {
  return timeline.flatMap((entry, index) =>
    EVENT_LOOKS[entry.event].tone === 'neutral' || entry.event === 'stage-passed'
      ? []
      : [{ atMs: Date.parse(entry.at), row: index + 1 }],
  );
}
