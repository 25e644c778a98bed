// A chart as data: the static drawing is made from it, and the same data stand beside the drawing for the chart script.
import type { RolloutReport, TimelineEntry } from '../core/report.ts';
import { EVENT_LOOKS } from '../core/timeline.ts';

export type SeriesRole = 'stable' | 'canary' | 'limit' | 'weight' | 'observed' | 'low' | 'high';

export interface PlotSeries {
  readonly label: string;
  readonly role: SeriesRole;
  readonly unit: string;
  /** One for each `x`; null: nothing is known, the line has a gap. */
  readonly values: readonly (number | null)[];
  /** A value holds until the next `x`. */
  readonly stepped: boolean;
}

/** Instants are epoch seconds. */
export interface Plot {
  readonly kind: 'traffic' | 'check';
  readonly title: string;
  /** Rising, each once. */
  readonly x: readonly number[];
  readonly series: readonly PlotSeries[];
  readonly shades: readonly Shade[];
  /** Numbers that name rows of the timeline, from 1. */
  readonly marks: readonly Mark[];
}

export interface Shade {
  readonly from: number;
  readonly to: number;
  readonly label: string;
}

export interface Mark {
  readonly at: number;
  readonly row: number;
}

/** Epoch seconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** One point of a series of its own: `at` in epoch seconds. */
export interface Sample {
  readonly at: number;
  readonly value: number | null;
}

const SHORTEST_SPAN_SECONDS = 60;
/** Nothing that is measured comes near; beyond it, sums over the axis overflow. */
const LARGEST_VALUE = 1e12;

export function seconds(instant: string): number {
  return Date.parse(instant) / 1000;
}

/** From the first to the last instant that the report knows, so that all charts of it have one time axis. */
export function spanOf(report: RolloutReport): Span {
  const ends = [report.startedAt, ...(report.endedAt === null ? [] : [report.endedAt])];
  const instants = [
    ...ends,
    ...report.timeline.map(({ at }) => at),
    ...report.series.map(({ at }) => at),
    ...report.checkCourses.flatMap(({ points }) => points.map(({ at }) => at)),
  ].map(seconds);
  const from = instants.reduce((least, at) => Math.min(least, at));
  const last = instants.reduce((most, at) => Math.max(most, at));
  return { from, to: Math.max(last, from + SHORTEST_SPAN_SECONDS) };
}

/** Progress is visible in the weight line; what gets a mark is what stopped, warned or ended the rollout. */
export function marksOf(timeline: readonly TimelineEntry[]): readonly Mark[] {
  return timeline.flatMap((entry, index) =>
    EVENT_LOOKS[entry.event].tone === 'neutral' || entry.event === 'stage-passed'
      ? []
      : [{ at: seconds(entry.at), row: index + 1 }],
  );
}

/** Rising, each once. */
export function axisOf(...instants: readonly (readonly number[])[]): readonly number[] {
  return [...new Set(instants.flat())].sort((a, b) => a - b);
}

/** The value at each `x`: of a stepped series the newest one, of another only the one that was taken there. */
export function valuesAt(
  x: readonly number[],
  samples: readonly Sample[],
  stepped: boolean,
): readonly (number | null)[] {
  const sorted = samples.toSorted((a, b) => a.at - b.at);
  let next = 0;
  let newest: Sample | undefined;
  return x.map((at) => {
    for (let sample = sorted[next]; sample !== undefined && sample.at <= at; sample = sorted[next]) {
      newest = sample;
      next += 1;
    }
    return newest !== undefined && (stepped || newest.at === at) ? drawable(newest.value) : null;
  });
}

function drawable(value: number | null): number | null {
  return value !== null && Math.abs(value) <= LARGEST_VALUE ? value : null;
}

export function isEmpty({ series }: Plot): boolean {
  return series.every(({ values }) => values.every((value) => value === null));
}
