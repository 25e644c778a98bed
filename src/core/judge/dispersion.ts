// How much noisier than chance a service's counts are, and what is usual for it: from stable's periods before the rollout.
import type { Sample, StreamState, Tally } from './state.ts';

/** What a service is taken for before its history says otherwise. */
const USUAL_DISPERSION = 1.2;
/** The prior weighs as much as this many pairs of periods. */
const PRIOR_PAIRS = 10;
/** Median of the square of a standard normal: what the median pair shows where chance alone acts. */
const MEDIAN_OF_CHANCE = 0.455;
/** Fewer pairs say nothing about what is typical. */
const LEAST_PAIRS = 20;
/** The hour is looked at in so many parts. */
const PARTS = 6;

/** How a stream's state keeps what it knows of the noise. */
export type Noise = Pick<StreamState, 'dispersion' | 'excessPerRequest'>;

/** Of a stream that knows none: what chance alone gives. */
export function dispersionIn({ dispersion = 1 }: Noise): number {
  return dispersion;
}

/**
 * Variance over mean, from differences of successive periods so that a slow drift of the load or the rate does not
 * count; shrunk towards 1.2 and clipped to [1, ceiling]. An engineering device, not a theorem: it is exact in the
 * normal limit, where a quasi-likelihood divides by the dispersion (Wedderburn 1974).
 * What the ceiling cuts off is kept per request: errors in clusters stay below it, and a rate that wanders of itself
 * grows with the number of requests (negative binomial counts), so it only matters where there are many. It is taken
 * from the median pair, which an incident in the hour before does not move.
 */
export function noiseOf(history: readonly Sample[], ceiling: number): Noise {
  const share = meanShare(history) ?? 0;
  const chance = share * (1 - share);
  if (chance === 0) return { dispersion: USUAL_DISPERSION };
  const pairs = history.slice(1).map(([requests, bad], i) => {
    const [requestsBefore, badBefore] = history[i] ?? [requests, bad];
    const difference = bad / requests - badBefore / requestsBefore;
    return difference ** 2 / (chance * (1 / requests + 1 / requestsBefore));
  });
  const sum = pairs.reduce((all, pair) => all + pair, USUAL_DISPERSION * PRIOR_PAIRS);
  const dispersion = Math.min(Math.max(sum / (pairs.length + PRIOR_PAIRS), 1), ceiling);
  const typical = median(pairs) / MEDIAN_OF_CHANCE;
  const noise = { dispersion: Number(dispersion.toPrecision(4)) };
  if (typical <= ceiling || pairs.length < LEAST_PAIRS) return noise;
  const usualRequests = history.reduce((all, [requests]) => all + requests, 0) / history.length;
  return { ...noise, excessPerRequest: Number(((typical - 1) / usualRequests).toPrecision(4)) };
}

/** Dispersion of one version's count in a period of so many requests. */
export function dispersionAlone({ dispersion = 1, excessPerRequest = 0 }: Noise, requests: number): number {
  return Math.max(dispersion, 1 + excessPerRequest * requests);
}

/** Dispersion of the comparison of both versions: of their counts' logarithmic ratio against what chance alone gives. */
export function dispersionBeside(
  { dispersion = 1, excessPerRequest = 0 }: Noise,
  { canary, stable }: Tally,
): number {
  return Math.max(dispersion, 1 + (2 * excessPerRequest) / (1 / canary[0] + 1 / stable[0]));
}

/** null where there is no history. */
function meanShare(history: readonly Sample[]): number | null {
  const requests = history.reduce((sum, sample) => sum + sample[0], 0);
  return requests === 0 ? null : history.reduce((sum, sample) => sum + sample[1], 0) / requests;
}

/**
 * Share of bad requests that is usual, upper bound at so many standard deviations (the score interval, Wilson 1927); null
 * where there is no history. An incident in the hour before is not usual: the median over parts of the hour caps it.
 */
export function upperUsualShare(
  history: readonly Sample[],
  sigmas: number,
  dispersion: number,
): number | null {
  const mean = meanShare(history);
  if (mean === null) return null;
  const length = Math.max(1, Math.ceil(history.length / PARTS));
  const parts = Array.from({ length: PARTS }, (_, part) =>
    meanShare(history.slice(part * length, (part + 1) * length)),
  ).filter((share) => share !== null);
  const requests = history.reduce((sum, sample) => sum + sample[0], 0);
  const bad = requests * Math.min(mean, median(parts));
  const spread = sigmas * sigmas * dispersion;
  return (bad + spread / 2 + Math.sqrt(spread * bad + (spread * spread) / 4)) / requests;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle) - 1] ?? 0)) / 2;
}
