// The stream «silence»: stable reports, the canary was due requests and reports nothing. Only periods that can no longer
// change count, since a hanging canary's metrics come late.
import { advance, eValue, freshProcess } from './e-process.ts';
import { extendRun, FRESH_RUN } from './run.ts';
import { dueRequests, reports } from './sample.ts';
import type { StreamState, Tally } from './state.ts';
import type { SilenceStreamPolicy } from './stream-policy.ts';
import type { Moment } from './types.ts';

/** A canary that does not run is silent this often: not always, for some requests may end in time. */
const MISSING_SHARE_OF_THE_DEAD = 0.9;
const WEIGHTS = [1];

export function startSilence(): StreamState {
  return {
    versusBorder: freshProcess(WEIGHTS),
    run: FRESH_RUN,
  };
}

export function foldSilence(policy: SilenceStreamPolicy, state: StreamState, moment: Moment): StreamState {
  const { period, mass, capNats, age } = moment;
  const due = dueRequests(period);
  if (age !== 'committed' || due === null || due < policy.minimumDueRequests) {
    return { ...state, versusBorder: advance(state.versusBorder, mass, null, capNats) };
  }
  const isSilent = !reports(period.canary);
  const logRatio = isSilent
    ? Math.log(MISSING_SHARE_OF_THE_DEAD / policy.missingShare)
    : Math.log((1 - MISSING_SHARE_OF_THE_DEAD) / (1 - policy.missingShare));
  // Bad here are the requests that were due and did not come.
  const tally = {
    canary: [Math.round(due), isSilent ? Math.round(due) : 0],
    stable: [period.stable?.requests ?? 0, 0],
  } satisfies Tally;
  return {
    ...state,
    versusBorder: advance(state.versusBorder, mass, [logRatio], capNats),
    run: extendRun(state.run, moment.atSeconds, tally, logRatio),
  };
}

export function silenceEvidence(state: StreamState, massLeft: number): number {
  return eValue(state.versusBorder, WEIGHTS, massLeft);
}
