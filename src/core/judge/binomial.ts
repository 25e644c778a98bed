// Log likelihood ratios of counts: an alternative against the border of what is allowed, in nats.
import type { Sample, Tally } from './state.ts';

/** How far beyond the border the alternatives lie, as a ratio (against stable) or a ratio of odds (against a limit). */
export const HARM_GRID = [1.25, 1.6, 2, 3, 5, 10, 25, 80, 300] as const;
const HARM_PRIOR = [1, 2, 2, 2, 2, 1.5, 1, 0.5, 0.5] as const;

/** How far below the border: most releases are far better than their limits. */
export const SAFETY_GRID = [0.95, 0.9, 0.8, 0.65, 0.5, 0.3, 0.1, 0.01] as const;
const SAFETY_PRIOR = [0.5, 0.5, 1, 1, 2, 3, 5, 3] as const;

/** Odds of a slow request against those on the line of what is allowed. */
export const SLOWER_GRID = [1.25, 1.6, 2.2, 3.5, 8, 40] as const;
const SLOWER_PRIOR = [1, 1, 1, 1, 1, 0.7] as const;

/** Odds of a request without its event against the border: from one event in ten lost to nearly all. */
export const LOSS_GRID = [1.05, 1.1, 1.2, 1.4, 2, 3, 10, 100] as const;
const LOSS_PRIOR = [1, 2, 2.5, 2, 1.5, 1, 1, 0.5] as const;

export const SLOWER_WEIGHTS: readonly number[] = normalised(SLOWER_PRIOR);
export const LOSS_WEIGHTS: readonly number[] = normalised(LOSS_PRIOR);
export const HARM_WEIGHTS: readonly number[] = normalised(HARM_PRIOR);
export const SAFETY_WEIGHTS: readonly number[] = normalised(SAFETY_PRIOR);

function normalised(prior: readonly number[]): readonly number[] {
  const sum = prior.reduce((total, value) => total + value, 0);
  return prior.map((value) => value / sum);
}

/**
 * Canary against stable in the same periods. Given all bad events of both, the canary's part is binomial with
 * q/(1-q) = ratio·nc/ns at the border and `step` times that at the alternative, whatever the common rate is.
 * Exact for Poisson counts, conservative for single requests. Source: Lindon & Malek, «Anytime-valid inference for
 * multinomial count data» (2022); Turner, Ly & Grünwald, «Generic E-variables for exact sequential k-sample tests» (2021).
 */
export function logRatioVersusStable({ canary, stable }: Tally, ratio: number, step: number): number {
  const [canaryRequests, canaryBad] = canary;
  const [stableRequests, stableBad] = stable;
  const border = ratio * canaryRequests;
  return (
    canaryBad * Math.log(step) +
    (canaryBad + stableBad) * Math.log((border + stableRequests) / (border * step + stableRequests))
  );
}

/** One version against a fixed share: binomial, the alternative has `step` times the odds of the border. */
export function logRatioVersusShare([requests, bad]: Sample, borderShare: number, step: number): number {
  return bad * Math.log(step) - requests * Math.log1p((step - 1) * borderShare);
}
