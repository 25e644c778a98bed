// How long things take in the hunt: one table, each row with its source or marked as an assumption. Median and 99th
// percentile fix a log-normal draw, which is the usual shape of response times.
import { draw } from './streams.ts';

interface Delay {
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Never longer. */
  readonly maxMs: number;
  readonly source: string;
}

export const DELAYS = {
  eventBus: {
    p50Ms: 400,
    p99Ms: 3000,
    maxMs: 600_000,
    source:
      'assumption; AWS announced «as low as 129 ms at the 99th percentile» in 2023, and promises no bound',
  },
  asyncInvoke: { p50Ms: 30, p99Ms: 500, maxMs: 5000, source: 'assumption' },
  coldStart: { p50Ms: 450, p99Ms: 1500, maxMs: 5000, source: 'assumption: Node.js with a small bundle' },
  warmStart: { p50Ms: 5, p99Ms: 40, maxMs: 500, source: 'assumption' },
  stateTransition: { p50Ms: 50, p99Ms: 400, maxMs: 3000, source: 'assumption' },
  api: { p50Ms: 30, p99Ms: 800, maxMs: 2000, source: 'assumption: control planes of Lambda and ELB' },
  table: {
    p50Ms: 10,
    p99Ms: 60,
    maxMs: 1000,
    source: 'DynamoDB guide: single-digit milliseconds; tail assumed',
  },
  metrics: { p50Ms: 120, p99Ms: 1500, maxMs: 5000, source: 'assumption: GetMetricData with some series' },
  refusal: {
    p50Ms: 700,
    p99Ms: 4000,
    maxMs: 8000,
    source: 'assumption: the SDK has tried three times by then',
  },
} as const satisfies Record<string, Delay>;

export type DelayName = keyof typeof DELAYS;

/** CloudWatch shows a minute this long after its end. Source: the two minutes that the judge assumes as well. */
export const METRIC_VISIBILITY_MS = 120_000;
/** Share of invocations that need a new environment. Assumption: the steps of one rollout are a minute apart. */
export const COLD_SHARE = 0.2;
/** The functions' own time-out, as deployed. */
export const FUNCTION_TIMEOUT_MS = 100_000;
/** A failed asynchronous invocation is tried again after one and after two more minutes. Source: Lambda guide,
 * «Asynchronous invocation», error handling. */
export const ASYNC_RETRIES_MS = [60_000, 120_000] as const;

/** A clock is wrong by this much at the most. Assumption, far beyond what AWS keeps. */
export const MAX_SKEW_MS = 600_000;

/** 99 % of a standard normal lie below. */
const Z99 = 2.326;

/** Milliseconds, whole, at least 1; the same for the same key. */
export function delayMs(seed: number, name: DelayName, key: string): number {
  const { p50Ms, p99Ms, maxMs } = DELAYS[name];
  const uniform = draw(seed, key);
  const sigma = Math.log(p99Ms / p50Ms) / Z99;
  return Math.max(1, Math.min(maxMs, Math.round(p50Ms * Math.exp(sigma * normalOf(uniform)))));
}

/** The standard normal quantile by the logistic approximation: within 0.02 of the truth, far below what is assumed here. */
export function normalOf(uniform: number): number {
  const inside = Math.min(1 - 1e-9, Math.max(1e-9, uniform));
  return Math.log(inside / (1 - inside)) / 1.702;
}
