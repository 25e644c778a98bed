// The stream «canary against a fixed limit». Beside a control it counts only while the canary is also worse than the
// control, so that an incident of both versions is not blamed on the new one.
import { HARM_GRID, HARM_WEIGHTS, logRatioVersusShare } from './binomial.ts';
import { dispersionOf, usualShare } from './dispersion.ts';
import { advance, capFor, cutTo, eValue, freshProcess } from './e-process.ts';
import { extendRun, FRESH_RUN, RUN_STEP } from './run.ts';
import { hasControl, tallyOf } from './sample.ts';
import type { Sample, StreamState } from './state.ts';
import type { LimitStreamPolicy } from './stream-policy.ts';
import type { Moment } from './types.ts';

/** A service whose every second request is bad cannot be judged by a limit; the border stays below that. */
const MAX_BORDER_SHARE = 0.5;

export function startLimit(policy: LimitStreamPolicy, history: readonly Sample[]): StreamState {
  const dispersion = dispersionOf(history, policy.maxDispersion);
  const usual = upperUsualShare(policy, history, dispersion);
  const border = usual === null ? MAX_BORDER_SHARE : policy.usualFactor * usual;
  return {
    dispersion,
    borderShare: Number(Math.max(policy.limitShare, Math.min(border, MAX_BORDER_SHARE)).toPrecision(6)),
    versusBorder: freshProcess(HARM_GRID),
    run: FRESH_RUN,
  };
}

/** Stable's usual share, so many standard deviations up; null where only the usual counts and none is known. */
function upperUsualShare(
  { usualSigmas }: LimitStreamPolicy,
  history: readonly Sample[],
  dispersion: number,
): number | null {
  const share = usualShare(history);
  if (share === null) return usualSigmas > 0 ? null : 0;
  const requests = history.reduce((sum, sample) => sum + sample[0], 0);
  return share + usualSigmas * Math.sqrt((dispersion * share * (1 - share)) / requests);
}

/** @param witness evidence of the stream that compares with the control, this period included */
export function foldLimit(
  policy: LimitStreamPolicy,
  state: StreamState,
  moment: Moment,
  witness: number,
): StreamState {
  const { period, mass, massLeft } = moment;
  const isHeard = period.weightPercent >= policy.fromWeightPercent;
  const tally = isHeard ? tallyOf(period, policy.measure) : null;
  const borderShare = borderOf(policy, state);
  const versusBorder = (step: number): number =>
    tally === null ? 0 : logRatioVersusShare(tally.canary, borderShare, step) / state.dispersion;
  const [requests, bad] = tally?.canary ?? [0, 0];
  const cap = capFor(bad - requests * borderShare);
  const process = advance(state.versusBorder, mass, HARM_GRID.map(versusBorder), cap);
  const isCounted = !hasControl(period.weightPercent) || witness >= policy.witness.evidence;
  return {
    ...state,
    // so that an incident long over is not held against the canary once the control is gone
    versusBorder: isCounted ? process : cutTo(process, HARM_WEIGHTS, massLeft, policy.witness.evidence),
    run: tally === null ? state.run : extendRun(state.run, moment.atSeconds, tally, versusBorder(RUN_STEP)),
  };
}

/**
 * @param weightPercent canary share in the last period
 * @param witness evidence of the stream that compares with the control
 */
export function limitEvidence(
  policy: LimitStreamPolicy,
  state: StreamState,
  massLeft: number,
  weightPercent: number,
  witness: number,
): number {
  const evidence = eValue(state.versusBorder, HARM_WEIGHTS, massLeft);
  if (!hasControl(weightPercent) || witness >= policy.witness.evidence) return evidence;
  return Math.min(evidence, 1);
}

/** Above this share the canary is bad, percent of requests as a share. */
export function borderOf({ limitShare }: LimitStreamPolicy, { borderShare }: StreamState): number {
  return borderShare ?? limitShare;
}
