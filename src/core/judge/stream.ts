// A stream of evidence: how each kind starts, takes in a period and speaks. A new kind is a new file and a case here.
import { foldLimit, limitEvidence, startLimit } from './limit-stream.ts';
import type { StreamPolicy } from './policy.ts';
import { foldRatio, ratioEvidence, startRatio } from './ratio-stream.ts';
import { sampleOf } from './sample.ts';
import { foldSilence, silenceEvidence, startSilence } from './silence-stream.ts';
import type { StreamState } from './state.ts';
import type { Moment, Period } from './types.ts';

export function startStream(policy: StreamPolicy, history: readonly Period[], startMs: number): StreamState {
  if (policy.kind === 'silence') return startSilence(policy, startMs);
  const samples = history.flatMap(({ stable }) => {
    const sample = sampleOf(stable, policy.measure);
    return sample === null ? [] : [sample];
  });
  return policy.kind === 'ratio'
    ? startRatio(policy, samples, startMs)
    : startLimit(policy, samples, startMs);
}

export function foldStream(policy: StreamPolicy, state: StreamState, moment: Moment): StreamState {
  switch (policy.kind) {
    case 'ratio':
      return foldRatio(policy, state, moment);
    case 'limit':
      return foldLimit(policy, state, moment);
    case 'silence':
      return foldSilence(policy, state, moment);
  }
}

/** The stream's e-value: 1 is no evidence. */
export function streamEvidence(
  policy: StreamPolicy,
  state: StreamState,
  massLeft: number,
  weightPercent: number,
): number {
  switch (policy.kind) {
    case 'ratio':
      return ratioEvidence(state, massLeft);
    case 'limit':
      return limitEvidence(state, massLeft, weightPercent);
    case 'silence':
      return silenceEvidence(state, massLeft);
  }
}
