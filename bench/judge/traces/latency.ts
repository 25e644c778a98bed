// Latencies as a mixture of log-normal modes (for example cache hits and misses), seen through histogram buckets.
import { quantilesOf } from '../histogram.ts';

export interface LatencyMode {
  /** Share of the requests; the shares of a service sum to 1. */
  readonly share: number;
  readonly medianMs: number;
  /** Standard deviation of the logarithm: 0.3 is narrow, 0.9 wide. */
  readonly logSd: number;
}

/** Share of the requests per bucket. */
export type BucketShares = Float64Array;

const FIRST_EDGE_MS = 2;
const EDGES = 94;

/** From 2 ms to about 64 s. Two buckets are 25 % wide, so that «25 % slower» lies on an edge, as CloudWatch can be asked for it. */
export const LATENCY_EDGES_MS: readonly number[] = Array.from({ length: EDGES }, (_, k) =>
  Number((FIRST_EDGE_MS * 1.25 ** (k / 2)).toPrecision(7)),
);
const LOG_EDGES = LATENCY_EDGES_MS.map(Math.log);

/** @param factor how many times slower than usual every request is */
export function bucketShares(modes: readonly LatencyMode[], factor = 1): BucketShares {
  const below = new Float64Array(EDGES + 1);
  below[EDGES] = 1;
  for (const { share, medianMs, logSd } of modes) {
    const logMedian = Math.log(medianMs * factor);
    for (let i = 0; i < EDGES; i += 1) {
      below[i] = (below[i] ?? 0) + share * normalBelow(((LOG_EDGES[i] ?? 0) - logMedian) / logSd);
    }
  }
  for (let i = EDGES; i > 0; i -= 1) below[i] = Math.max(0, (below[i] ?? 0) - (below[i - 1] ?? 0));
  return below;
}

/** `share` of the requests from `other`, the rest from `usual`. */
export function mixed(usual: BucketShares, other: BucketShares, share: number): BucketShares {
  return usual.map((value, i) => (1 - share) * value + share * (other[i] ?? 0));
}

/** Expected share of requests in the buckets above an edge. */
export function shareAbove(shares: BucketShares, edge: number): number {
  let sum = 0;
  for (let i = edge + 1; i < shares.length; i += 1) sum += shares[i] ?? 0;
  return sum;
}

/** Index of the first edge at or above a latency; the last edge for latencies beyond it. */
export function edgeAt(latencyMs: number): number {
  const found = LATENCY_EDGES_MS.findIndex((edge) => edge >= latencyMs);
  return found === -1 ? EDGES - 1 : found;
}

/** Milliseconds. */
export function expectedQuantile(shares: BucketShares, quantile: number): number {
  return quantilesOf(shares, LATENCY_EDGES_MS, [quantile])[0] ?? 0;
}

/** Beyond this many standard deviations the tail is below anything that is ever drawn. */
const FAR = 7;

/** Normal distribution function (Abramowitz and Stegun 26.2.17; absolute error below 7.5e-8). */
function normalBelow(z: number): number {
  if (z > FAR) return 1;
  if (z < -FAR) return 0;
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const series =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const above = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
  return z >= 0 ? 1 - above : above;
}
