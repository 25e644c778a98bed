// What a number of requests can tell: the smallest harm that would be found, and the requests still needed.
import { HARM_GRID, HARM_WEIGHTS, logRatioVersusShare, logRatioVersusStable } from './binomial.ts';
import type { StreamReading } from './combine.ts';
import type { JudgePolicy } from './policy.ts';
import { ERRORS_LIMIT, ERRORS_RATIO } from './policy-errors.ts';
import { scoreOfRun, tallyOfRun } from './run.ts';
import { safetyThreshold, safetyVersusShare } from './safety.ts';
import type { Sample, Tally } from './state.ts';
import { isSharePolicy, type LimitStreamPolicy, type RatioStreamPolicy } from './stream-policy.ts';

/** Unlucky counts are allowed for so far: found in about 80 % of cases (normal quantile). */
const POWER_QUANTILE = 0.84;
/** The dispersion that services are taken for, see dispersion.ts. */
const DISPERSION = 1.2;
const NO_NUMBER_HELPS = 1e9;

/** The judge's own mixture over the alternatives, nats. */
function logMixture(logRatio: (step: number) => number): number {
  const logs = HARM_GRID.map((step, i) => Math.log(HARM_WEIGHTS[i] ?? 0) + logRatio(step) / DISPERSION);
  const most = Math.max(...logs);
  return most + Math.log(logs.reduce((sum, value) => sum + Math.exp(value - most), 0));
}

type ErrorsPolicy = RatioStreamPolicy | LimitStreamPolicy;

function errorsRatio({ streams }: JudgePolicy): RatioStreamPolicy {
  const found = streams.find((stream) => stream.kind === 'ratio');
  if (found === undefined) throw new TypeError('a policy without the errors check');
  return found;
}

function wouldBeFound(policy: JudgePolicy, errors: ErrorsPolicy, ratio: number, tally: Tally): boolean {
  const borderShare = errors.kind === 'ratio' ? errors.floorShare : errors.limitShare;
  const versusShare = logMixture((step) => logRatioVersusShare(tally.canary, borderShare, step));
  const versusStable =
    tally.stable[0] === 0
      ? Number.POSITIVE_INFINITY
      : logMixture((step) => logRatioVersusStable(tally, ratio, step));
  const needed = Math.log(1 / (policy.alpha * errors.weight));
  return Math.min(versusShare, versusStable) >= needed;
}

/**
 * The smallest error rate of the canary, percent, that so many requests would roll back in about 80 % of cases;
 * null when they could not even tell a canary that always fails. `stableRequests` 0: there is no control.
 */
export function smallestDetectableErrorPercent(input: {
  readonly canaryRequests: number;
  readonly stableRequests: number;
  readonly stableErrorPercent: number;
  readonly policy: JudgePolicy;
}): number | null {
  const { canaryRequests: n, stableRequests, policy } = input;
  const stable: Sample = [stableRequests, (stableRequests * input.stableErrorPercent) / 100];
  const { toleranceRatio } = errorsRatio(policy);
  // what was usual before the rollout is not known yet, so the stream that leans on it is left out
  const streams = policy.streams.filter(
    (stream): stream is ErrorsPolicy =>
      stream.name === ERRORS_LIMIT || (stream.name === ERRORS_RATIO && stableRequests > 0),
  );
  const isFound = (share: number): boolean => {
    const unlucky = POWER_QUANTILE * Math.sqrt(n * share * (1 - share) * DISPERSION);
    const tally: Tally = { canary: [n, Math.max(0, n * share - unlucky)], stable };
    return streams.some((stream) => wouldBeFound(policy, stream, toleranceRatio, tally));
  };
  if (n <= 0 || !isFound(1)) return null;
  let [low, high] = [0, 1];
  for (let i = 0; i < 40; i += 1) {
    const middle = (low + high) / 2;
    if (isFound(middle)) high = middle;
    else low = middle;
  }
  return high * 100;
}

/**
 * About how many more canary requests show safety if they fail at `expectedShare`; 0 when it is shown already, null when
 * no number does.
 */
export function requestsStillNeeded(input: {
  readonly policy: JudgePolicy;
  readonly seen: Sample;
  readonly excludedShare: number;
  readonly expectedShare: number;
  readonly dispersion: number;
}): number | null {
  const { seen, excludedShare, expectedShare, dispersion } = input;
  const threshold = safetyThreshold(input.policy.safety);
  const isShown = (more: number): boolean => {
    const sample: Sample = [seen[0] + more, seen[1] + more * expectedShare];
    return safetyVersusShare(sample, excludedShare, dispersion) >= threshold;
  };
  if (isShown(0)) return 0;
  let high = 1;
  while (!isShown(high)) {
    high *= 2;
    if (high > NO_NUMBER_HELPS) return null;
  }
  let low = high / 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isShown(middle)) high = middle;
    else low = middle;
  }
  return Math.ceil(high);
}

/**
 * About how many more canary requests lead to a rollback if they go on like those since the most likely start; null when
 * they do not point that way. Wald: the evidence missing over the evidence a request brings.
 * @param total combined evidence now
 */
export function requestsUntilDecided(
  policy: JudgePolicy,
  reading: StreamReading,
  total: number,
): number | null {
  if (!isSharePolicy(reading.policy)) return null;
  const [requests] = tallyOfRun(reading.state.run).canary;
  const gained = scoreOfRun(reading.state.run);
  if (gained <= 0 || requests === 0) return null;
  const missing = Math.log(1 / policy.alpha) - Math.log(Math.max(total, 1));
  return Math.max(1, Math.ceil((missing * requests) / gained));
}
