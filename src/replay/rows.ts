// From a recorded row to the judge's counts: slow requests at the thresholds that the judge asks for, by histogram.
import {
  LATENCY_PERCENTILE,
  type LatencyBaseline,
  type LatencyPercentiles,
  type SlowMeasure,
} from '../core/judge/measures.ts';
import type { Counts } from '../core/judge/types.ts';
import type { Row } from './line-protocol.ts';

type Side = 'stable' | 'canary';

/** Thresholds may miss a bucket's edge by so much and still mean it. */
const SAME_EDGE = 1.001;

/** KPI and gauge of the line protocol, by the names that its service has for them. */
export const CONVERSION = 'conversion';
export const CPU = 'cpu';

/**
 * @param measures thresholds; each is moved up to the next edge, so that every count is exact
 * @param quantile of the percentile that the limit is about; null: none is asked for
 */
export function countsOf(
  row: Row | null,
  side: Side,
  measures: readonly SlowMeasure[],
  edgesMs: readonly number[],
  quantile: number | null,
): Counts | null {
  if (row === null) return null;
  const { requests, errors, hist, conversions, cpu, coldStarts } = row;
  const percentile = quantile === null ? undefined : percentileOf(row, quantile, edgesMs);
  const slow = measures.flatMap(({ name, stableMs, canaryMs }): [string, [number, number]][] => {
    const count = slowerThan(hist ?? [], edgesMs, side === 'stable' ? stableMs : canaryMs);
    return count === null ? [] : [[name, [requests, count]]];
  });
  return {
    requests,
    errors,
    shares: {
      ...(hist === undefined ? {} : Object.fromEntries(slow)),
      ...(conversions === undefined ? {} : { [CONVERSION]: [requests, conversions] as [number, number] }),
    },
    values: {
      ...(percentile === undefined ? {} : { [LATENCY_PERCENTILE]: percentile }),
      ...(cpu === undefined ? {} : { [CPU]: cpu }),
    },
    coldStarts: coldStarts ?? null,
  };
}

const RECORDED_PERCENTILES: Readonly<Record<number, 'p50' | 'p95' | 'p99'>> = {
  0.5: 'p50',
  0.95: 'p95',
  0.99: 'p99',
};

/** undefined: of this quantile nothing was recorded. */
function percentileOf(row: Row, quantile: number, edgesMs: readonly number[]): number | undefined {
  const recorded = RECORDED_PERCENTILES[quantile];
  const own = recorded === undefined ? undefined : row[recorded];
  return own ?? edgeAt(row.hist ?? [], quantile, edgesMs);
}

/** Upper edge of the bucket that holds the quantile; unknown where that is the last one, which has none. */
function edgeAt(hist: readonly number[], quantile: number, edgesMs: readonly number[]): number | undefined {
  const needed = quantile * hist.reduce((sum, count) => sum + count, 0);
  let seen = 0;
  const bucket = hist.findIndex((count) => {
    seen += count;
    return seen > 0 && seen >= needed;
  });
  return edgesMs[bucket];
}

/** null above the last edge: nobody knows how many of the rest are that slow. */
function slowerThan(hist: readonly number[], edgesMs: readonly number[], thresholdMs: number): number | null {
  const bucket = edgesMs.findIndex((edge) => edge * SAME_EDGE >= thresholdMs);
  if (bucket === -1) return null;
  return hist.slice(bucket + 1).reduce((sum, count) => sum + count, 0);
}

/** Edges at which half, 90 % and 99 % of all requests are done; null without a histogram. */
function percentilesOf(rows: readonly (Row | null)[], edgesMs: readonly number[]): LatencyPercentiles | null {
  const sums = edgesMs.map(() => 0);
  let rest = 0;
  for (const row of rows) {
    for (const [bucket, count] of (row?.hist ?? []).entries()) {
      if (bucket < sums.length) sums[bucket] = (sums[bucket] ?? 0) + count;
      else rest += count;
    }
  }
  const buckets = [...sums, rest];
  const last = edgesMs.at(-1);
  if (last === undefined || buckets.every((count) => count === 0)) return null;
  const at = (quantile: number): number => edgeAt(buckets, quantile, edgesMs) ?? last;
  return { p50Ms: at(0.5), p90Ms: at(0.9), p99Ms: at(0.99) };
}

/** Counted where there are histograms; else percentiles alone are compared; null where neither is known. */
export function baselineOf(
  rows: readonly (Row | null)[],
  edgesMs: readonly number[],
): LatencyBaseline | null {
  const counted = percentilesOf(rows, edgesMs);
  if (counted !== null) return { ...counted, isCounted: true };
  const typical = typicalPercentiles(rows);
  return typical === null ? null : { ...typical, isCounted: false };
}

/** Means of the periods' own percentiles, good enough where nothing is counted at them; p90 is not recorded. */
function typicalPercentiles(rows: readonly (Row | null)[]): LatencyPercentiles | null {
  const mean = (name: 'p50' | 'p95' | 'p99'): number | null => {
    const values = rows.flatMap((row) => row?.[name] ?? []).filter((value) => value > 0);
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  const [p50, p95, p99] = [mean('p50'), mean('p95'), mean('p99')];
  const any = p95 ?? p99 ?? p50;
  return any === null ? null : { p50Ms: p50 ?? any, p90Ms: p95 ?? any, p99Ms: p99 ?? any };
}
