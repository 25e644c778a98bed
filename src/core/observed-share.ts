// Whether the traffic that was counted agrees with the configured share. A router may take a new weight later than it
// says (a load balancer under throttling did, and a release was called complete while the old version had everything),
// so what was read back is not believed alone.
import type { Counts, Period } from './judge/types.ts';
import type { ObservedShare } from './report.ts';
import type { Rollout } from './rollout.ts';
import { formatCount, formatPercent } from './units.ts';

/** Off by so much, in either direction, … */
const OFF_BY_FACTOR = 2;
/** … and by so many standard deviations of a binomial count. */
const STANDARD_DEVIATIONS = 5;
/** However little stable should have, it may still get this share, for requests that were on their way. */
const ON_THE_WAY_SHARE = 0.005;
/** Chance leaves a version without one of so many requests once in 22,000 minutes (a Poisson count: e^−10). */
const CERTAIN_REQUESTS = 10;

/**
 * A sentence when the share of the canary is not what was configured; null when it is, or when nothing tells.
 * Compared are both sides (at 50 % the canary cannot get twice its share, and stable can lose all of its own), over the
 * periods of the window that lie within the stage at its weight and can no longer be late. A version that is silent where
 * much was due is the judge's matter.
 * Slots that pin users by cookie are refused at the start, so every request is drawn by the weights.
 */
export function shareDoubt(
  { stage, window: timing }: Pick<Rollout, 'stage' | 'window'>,
  window: readonly Period[],
  nowMs: number,
): string | null {
  const settledUntilMs = nowMs - timing.passAfterSeconds * 1000;
  const whole = window.filter(
    (period) =>
      period.weightPercent === stage.weightPercent &&
      period.endWeightPercent === undefined &&
      period.startMs >= (stage.enteredAtMs ?? Number.POSITIVE_INFINITY) &&
      period.startMs + period.seconds * 1000 <= settledUntilMs,
  );
  const { stable, canary } = countedRequests(whole);
  const requests = stable + canary;
  const share = stage.weightPercent / 100;
  const isCanaryOff = isTooLittle(canary, requests, share) || isTooMuch(canary, requests, share);
  const stableMost = Math.max(ON_THE_WAY_SHARE, 1 - share);
  const isStableOff = isTooLittle(stable, requests, 1 - share) || isTooMuch(stable, requests, stableMost);
  if (!isCanaryOff && !isStableOff) return null;
  const seen = formatPercent(Math.round((1000 * canary) / requests) / 10);
  return `The new version got ${seen} of ${formatCount(requests)} requests, and ${formatPercent(stage.weightPercent)} is configured: the target does not do yet what it says.`;
}

function isTooLittle(observed: number, all: number, share: number): boolean {
  return observed < (all * share) / OFF_BY_FACTOR && isBeyondChance(observed, all, share);
}

function isTooMuch(observed: number, all: number, share: number): boolean {
  return observed > all * share * OFF_BY_FACTOR && isBeyondChance(observed, all, share);
}

/**
 * Source of the deviation: a binomial count of n draws with share p has variance n · p · (1 − p). One request more than that,
 * because a count that is expected to be below 1 scatters more than its deviation says.
 */
function isBeyondChance(observed: number, all: number, share: number): boolean {
  const expected = all * share;
  return Math.abs(observed - expected) > 1 + STANDARD_DEVIATIONS * Math.sqrt(expected * (1 - share));
}

/** null while nothing is known of both versions. */
export function observedShare(periods: readonly Period[]): ObservedShare | null {
  const { stable, canary } = countedRequests(periods);
  const requests = stable + canary;
  if (requests === 0) return null;
  const share = canary / requests;
  return {
    percent: 100 * share,
    marginPercent: 200 * Math.sqrt((share * (1 - share)) / requests),
    requests,
  };
}

/**
 * CloudWatch says nothing of a version without requests, nor of one whose metrics are late or lost. Where hardly any were
 * due there were none: with those minutes left out, a version that hardly anybody meets would seem to get too much. Where
 * many were due nobody knows, and counted as none they would make a healthy share look wrong, or a wrong one healthy.
 */
function countedRequests(periods: readonly Period[]): { readonly stable: number; readonly canary: number } {
  const known = periods.filter((period) => !isUnknown(period));
  return {
    stable: known.reduce((sum, { stable }) => sum + (stable?.requests ?? 0), 0),
    canary: known.reduce((sum, { canary }) => sum + (canary?.requests ?? 0), 0),
  };
}

/** One version is silent although it was due requests for certain, by what the other one got. */
function isUnknown({ stable, canary, weightPercent }: Period): boolean {
  const stablePercent = 100 - weightPercent;
  if (stable === null) return isDue(stablePercent, canary, weightPercent);
  return canary === null && isDue(weightPercent, stable, stablePercent);
}

function isDue(percent: number, other: Counts | null, otherPercent: number): boolean {
  return other !== null && other.requests * percent >= CERTAIN_REQUESTS * otherPercent;
}
