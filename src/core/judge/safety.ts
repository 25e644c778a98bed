// Positive evidence of safety, without which nothing passes: the test reversed. The canary passes when «as bad as the
// limit» or «several times stable's share» is rejected. The least number of requests needs no setting: it falls out.

import { logRatioVersusShare, logRatioVersusStable, SAFETY_GRID, SAFETY_WEIGHTS } from './binomial.ts';
import { dispersionIn } from './dispersion.ts';
import { ERRORS, LATENCY_P90 } from './measures.ts';
import type { JudgePolicy, SafetyPolicy } from './policy.ts';
import { ERRORS_LIMIT, ERRORS_RATIO } from './policy-errors.ts';
import { tallyOfStage } from './stage.ts';
import type { JudgeState, Sample, Tally } from './state.ts';
import { streamState } from './stream.ts';

export interface Safety {
  readonly isShown: boolean;
  /** Which test showed it; null while none did. */
  readonly shownBy: 'total' | 'stage' | 'stable' | null;
  /** The error share that has to be excluded before the next weight. */
  readonly excludedShare: number;
}

/** Below the limit since the start, below it in this stage (an incident of both versions may have spoilt the time
 * before), and not far from stable: each of the three may be wrong with a third of β. */
const TESTS = 3;

export function safetyThreshold(safety: SafetyPolicy): number {
  return TESTS / safety.beta;
}

/** E-value against «the canary's share is `borderShare` or more». */
export function safetyVersusShare(sample: Sample, borderShare: number, dispersion: number): number {
  return mixture((step) => logRatioVersusShare(sample, borderShare, step) / dispersion);
}

/** E-value against «the canary's share is `ratio` times stable's or more». Needs a constant weight over the tally. */
function safetyVersusStable(tally: Tally, ratio: number, dispersion: number): number {
  if (tally.stable[0] === 0) return 1;
  return mixture((step) => logRatioVersusStable(tally, ratio, step) / dispersion);
}

function mixture(logRatio: (step: number) => number): number {
  return SAFETY_GRID.reduce((sum, step, i) => sum + (SAFETY_WEIGHTS[i] ?? 0) * Math.exp(logRatio(step)), 0);
}

/**
 * Before the last raise the limit itself must be excluded; before an earlier one a share larger in proportion, so that
 * the next weight, were the canary that bad, would do no more harm than a canary at the limit does at 100 %.
 */
function shareToExclude(policy: JudgePolicy, limitShare: number, weightPercent: number): number {
  const next = policy.stageWeightsPercent.find((weight) => weight > weightPercent) ?? 100;
  return Math.max(limitShare, Math.min((limitShare * 100) / next, policy.safety.maxExcludedShare));
}

/** @param weightPercent canary share of the present stage */
export function safetyOf(policy: JudgePolicy, state: JudgeState, weightPercent: number): Safety {
  const { borderShare = 0 } = streamState(state.streams, ERRORS_LIMIT);
  const dispersion = dispersionIn(streamState(state.streams, ERRORS_RATIO));
  const stage = tallyOfStage(state.stage, ERRORS);
  const excludedShare = shareToExclude(policy, borderShare, weightPercent);
  const threshold = safetyThreshold(policy.safety);
  const isBelow = (sample: Sample): boolean =>
    safetyVersusShare(sample, excludedShare, dispersion) >= threshold;
  if (isBelow(stage.canary)) return { isShown: true, shownBy: 'stage', excludedShare };
  if (isBelow(state.total.errors)) return { isShown: true, shownBy: 'total', excludedShare };
  const versusStable = safetyVersusStable(stage, policy.safety.stableRatio, dispersion);
  if (versusStable >= threshold) return { isShown: true, shownBy: 'stable', excludedShare };
  return { isShown: false, shownBy: null, excludedShare };
}

/** Whether latency, where it is compared by counts, was measured on at least half of the canary's requests. */
export function hasLatency({ streams }: JudgePolicy, { total }: JudgeState): boolean {
  return !streams.some((stream) => stream.name === LATENCY_P90) || total.timed * 2 >= total.errors[0];
}
