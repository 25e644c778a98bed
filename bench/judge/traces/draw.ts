// Exact draws of counts. A normal approximation would cut the long upper tail that false rollbacks come from.
import type { Random } from '../../../src/sim/random.ts';

/** From this mean on rejection is faster than inversion, and its constants hold. */
const REJECTION_FROM_MEAN = 10;

export function drawUniform(random: Random, [least, most]: readonly [number, number]): number {
  return least + (most - least) * random();
}

/** Standard normal (Box and Muller, 1958). */
export function drawNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Log-normal with mean 1. */
export function drawFactor(random: Random, logSd: number): number {
  return logSd === 0 ? 1 : Math.exp(logSd * drawNormal(random) - logSd ** 2 / 2);
}

/** Inversion for small means, else transformed rejection (Hörmann, «PTRS», 1993). */
export function drawPoisson(random: Random, mean: number): number {
  if (mean <= 0) return 0;
  if (mean < REJECTION_FROM_MEAN) return invert(random, Math.exp(-mean), (k) => mean / k);
  const b = 0.931 + 2.53 * Math.sqrt(mean);
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const squeeze = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const u = random() - 0.5;
    const v = random();
    const distance = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / distance + b) * u + mean + 0.43);
    if (distance >= 0.07 && v <= squeeze) return k;
    if (k < 0 || (distance < 0.013 && v > distance)) continue;
    const height = Math.log((v * inverseAlpha) / (a / distance ** 2 + b));
    if (height <= k * Math.log(mean) - mean - logFactorial(k)) return k;
  }
}

/** Inversion for small means, else transformed rejection (Hörmann, «BTRS», 1993). */
export function drawBinomial(random: Random, trials: number, share: number): number {
  if (trials <= 0 || share <= 0) return 0;
  if (share >= 1) return trials;
  if (share > 0.5) return trials - drawBinomial(random, trials, 1 - share);
  const odds = share / (1 - share);
  if (trials * share < REJECTION_FROM_MEAN) {
    const none = Math.exp(trials * Math.log1p(-share));
    return Math.min(
      trials,
      invert(random, none, (k) => (odds * (trials - k + 1)) / k),
    );
  }
  const spread = Math.sqrt(trials * share * (1 - share));
  const b = 1.15 + 2.53 * spread;
  const a = -0.0873 + 0.0248 * b + 0.01 * share;
  const squeeze = 0.92 - 4.2 / b;
  const alpha = (2.83 + 5.1 / b) * spread;
  const mode = Math.floor((trials + 1) * share);
  const atMode = logFactorial(mode) + logFactorial(trials - mode);
  for (;;) {
    const u = random() - 0.5;
    const v = random();
    const distance = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / distance + b) * u + trials * share + 0.5);
    if (k < 0 || k > trials) continue;
    if (distance >= 0.07 && v <= squeeze) return k;
    const height = Math.log((v * alpha) / (a / distance ** 2 + b));
    if (height <= atMode - logFactorial(k) - logFactorial(trials - k) + (k - mode) * Math.log(odds)) return k;
  }
}

/** One count per share; the shares sum to 1. */
export function drawMultinomial(random: Random, trials: number, shares: ArrayLike<number>): number[] {
  const counts: number[] = new Array(shares.length).fill(0);
  let trialsLeft = trials;
  let shareLeft = 1;
  let lastUsed = 0;
  for (let i = 0; i < shares.length && trialsLeft > 0; i += 1) {
    const share = shares[i] ?? 0;
    if (share === 0) continue;
    const count = drawBinomial(random, trialsLeft, share / shareLeft);
    counts[i] = count;
    trialsLeft -= count;
    shareLeft -= share;
    lastUsed = i;
  }
  // rounding may leave a sliver of probability beyond the last bucket that has any
  counts[lastUsed] = (counts[lastUsed] ?? 0) + trialsLeft;
  return counts;
}

/** Events that come in groups of geometric size with mean `clusterSize`: variance about 2·clusterSize − 1 times the mean. */
export function drawClustered(random: Random, trials: number, share: number, clusterSize: number): number {
  if (clusterSize <= 1) return drawBinomial(random, trials, share);
  const clusters = drawPoisson(random, (trials * share) / clusterSize);
  const logGoOn = Math.log1p(-1 / clusterSize);
  let events = 0;
  for (let i = 0; i < clusters; i += 1) events += 1 + Math.floor(Math.log(1 - random()) / logGoOn);
  return Math.min(trials, events);
}

/** @param step the probability of k over the probability of k − 1 */
function invert(random: Random, none: number, step: (k: number) => number): number {
  let mass = none;
  let k = 0;
  for (let left = random() - mass; left > 0 && mass > 0; left -= mass) {
    k += 1;
    mass *= step(k);
  }
  return k;
}

const LOG_FACTORIALS = Float64Array.from({ length: 256 }, () => 0);
for (let k = 2; k < LOG_FACTORIALS.length; k += 1) {
  LOG_FACTORIALS[k] = (LOG_FACTORIALS[k - 1] ?? 0) + Math.log(k);
}

/** Stirling's series beyond the table; its error there is below 1e-14. */
function logFactorial(k: number): number {
  const known = LOG_FACTORIALS[k];
  if (known !== undefined) return known;
  return (k + 0.5) * Math.log(k) - k + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * k) - 1 / (360 * k ** 3);
}
