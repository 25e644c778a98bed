// From the values that CloudWatch returned to what the judge takes: counts of both versions, period by period.
import { type LatencyPercentiles, THROTTLES, throttledPercent } from '../core/judge/measures.ts';
import type { Counts } from '../core/judge/types.ts';
import type { MetricsAnswer, MetricsQuery } from '../ports.ts';
import { customShares, customValues } from './custom-series.ts';
import { latencyValues, longestSeconds, type SideName, slowShares, usualLatency } from './latency-series.ts';
import { type PeriodValues, TARGET_SERIES } from './target-series.ts';
import { THROTTLED, throttleSeries } from './wanted-series.ts';

/** What came back, by side and name of series. */
export interface Reading {
  /** By time stamp, epoch milliseconds. */
  readonly pointsOf: (side: SideName, name: string) => ReadonlyMap<number, number>;
  readonly valuesAt: (side: SideName, startMs: number) => PeriodValues;
}

type Periods = MetricsAnswer['periods'];

export function periodsOf(query: MetricsQuery, reading: Reading): Periods {
  return periodStarts(query).map((startMs) => {
    const stable = countsAt(query, reading, 'stable', startMs);
    const canary = countsAt(query, reading, 'canary', startMs);
    const throttled = reading.pointsOf('canary', THROTTLED).get(startMs);
    return { startMs, stable, canary: withThrottles(query, canary, stable, throttled) };
  });
}

/** Longest request of stable over all periods, seconds. */
export function longestOf(query: MetricsQuery, { valuesAt }: Reading): number | null {
  return periodStarts(query).reduce<number | null>((longest, startMs) => {
    const seconds = longestSeconds(query, valuesAt('stable', startMs));
    return seconds === null ? longest : Math.max(longest ?? 0, seconds);
  }, null);
}

/**
 * One value each is expected, since CloudWatch counts periods from the start time asked for; that is an assumption to
 * measure. Were they counted by the clock, an hour would come in two pieces: then the mean by requests is close enough,
 * as any threshold near the usual times serves, so long as both versions are held to the same one.
 */
export function percentilesOf(
  query: MetricsQuery,
  { pointsOf }: Reading,
  periods: Periods,
): LatencyPercentiles | null {
  const wholeMs = query.toMs - query.fromMs;
  const requestsFrom = (startMs: number): number =>
    periods
      .filter((period) => period.startMs >= startMs && period.startMs < startMs + wholeMs)
      .reduce((sum, { stable }) => sum + (stable?.requests ?? 0), 0);
  return usualLatency(query, (name) => {
    const pieces = [...pointsOf('stable', name)].map(([startMs, value]) => ({
      value,
      requests: requestsFrom(startMs),
    }));
    const all = pieces.reduce((sum, { requests }) => sum + requests, 0);
    if (all === 0) return null;
    return pieces.reduce((sum, { value, requests }) => sum + value * (requests / all), 0);
  });
}

/** Silence means nothing where the answer has holes. */
export function httpStreamOf(
  query: MetricsQuery,
  { valuesAt }: Reading,
  isComplete: boolean,
): boolean | null {
  const { hasHttpStatus } = TARGET_SERIES[query.target.kind];
  const found = periodStarts(query).map((startMs) => hasHttpStatus(valuesAt('stable', startMs), query.spec));
  if (found.includes(true)) return true;
  return isComplete && found.includes(false) ? false : null;
}

function countsAt(query: MetricsQuery, reading: Reading, side: SideName, startMs: number): Counts | null {
  const values = reading.valuesAt(side, startMs);
  const counts = TARGET_SERIES[query.target.kind].countsOf(values);
  if (counts === null) return null;
  // stable alone has nobody to show that a stream is alive in a period without events: its own hour has to
  const isAlive = (name: string): boolean =>
    query.canary === null
      ? reading.pointsOf('stable', name).size > 0
      : reading.pointsOf('stable', name).has(startMs) || reading.pointsOf('canary', name).has(startMs);
  return {
    ...counts,
    shares: {
      ...slowShares(query, counts.requests, values),
      ...customShares(query, counts.requests, values, isAlive),
    },
    values: { ...latencyValues(query, values), ...customValues(query, values) },
  };
}

/** The share of all attempts at the target, percent: which version a throttled one was meant for is not known. */
function withThrottles(
  query: MetricsQuery,
  canary: Counts | null,
  stable: Counts | null,
  throttled = 0,
): Counts | null {
  if (canary === null || throttleSeries(query) === null) return canary;
  const percent = throttledPercent(throttled, canary.requests + (stable?.requests ?? 0));
  return { ...canary, values: { ...canary.values, [THROTTLES]: percent } };
}

function periodStarts({ fromMs, toMs, periodSeconds }: MetricsQuery): number[] {
  const count = Math.ceil((toMs - fromMs) / (periodSeconds * 1000));
  return Array.from({ length: count }, (_, index) => fromMs + index * periodSeconds * 1000);
}
