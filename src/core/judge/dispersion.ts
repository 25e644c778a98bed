// How much noisier than chance a service's counts are, and what is usual for it: from stable's periods before the rollout.
import type { Sample } from './state.ts';

/** What a service is taken for before its history says otherwise. */
const USUAL_DISPERSION = 1.2;
/** The prior weighs as much as this many pairs of periods. */
const PRIOR_PAIRS = 10;

/**
 * Variance over mean, from differences of successive periods so that a slow drift of the load or the rate does not
 * count; shrunk towards 1.2 and clipped to [1, ceiling]. An engineering device, not a theorem: it is exact in the
 * normal limit, where a quasi-likelihood divides by the dispersion (Wedderburn 1974).
 */
export function dispersionOf(history: readonly Sample[], ceiling: number): number {
  const share = usualShare(history) ?? 0;
  const chance = share * (1 - share);
  if (chance === 0) return USUAL_DISPERSION;
  let sum = USUAL_DISPERSION * PRIOR_PAIRS;
  for (const [i, [requests, bad]] of history.entries()) {
    const [requestsBefore, badBefore] = history[i - 1] ?? [requests, bad];
    const difference = bad / requests - badBefore / requestsBefore;
    sum += difference ** 2 / (chance * (1 / requests + 1 / requestsBefore));
  }
  const pairs = history.length - 1;
  const dispersion = Math.min(Math.max(sum / (pairs + PRIOR_PAIRS), 1), ceiling);
  return Number(dispersion.toPrecision(4));
}

/** null where there is no history. */
export function usualShare(history: readonly Sample[]): number | null {
  const requests = history.reduce((sum, sample) => sum + sample[0], 0);
  return requests === 0 ? null : history.reduce((sum, sample) => sum + sample[1], 0) / requests;
}
