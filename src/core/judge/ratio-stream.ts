// The stream «canary against stable»: harm is more than the tolerated ratio and more than the floor. The null is a
// union of the two, so the smaller of the two e-values is the evidence.
import { HARM_GRID, HARM_WEIGHTS, logRatioVersusShare, logRatioVersusStable } from './binomial.ts';
import { dispersionAlone, dispersionBeside, noiseOf } from './dispersion.ts';
import { advance, capFor, eValue, freshProcess } from './e-process.ts';
import { extendRun, FRESH_RUN, RUN_STEP } from './run.ts';
import { tallyOf } from './sample.ts';
import type { Sample, StreamState } from './state.ts';
import type { RatioStreamPolicy } from './stream-policy.ts';
import type { Moment } from './types.ts';

export function startRatio(policy: RatioStreamPolicy, history: readonly Sample[]): StreamState {
  return {
    ...noiseOf(history, policy.maxDispersion),
    versusBorder: freshProcess(HARM_GRID),
    versusStable: freshProcess(HARM_GRID),
    run: FRESH_RUN,
  };
}

export function foldRatio(policy: RatioStreamPolicy, state: StreamState, moment: Moment): StreamState {
  const { period, mass, capNats } = moment;
  const tally = tallyOf(period, policy.measure);
  if (tally === null || tally.stable[0] === 0) {
    return {
      ...state,
      versusBorder: advance(state.versusBorder, mass, null, capNats),
      versusStable: advance(state.versusStable, mass, null, capNats),
    };
  }
  const [requests, bad] = tally.canary;
  const alone = dispersionAlone(state, requests);
  const beside = dispersionBeside(state, tally);
  const versusFloor = (step: number): number =>
    logRatioVersusShare(tally.canary, policy.floorShare, step) / alone;
  const versusStable = (step: number): number =>
    logRatioVersusStable(tally, policy.toleranceRatio, step) / beside;
  const allowedShare = allowedShareOf(policy, tally.stable);
  const cap = capFor(bad - requests * allowedShare, capNats);
  return {
    ...state,
    versusBorder: advance(state.versusBorder, mass, HARM_GRID.map(versusFloor), cap),
    versusStable: advance(state.versusStable, mass, HARM_GRID.map(versusStable), cap),
    run: extendRun(
      state.run,
      moment.atSeconds,
      tally,
      Math.min(versusFloor(RUN_STEP), versusStable(RUN_STEP)),
    ),
  };
}

export function ratioEvidence(state: StreamState, massLeft: number): number {
  return Math.min(
    eValue(state.versusBorder, HARM_WEIGHTS, massLeft),
    eValue(state.versusStable, HARM_WEIGHTS, massLeft),
  );
}

/** What the canary may have beside such a stable. */
export function allowedShareOf(policy: RatioStreamPolicy, [requests, bad]: Sample): number {
  const tolerated = requests === 0 ? 0 : (policy.toleranceRatio * bad) / requests;
  return Math.min(1, Math.max(tolerated, policy.floorShare));
}
