// The stream «canary against a fixed limit». Beside a control it counts only while the canary is also worse than the
// control, so that an incident of both versions is not blamed on the new one.
import { HARM_GRID, HARM_WEIGHTS, logRatioVersusShare } from './binomial.ts';
import { dispersionAlone, dispersionIn, type Noise, noiseOf, upperUsualShare } from './dispersion.ts';
import { advance, capFor, cutTo, eValue, freshProcess } from './e-process.ts';
import { extendRun, FRESH_RUN, RUN_STEP } from './run.ts';
import { hasControl, tallyOf } from './sample.ts';
import type { Sample, StreamState } from './state.ts';
import type { LimitStreamPolicy } from './stream-policy.ts';
import type { Moment } from './types.ts';

/** A service whose every second request is bad cannot be judged by a limit; the border stays below that. */
const MAX_BORDER_SHARE = 0.5;

export function startLimit(policy: LimitStreamPolicy, history: readonly Sample[]): StreamState {
  const noise = noiseOf(history, policy.maxDispersion);
  const { usualSigmas, usualFactor } = policy;
  const usual = upperUsualShare(history, usualSigmas, dispersionIn(noise));
  // where only the usual counts and none is known, there is nothing to hold the canary to
  const unknown = usualSigmas > 0 ? MAX_BORDER_SHARE : 0;
  const border = usual === null ? unknown : usualFactor * usual;
  return {
    borderShare: Number(Math.max(policy.limitShare, Math.min(border, MAX_BORDER_SHARE)).toPrecision(6)),
    versusBorder: freshProcess(HARM_GRID),
    run: FRESH_RUN,
  };
}

/**
 * @param witness evidence of the stream that compares with the control, this period included
 * @param noise of what is counted, as the witness knows it
 */
export function foldLimit(
  policy: LimitStreamPolicy,
  state: StreamState,
  moment: Moment,
  witness: number,
  noise: Noise,
): StreamState {
  const { period, mass, massLeft } = moment;
  const isHeard = period.weightPercent >= policy.fromWeightPercent;
  const tally = isHeard ? tallyOf(period, policy.measure) : null;
  const borderShare = borderOf(policy, state);
  const versusBorder = (step: number): number =>
    tally === null
      ? 0
      : logRatioVersusShare(tally.canary, borderShare, step) / dispersionAlone(noise, tally.canary[0]);
  const [requests, bad] = tally?.canary ?? [0, 0];
  const cap = capFor(bad - requests * borderShare, moment.capNats);
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
