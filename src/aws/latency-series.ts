// Response times of one version: which statistics are asked for, and what they say about slow requests.
// Source: CloudWatch user guide, «CloudWatch statistics definitions»: TC(:x) counts the values up to x, x included.
import {
  LATENCY_PERCENTILE,
  type LatencyPercentiles,
  percentileName,
  slowMeasures,
} from '../core/judge/measures.ts';
import type { Counts } from '../core/judge/types.ts';
import type { Side } from '../core/targets/target.ts';
import { type PeriodValues, type Series, type SeriesQuery, TARGET_SERIES } from './target-series.ts';

export type SideName = 'stable' | 'canary';

const PERCENTILE = 'latencyPercentile';
const LONGEST = 'longest';
/** Quantiles of the whole time asked for, by the names of their series. */
const USUAL_QUANTILES = { usualP50: 0.5, usualP90: 0.9, usualP99: 0.99 } as const;

/** Asked for by the period. The longest request matters before the rollout alone: it says how long a period is open. */
export function latencySeries(query: SeriesQuery, sideName: SideName, side: Side): Record<string, Series> {
  const { latency } = query.spec.checks;
  const metric = responseTimes(query, side);
  const unitMs = unitMsOf(query);
  return {
    ...Object.fromEntries(
      slowMeasures(latency, query.latency).map(({ name, stableMs, canaryMs }) => [
        inTimeName(name),
        { ...metric, stat: `TC(:${decimal((sideName === 'stable' ? stableMs : canaryMs) / unitMs)})` },
      ]),
    ),
    ...(latency === null ? {} : { [PERCENTILE]: { ...metric, stat: percentileName(latency.quantile) } }),
    ...(query.canary === null ? { [LONGEST]: { ...metric, stat: 'Maximum' } } : {}),
  };
}

/** Asked for over the whole time: percentiles of single minutes do not average to the one of the hour. */
export function usualLatencySeries(query: SeriesQuery, side: Side): Record<string, Series> {
  if (query.spec.checks.latency === null || query.canary !== null) return {};
  const metric = responseTimes(query, side);
  return Object.fromEntries(
    Object.entries(USUAL_QUANTILES).map(([name, quantile]) => [
      name,
      { ...metric, stat: percentileName(quantile) },
    ]),
  );
}

/**
 * TC is interpolated, so it may be fractional or a little too large. Without a value nothing is known of the period's
 * latency, which is not the same as none or all being slow. A request that was never answered is slow, one that is still in
 * flight is not.
 */
export function slowShares(query: SeriesQuery, requests: number, values: PeriodValues): Counts['shares'] {
  const timed = TARGET_SERIES[query.target.kind].timedOf(values);
  return Object.fromEntries(
    slowMeasures(query.spec.checks.latency, query.latency).flatMap(({ name }) => {
      const inTime = values[inTimeName(name)];
      if (inTime === undefined) return [];
      return [[name, [requests, Math.min(requests, Math.max(0, timed - Math.max(0, Math.round(inTime))))]]];
    }),
  );
}

export function latencyValues(query: SeriesQuery, values: PeriodValues): Counts['values'] {
  const value = values[PERCENTILE];
  return value === undefined ? {} : { [LATENCY_PERCENTILE]: value * unitMsOf(query) };
}

/** The longest request of a period; null where unknown. */
export function longestSeconds(query: SeriesQuery, values: PeriodValues): number | null {
  const value = values[LONGEST];
  return value === undefined ? null : (value * unitMsOf(query)) / 1000;
}

/** null unless all three are known. A percentile of 0 is below the resolution of the metric, so nothing is known. */
export function usualLatency(
  query: SeriesQuery,
  pointOf: (name: string) => number | null,
): LatencyPercentiles | null {
  const msOf = (name: keyof typeof USUAL_QUANTILES): number => (pointOf(name) ?? 0) * unitMsOf(query);
  const usual = { p50Ms: msOf('usualP50'), p90Ms: msOf('usualP90'), p99Ms: msOf('usualP99') };
  return Object.values(usual).every((ms) => ms > 0) ? usual : null;
}

function responseTimes(query: SeriesQuery, side: Side): Omit<Series, 'stat'> {
  return TARGET_SERIES[query.target.kind].responseTimesOf(query, side);
}

function unitMsOf({ target }: SeriesQuery): number {
  return TARGET_SERIES[target.kind].responseTimeUnitMs;
}

function inTimeName(measure: string): string {
  return `inTime_${measure.replaceAll('-', '_')}`;
}

/** CloudWatch takes up to ten decimals and no exponent. */
function decimal(value: number): string {
  return String(Number(value.toFixed(6)));
}
