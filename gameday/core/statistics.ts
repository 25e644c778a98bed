// What samples say about a claim: quantiles, and whether too many lie beyond what the claim allows.
import type { Finding, Verdict } from './experiment.ts';

/** A claim is contradicted when what was seen has less than this chance under it. */
const SIGNIFICANCE = 0.001;

/** The smallest value that at least `share` of the values do not exceed. Throws RangeError without values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const found = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (found === undefined) throw new RangeError('a quantile of nothing');
  return found;
}

/** Chance of `successes` or more in `trials` with probability `p` each. */
export function chanceOfAtLeast(successes: number, trials: number, p: number): number {
  if (successes <= 0) return 1;
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  // the rarer side is summed, since a difference to 1 loses small chances
  let logTerm =
    logChoose(trials, successes) + successes * Math.log(p) + (trials - successes) * Math.log1p(-p);
  let sum = 0;
  for (let k = successes; k <= trials; k++) {
    sum += Math.exp(logTerm);
    logTerm += Math.log((trials - k) / (k + 1)) + Math.log(p / (1 - p));
  }
  return Math.min(1, sum);
}

function logChoose(n: number, k: number): number {
  let sum = 0;
  for (let i = 1; i <= k; i++) sum += Math.log((n - k + i) / i);
  return sum;
}

export interface QuantileClaim {
  readonly share: number;
  /** The claim: that share of all values is no larger. */
  readonly atMost: number;
  /** With fewer samples nothing is said in favour of it. */
  readonly minSamples: number;
}

/** Whether the values contradict the claim. */
export function judgeQuantile(values: readonly number[], claim: QuantileClaim): Verdict {
  const beyond = values.filter((value) => value > claim.atMost).length;
  if (chanceOfAtLeast(beyond, values.length, 1 - claim.share) < SIGNIFICANCE) return 'disagrees';
  return values.length < claim.minSamples ? 'unknown' : 'agrees';
}

/** Whether a share of random trials is off from `expected`, in either direction. */
export function judgeShare(hits: number, trials: number, expected: number): Verdict {
  const upper = chanceOfAtLeast(hits, trials, expected);
  const lower = chanceOfAtLeast(trials - hits, trials, 1 - expected);
  return 2 * Math.min(upper, lower) < SIGNIFICANCE ? 'disagrees' : 'agrees';
}

/** p50, p95, p99 and the longest, rounded to whole units. */
function spread(values: readonly number[]): { p50: number; p95: number; p99: number; max: number } {
  return {
    p50: Math.round(quantile(values, 0.5)),
    p95: Math.round(quantile(values, 0.95)),
    p99: Math.round(quantile(values, 0.99)),
    max: Math.round(quantile(values, 1)),
  };
}

/** A finding about how long things take. */
export function judgeDelays(values: readonly number[], unit: 's' | 'ms', claim: QuantileClaim): Finding {
  const { p50, p95, p99, max } = spread(values);
  return {
    verdict: judgeQuantile(values, claim),
    measured: `p50 ${p50} ${unit}, p95 ${p95} ${unit}, p99 ${p99} ${unit}, longest ${max} ${unit}`,
    values: { p50, p95, p99, max, unit },
  };
}

/** Whether it is as assumed, where enough was seen to say so. */
export function verdictOf(isKnown: boolean, isAsAssumed: boolean): Verdict {
  if (!isKnown) return 'unknown';
  return isAsAssumed ? 'agrees' : 'disagrees';
}

/** A finding about something that must hold every time. */
export function judgeAlways(held: readonly boolean[], what: string): Finding {
  const count = held.filter(Boolean).length;
  return {
    verdict: count === held.length ? 'agrees' : 'disagrees',
    measured: `${what}: ${count} of ${held.length}`,
    values: { held: count, of: held.length },
  };
}
