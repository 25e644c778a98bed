// Whether the traffic that was counted agrees with the configured share. A router may take a new weight later than it
// says (a load balancer under throttling did, and a release was called complete while the old version had everything),
// so what was read back is not believed alone.
import type { Period } from './judge/types.ts';
import type { ObservedShare } from './report.ts';
import type { Rollout } from './rollout.ts';
import { formatCount, formatPercent } from './units.ts';

/** Off by so much, in either direction, … */
const OFF_BY_FACTOR = 2;
/** … and by so many standard deviations of a binomial count. */
const STANDARD_DEVIATIONS = 5;
/** At 100 % the other version may still get this share, for requests that were on their way. */
const LEAST_SHARE = 0.005;

/**
 * A sentence when the share of the canary is not what was configured; null when it is, or when nothing tells.
 * Compared is the side that gets less, over the periods of the window that lie within the stage at its weight and can no
 * longer be late. A version that says nothing at all is the judge's matter.
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
  if (whole.every((period) => period.stable === null) || whole.every((period) => period.canary === null))
    return null;
  const { stable, canary } = countedRequests(whole);
  const isCanarySmaller = stage.weightPercent <= 50;
  const expected = (isCanarySmaller ? stage.weightPercent : 100 - stage.weightPercent) / 100;
  if (!isOff(isCanarySmaller ? canary : stable, stable + canary, Math.max(LEAST_SHARE, expected)))
    return null;
  const seen = formatPercent(Math.round((1000 * canary) / (stable + canary)) / 10);
  return `The new version got ${seen} of ${formatCount(stable + canary)} requests, and ${formatPercent(stage.weightPercent)} is configured: the target does not do yet what it says.`;
}

/**
 * Source of the deviation: a binomial count of n draws with share p has variance n · p · (1 − p). One request more than that,
 * because a count that is expected to be below 1 scatters more than its deviation says.
 */
function isOff(observed: number, all: number, share: number): boolean {
  const expected = all * share;
  const isFar = observed > expected * OFF_BY_FACTOR || observed < expected / OFF_BY_FACTOR;
  return isFar && Math.abs(observed - expected) > 1 + STANDARD_DEVIATIONS * Math.sqrt(expected * (1 - share));
}

/** null while nothing was counted. */
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
 * Where only one version reports, the other had no requests. Counted over the periods of both alone, a version that hardly
 * anybody meets would seem to get too much: its empty minutes would be left out.
 */
function countedRequests(periods: readonly Period[]): { readonly stable: number; readonly canary: number } {
  return {
    stable: periods.reduce((sum, { stable }) => sum + (stable?.requests ?? 0), 0),
    canary: periods.reduce((sum, { canary }) => sum + (canary?.requests ?? 0), 0),
  };
}
