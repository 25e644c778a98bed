// Latencies of many requests without drawing each: every request has one latency, so counts at rising thresholds are
// nested, and the same question has the same answer however often, and beside whatever other questions, it is asked.
import { drawBinomial, mixSeed, seededRandom } from './random.ts';
import { sumOf } from './sum.ts';
import { shareSlowerThan } from './traffic-behaviour.ts';

/** The latencies of some requests. */
export interface Latencies {
  readonly requests: number;
  /** Requests that took longer than this, milliseconds. */
  slowerThan(limitMs: number): number;
}

export interface LatencyLaw {
  readonly p50Ms: number;
  readonly p95Ms: number;
  /** Every request takes this much longer than the lognormal says, milliseconds. */
  readonly addedMs: number;
}

/** Lognormal latencies. A pure function of seed, number and law; counts are kept because minutes are read again and again. */
export function drawLatencies(seed: number, requests: number, law: LatencyLaw): Latencies {
  const counted = new Map<number, number>();
  return {
    requests,
    slowerThan: (limitMs) => {
      const known = counted.get(limitMs);
      if (known !== undefined) return known;
      const share = limitMs <= law.addedMs ? 1 : shareSlowerThan(law, limitMs - law.addedMs);
      const count = countBelow(seed, requests, share);
      counted.set(limitMs, count);
      return count;
    },
  };
}

/** Requests that all took equally long: those that a time-out ended. */
export function equalLatencies(requests: number, ms: number): Latencies {
  return { requests, slowerThan: (limitMs) => (limitMs < ms ? requests : 0) };
}

/** Halvings after which the interval is thinner than one request in a thousand million. */
const DEEPEST = 30;

/**
 * How many of `count` uniform draws lie below `share`. Each half of [0, 1), each quarter and so on gets its part of the
 * draws by a binomial of its own seed; only the intervals that hold the share are ever drawn.
 */
function countBelow(seed: number, count: number, share: number): number {
  if (share <= 0) return 0;
  if (share >= 1) return count;
  let below = 0;
  let inside = count;
  let from = 0;
  let width = 1;
  let node = 1;
  for (let depth = 0; depth < DEEPEST && inside > 0; depth += 1) {
    const inLowerHalf = drawBinomial(seededRandom(mixSeed(seed, node)), inside, 0.5);
    width /= 2;
    if (share < from + width) {
      inside = inLowerHalf;
      node *= 2;
    } else {
      below += inLowerHalf;
      inside -= inLowerHalf;
      from += width;
      node = 2 * node + 1;
    }
  }
  return below;
}

const SHORTEST_MS = 1e-3;
const LONGEST_MS = 1e7;
/** Halvings of that range on a log scale: to within 0.04 %. */
const HALVINGS = 16;

/** The latency that a share `quantile` of all requests stays within, milliseconds; null where there are none. */
export function percentileOf(latencies: readonly Latencies[], quantile: number): number | null {
  const requests = sumOf(latencies, (some) => some.requests);
  if (requests === 0) return null;
  const slowerAllowed = Math.floor(requests * (1 - quantile) + 1e-9);
  let low = Math.log(SHORTEST_MS);
  let high = Math.log(LONGEST_MS);
  for (let halving = 0; halving < HALVINGS; halving += 1) {
    const middle = (low + high) / 2;
    if (countSlower(latencies, Math.exp(middle)) <= slowerAllowed) high = middle;
    else low = middle;
  }
  return Number(Math.exp(high).toPrecision(5));
}

export function countSlower(latencies: readonly Latencies[], limitMs: number): number {
  return sumOf(latencies, (some) => some.slowerThan(limitMs));
}
