// What of a CloudWatch answer no CloudWatch prints: counts that are none, and instants at which no period starts.
import type { ServiceSpec } from '../core/service-spec.ts';
import { countedIds } from './cloudwatch-ids.ts';
import type { CloudwatchSeries } from './cloudwatch-results.ts';
import { type Fault, refuse } from './faults.ts';

const MINUTE_MS = 60_000;
const LONGEST_PERIOD_SECONDS = 3600;
const SUB_MINUTE_PERIODS: readonly number[] = [1, 5, 10, 20, 30];
/** With fewer points nobody can tell the rule from the exception. */
const LEAST_POINTS = 10;
/** At most this share of all points is taken for slips; more of them make the grid finer. */
const SLIPS_SHARE = 0.1;

/** Counts are whole; nothing that is measured is negative. */
export function valueFaults(series: CloudwatchSeries, spec: ServiceSpec): readonly Fault[] {
  const counted = countedIds(spec);
  return [...series].flatMap(([id, own]) =>
    [...own].flatMap(([atMs, value]): Fault[] => {
      const isCount = counted.has(id);
      if (value >= 0 && (!isCount || Number.isSafeInteger(value))) return [];
      return [
        {
          code: isCount ? 'wrong-count' : 'out-of-range',
          what: isCount ? `${id} has a value that is no count` : `${id} has a negative value`,
          path: `${id} at ${isoSecond(atMs)}`,
          got: String(value),
          allowed: isCount ? 'a whole number, 0 or more' : '0 or more',
          fix: isCount ? `Ask for ${id} with Stat Sum` : 'Keep the answer as the command printed it',
        },
      ];
    }),
  );
}

/**
 * Seconds: the greatest length of which all distances are multiples; 60 where there is but one instant.
 * Throws InvalidInputError (`wrong-time`).
 */
export function periodOf(series: CloudwatchSeries, name: string): number {
  const starts = startsOf(series);
  const stepsMs = starts.slice(1).map((startMs, index) => startMs - (starts[index] ?? 0));
  const commonMs = stepsMs.reduce(greatestCommonDivisor, 0) || MINUTE_MS;
  const commonSeconds = commonMs / 1000;
  // every minute may be the start of a period: a function that is called every five is also called by hand
  const off = commonSeconds % 60 === 0 ? [] : pointsOff(series, MINUTE_MS);
  const points = [...series.values()].reduce((sum, own) => sum + own.size, 0);
  const areSlips = points >= LEAST_POINTS && off.length <= points * SLIPS_SHARE;
  if (areSlips || !isPeriod(commonSeconds)) {
    const told =
      isPeriod(commonSeconds) || off.length > 0 ? off : pointsOff(series, LONGEST_PERIOD_SECONDS * 1000);
    refuse(told.map(offGrid), name);
  }
  return commonSeconds;
}

/** Instants at which some series has a value, in order. */
export function startsOf(series: CloudwatchSeries): readonly number[] {
  return [...new Set([...series.values()].flatMap((own) => [...own.keys()]))].sort((a, b) => a - b);
}

function isPeriod(seconds: number): boolean {
  return SUB_MINUTE_PERIODS.includes(seconds) || (seconds % 60 === 0 && seconds <= LONGEST_PERIOD_SECONDS);
}

interface Point {
  readonly id: string;
  readonly atMs: number;
}

/** Points that do not lie whole periods from most of the others. */
function pointsOff(series: CloudwatchSeries, periodMs: number): readonly Point[] {
  const points = [...series].flatMap(([id, own]) => [...own.keys()].map((atMs): Point => ({ id, atMs })));
  const phase = mostFrequent(points.map(({ atMs }) => atMs % periodMs));
  return points.filter(({ atMs }) => atMs % periodMs !== phase);
}

/** The first of equals. */
function mostFrequent(values: readonly number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const most = Math.max(...counts.values());
  return [...counts].find(([, count]) => count === most)?.[0];
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function offGrid({ id, atMs }: Point): Fault {
  return {
    code: 'wrong-time',
    what: `${id} has a timestamp at which no period starts`,
    path: `${id} at ${isoSecond(atMs)}`,
    got: new Date(atMs).toISOString(),
    allowed: 'one Period for all ids; most of them lie whole minutes apart',
    fix: 'Ask for all ids with the same Period, for example 60, and keep the answer as it was printed',
  };
}

/** Without the fraction where there is none. */
function isoSecond(atMs: number): string {
  return new Date(atMs).toISOString().replace('.000Z', 'Z');
}
