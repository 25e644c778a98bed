// Seeded traffic as a recorder would have written it down: the data behind examples/replay and the tests of the replay.
import type { RecordedRow } from '../../src/replay/recording.ts';
import { type Random, seededRandom } from '../support/random.ts';

/** Twelve buckets from 50 ms to 2 s, about 40 % apart, and one for the rest. */
export const EDGES_MS = [50, 70, 100, 140, 200, 280, 400, 560, 800, 1100, 1500, 2000] as const;

/** How one version does; rates are shares of requests. */
export interface Behaviour {
  readonly errorRate: number;
  readonly medianMs: number;
  readonly conversionRate: number;
  readonly cpuPercent: number;
}

export const HEALTHY: Behaviour = { errorRate: 0.0005, medianMs: 120, conversionRate: 0.032, cpuPercent: 45 };

export interface Traffic {
  readonly seed: number;
  readonly requestsPerMinute: number;
  /** `weight` is a share. */
  readonly plan: readonly { readonly weight: number; readonly minutes: number }[];
  readonly stable: Behaviour;
  /** Of the canary, by minutes since its first request. */
  readonly canary: (minute: number) => Behaviour;
}

export interface RecordedMinute {
  /** Since the start of the rollout; negative before it. */
  readonly minute: number;
  readonly step: number;
  /** 0 before the rollout. */
  readonly weight: number;
  readonly stable: RecordedRow | null;
  readonly canary: RecordedRow | null;
}

const HISTORY_MINUTES = 60;
/** Spread of the log-normal latency. */
const SIGMA = 0.45;

/** An hour before the rollout, then every minute of the plan. */
export function recordedMinutes(traffic: Traffic): readonly RecordedMinute[] {
  const random = seededRandom(traffic.seed);
  const row = (mean: number, behaviour: Behaviour) => drawRow(random, random.poisson(mean), behaviour);
  const load = (minute: number): number =>
    traffic.requestsPerMinute * (1 + 0.2 * Math.sin((minute + 60) / 25));
  const before = Array.from({ length: HISTORY_MINUTES }, (_, index): RecordedMinute => {
    const minute = index - HISTORY_MINUTES;
    return { minute, step: 0, weight: 0, stable: row(load(minute), traffic.stable), canary: null };
  });
  const steps = traffic.plan.flatMap(({ weight, minutes }, step) =>
    Array.from({ length: minutes }, () => ({ weight, step })),
  );
  const during = steps.map(
    ({ weight, step }, minute): RecordedMinute => ({
      minute,
      step,
      weight,
      stable: row(load(minute) * (1 - weight), traffic.stable),
      canary: row(load(minute) * weight, traffic.canary(minute)),
    }),
  );
  return [...before, ...during];
}

function drawRow(random: Random, requests: number, behaviour: Behaviour): RecordedRow | null {
  if (requests === 0) return null;
  return {
    requests,
    errors: random.binomial(requests, behaviour.errorRate),
    hist: drawHistogram(random, requests, behaviour.medianMs),
    p50: round(behaviour.medianMs * (1 + 0.01 * random.normal())),
    p95: round(behaviour.medianMs * Math.exp(1.645 * SIGMA) * (1 + 0.02 * random.normal())),
    p99: round(behaviour.medianMs * Math.exp(2.326 * SIGMA) * (1 + 0.04 * random.normal())),
    metrics: {
      conversion: random.binomial(requests, behaviour.conversionRate),
      cpu: round(behaviour.cpuPercent + random.normal()),
    },
  };
}

/** Bucket after bucket, each a binomial part of what is left. */
function drawHistogram(random: Random, requests: number, medianMs: number): number[] {
  let left = requests;
  let below = 0;
  const counts = EDGES_MS.map((edge) => {
    const upTo = normalShare(Math.log(edge / medianMs) / SIGMA);
    const count = random.binomial(left, below >= 1 ? 0 : (upTo - below) / (1 - below));
    below = upTo;
    left -= count;
    return count;
  });
  return [...counts, left];
}

/** Distribution function of the standard normal (Abramowitz and Stegun 26.2.17, error below 1e-7). */
export function normalShare(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const tail =
    (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return z >= 0 ? 1 - tail : tail;
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
