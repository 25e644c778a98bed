// The stream «silence»: stable reports, the canary was due requests and reports nothing. Only periods that can no longer
// change count, since a hanging canary's metrics come late.
import { advance, eValue, freshProcess } from './e-process.ts';
import type { SilenceStreamPolicy } from './policy.ts';
import { extendRun, freshRun } from './run.ts';
import { dueRequests, reports } from './sample.ts';
import type { StreamState } from './state.ts';
import type { Moment } from './types.ts';

/** A canary that does not run is silent this often: not always, for some requests may end in time. */
const MISSING_SHARE_OF_THE_DEAD = 0.9;
const WEIGHTS = [1];

export function startSilence(policy: SilenceStreamPolicy, startMs: number): StreamState {
  return {
    dispersion: 1,
    borderShare: policy.missingShare,
    absolute: freshProcess(WEIGHTS),
    versusStable: [],
    run: freshRun(startMs),
  };
}

export function foldSilence(policy: SilenceStreamPolicy, state: StreamState, moment: Moment): StreamState {
  const { period, mass, isSettled } = moment;
  const due = dueRequests(period);
  if (!isSettled || due === null || due < policy.minimumDueRequests) {
    return { ...state, absolute: advance(state.absolute, mass, null) };
  }
  const isSilent = !reports(period.canary);
  const logRatio = isSilent
    ? Math.log(MISSING_SHARE_OF_THE_DEAD / policy.missingShare)
    : Math.log((1 - MISSING_SHARE_OF_THE_DEAD) / (1 - policy.missingShare));
  // Bad here are the requests that were due and did not come.
  const tally = {
    canary: [Math.round(due), isSilent ? Math.round(due) : 0],
    stable: [period.stable?.requests ?? 0, 0],
  } satisfies StreamState['run']['tally'];
  return {
    ...state,
    absolute: advance(state.absolute, mass, [logRatio]),
    run: extendRun(state.run, period.startMs, tally, logRatio),
  };
}

export function silenceEvidence(state: StreamState, massLeft: number): number {
  return eValue(state.absolute, WEIGHTS, massLeft);
}
