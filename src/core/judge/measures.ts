// What is counted of every version in every period, by name: the words that metric sources, streams and tables share.
import * as z from 'zod';
import type { ServiceSpec } from '../service-spec.ts';

/** Failed requests among all; the one measure that is always there. */
export const ERRORS = 'errors';
/** Value: the percentile that is shown to people and held to the limit, ms. */
export const LATENCY_PERCENTILE = 'latency-percentile';
/** Share of requests slower than the limit of the service file. */
export const LATENCY_LIMIT = 'latency-limit';
/** Value: throttled share of the attempts, percent. */
export const THROTTLES = 'throttles';

const PercentilesSchema = z.strictObject({
  p50Ms: z.number().positive(),
  p90Ms: z.number().positive(),
  p99Ms: z.number().positive(),
});
/** Stable's usual latency: of the hour before the rollout. */
export type LatencyPercentiles = z.infer<typeof PercentilesSchema>;

export const LatencyBaselineSchema = PercentilesSchema.extend({
  /** Whether the source can count requests up to a threshold; if not, only percentiles are known. */
  isCounted: z.boolean(),
});
export type LatencyBaseline = z.infer<typeof LatencyBaselineSchema>;

/** Requests slower than a threshold of their own version's side. */
export interface SlowMeasure {
  readonly name: string;
  /** A request of stable is slow above this, ms. */
  readonly stableMs: number;
  /** A request of the canary is slow above this, ms: the tolerance is in the threshold. */
  readonly canaryMs: number;
}

export const LATENCY_P50 = 'latency-p50';
export const LATENCY_P90 = 'latency-p90';
export const LATENCY_P99 = 'latency-p99';
export const LATENCY_TAIL = 'latency-tail';
/** The far tail begins at so many times the usual p99. */
const TAIL_FACTOR = 3;

/**
 * «p90 at most 25 % slower» as counts: the canary's share above 1.25 times stable's usual p90 is at most stable's share
 * above that p90. Empty where requests cannot be counted.
 */
export function slowMeasures(
  latency: ServiceSpec['checks']['latency'],
  baseline: LatencyBaseline | null,
): readonly SlowMeasure[] {
  if (latency === null) return [];
  const limit =
    latency.onLimit === 'rollback'
      ? [{ name: LATENCY_LIMIT, stableMs: latency.limitMs, canaryMs: latency.limitMs }]
      : [];
  if (baseline === null || !baseline.isCounted) return limit;
  const around = (name: string, usualMs: number): SlowMeasure => ({
    name,
    stableMs: usualMs,
    canaryMs: usualMs * latency.toleranceRatio,
  });
  return [
    around(LATENCY_P50, baseline.p50Ms),
    around(LATENCY_P90, baseline.p90Ms),
    around(LATENCY_P99, baseline.p99Ms),
    around(LATENCY_TAIL, baseline.p99Ms * TAIL_FACTOR),
    ...limit,
  ];
}

/** Throttled share of the attempts at a target, percent; at least one attempt is taken for granted. */
export function throttledPercent(throttled: number, requests: number): number {
  return (100 * throttled) / (throttled + requests);
}

/** Whole events, never more than trials and never fewer than none; null without a trial. */
export function eventsAmong(trials: number, events: number): [number, number] | null {
  const whole = Math.round(trials);
  return whole <= 0 ? null : [whole, Math.min(whole, Math.max(0, Math.round(events)))];
}

/** 0.95 → «p95», 0.999 → «p99.9», as CloudWatch and people write it. */
export function percentileName(quantile: number): string {
  return `p${Number((quantile * 100).toFixed(6))}`;
}

/** How people know the percentile of a check. */
export function responseTimeName(quantile: number): string {
  return `response time (${percentileName(quantile)})`;
}
