// The stream «canary against a fixed limit». Beside a control it counts only while the canary is also worse than the
// control, so that an incident of both versions is not blamed on the new one.
import { HARM_GRID, HARM_WEIGHTS, logRatioVersusShare, logRatioVersusStable } from './binomial.ts';
import { dispersionOf, usualShare } from './dispersion.ts';
import { advance, capFor, cutTo, eValue, freshProcess } from './e-process.ts';
import type { LimitStreamPolicy } from './policy.ts';
import { extendRun, freshRun, RUN_STEP } from './run.ts';
import { hasControl, tallyOf } from './sample.ts';
import type { Sample, StreamState } from './state.ts';
import type { Moment } from './types.ts';

/** Evidence of being worse than the control, from which on the limit counts; also the most that the limit may have
 * gathered before, so that an incident long over is not held against the canary once the control is gone. */
const WITNESS_EVIDENCE = 5;

/** A service whose every second request is bad cannot be judged by a limit; the border stays below that. */
const MAX_BORDER_SHARE = 0.5;

export function startLimit(
  policy: LimitStreamPolicy,
  history: readonly Sample[],
  startMs: number,
): StreamState {
  const border = Math.max(policy.limitShare, policy.usualFactor * (usualShare(history) ?? 0));
  return {
    dispersion: dispersionOf(history, policy.maxDispersion),
    borderShare: Number(Math.max(policy.limitShare, Math.min(border, MAX_BORDER_SHARE)).toPrecision(6)),
    absolute: freshProcess(HARM_GRID),
    versusStable: freshProcess(HARM_GRID),
    run: freshRun(startMs),
  };
}

export function foldLimit(policy: LimitStreamPolicy, state: StreamState, moment: Moment): StreamState {
  const { period, mass, massLeft } = moment;
  const tally = tallyOf(period, policy.measure);
  const versusLimit = (step: number): number =>
    tally === null ? 0 : logRatioVersusShare(tally.canary, state.borderShare, step) / state.dispersion;
  const versusStable = (step: number): number =>
    tally === null || tally.stable[0] === 0
      ? 0
      : logRatioVersusStable(tally, policy.witnessRatio, step) / state.dispersion;
  const [requests, bad] = tally?.canary ?? [0, 0];
  const cap = capFor(bad - requests * state.borderShare);
  const folded = {
    ...state,
    absolute: advance(state.absolute, mass, HARM_GRID.map(versusLimit), cap),
    versusStable: advance(state.versusStable, mass, HARM_GRID.map(versusStable), cap),
    run: tally === null ? state.run : extendRun(state.run, period.startMs, tally, versusLimit(RUN_STEP)),
  };
  if (!hasControl(period.weightPercent) || isWitnessed(folded, massLeft)) return folded;
  return { ...folded, absolute: cutTo(folded.absolute, HARM_WEIGHTS, massLeft, WITNESS_EVIDENCE) };
}

/** @param weightPercent canary share in the last period */
export function limitEvidence(state: StreamState, massLeft: number, weightPercent: number): number {
  const evidence = eValue(state.absolute, HARM_WEIGHTS, massLeft);
  if (!hasControl(weightPercent) || isWitnessed(state, massLeft)) return evidence;
  return Math.min(evidence, 1);
}

function isWitnessed(state: StreamState, massLeft: number): boolean {
  return eValue(state.versusStable, HARM_WEIGHTS, massLeft) >= WITNESS_EVIDENCE;
}
