// How well a share or a value is known, at one-sided 1 % on each side: for the table that people read. Nothing here moves
// traffic; the e-processes do, which stay right however often they are looked at, as these intervals do not.
import type { Pairs, Sample } from './state.ts';

export type Interval = readonly [low: number, high: number];

/** The normal quantile of one-sided 1 %. */
export const SIGMAS = 2.33;
/** Fewer pairs say nothing about a value. */
export const LEAST_PERIODS = 3;
/** ln(canary/stable) of a value behind n requests is known no better than 3/√n: a lognormal p95, and room for worse. */
const VALUE_SPREAD = 3;

/** A share, 0 to 1; null without trials. */
export function shareInterval(sample: Sample, dispersion: number): Interval | null {
  const [trials, events] = sample;
  if (trials === 0) return null;
  // the bounds of none and of all are exact; arithmetic misses them by a hair
  return [
    events === 0 ? 0 : Math.max(0, wilsonBound(sample, -SIGMAS, dispersion)),
    events === trials ? 1 : Math.min(1, wilsonBound(sample, SIGMAS, dispersion)),
  ];
}

/** A value that is known no better than this factor is not known. */
const MOST_FACTOR = 10;

/** Around the mean of the canary, in its own unit; null while too few periods are known, or they scatter too much. */
export function valueInterval(canary: number, pairs: Pairs, requests: number): Interval | null {
  if (requests === 0 || pairs[0] < LEAST_PERIODS) return null;
  const factor = Math.exp(valueMargin(pairs, requests));
  return factor > MOST_FACTOR ? null : [canary / factor, canary * factor];
}

/**
 * Bound of a share by Wilson's interval, widened by the dispersion of the counts.
 * @param sigmas below 0 for the lower bound
 */
export function wilsonBound([trials, events]: Sample, sigmas: number, dispersion: number): number {
  const share = events / trials;
  const z2 = sigmas * sigmas * dispersion;
  const centre = (share + z2 / (2 * trials)) / (1 + z2 / trials);
  const spread = Math.sqrt(z2 * ((share * (1 - share)) / trials + z2 / (4 * trials * trials)));
  return centre + (Math.sign(sigmas) * spread * trials) / (trials + z2);
}

/** Margin of the mean of ln(canary/stable), by the t interval, for at least `LEAST_PERIODS` periods. */
export function valueMargin([periods, , , logs, squares]: Pairs, requests: number): number {
  const mean = logs / periods;
  const variance = Math.max(0, squares - periods * mean * mean) / (periods - 1);
  return Math.max(
    tQuantile(periods - 1) * Math.sqrt(variance / periods),
    (SIGMAS * VALUE_SPREAD) / Math.sqrt(requests),
  );
}

/** The 99 % quantile of Student's t (Abramowitz and Stegun, 26.7.5). */
function tQuantile(freedom: number): number {
  const z = SIGMAS;
  return z + (z ** 3 + z) / (4 * freedom) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom * freedom);
}
