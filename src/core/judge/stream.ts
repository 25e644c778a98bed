// Streams of evidence: how each kind starts, takes in a period and speaks. A new kind is a new file and a case here.
import { InvalidDocumentError } from '../errors.ts';
import { foldLimit, limitEvidence, startLimit } from './limit-stream.ts';
import { foldPair, pairEvidence, startPair } from './pair-stream.ts';
import { foldRatio, ratioEvidence, startRatio } from './ratio-stream.ts';
import { sampleOf } from './sample.ts';
import { foldSign, signEvidence, startSign } from './sign-stream.ts';
import { foldSilence, silenceEvidence, startSilence } from './silence-stream.ts';
import type { Sample, StreamState } from './state.ts';
import type { StreamPolicy } from './stream-policy.ts';
import type { Moment, Period } from './types.ts';

type States = Readonly<Record<string, StreamState>>;
/** Another stream, by its name: its evidence with this period, and its state. */
interface Witness {
  readonly evidence: (stream: string) => number;
  readonly state: (stream: string) => StreamState;
}

/** @throws InvalidDocumentError when the state was made for other checks */
export function streamState(states: States, name: string): StreamState {
  const found = states[name];
  if (found === undefined) throw new InvalidDocumentError(`the judge's state has no stream «${name}»`);
  return found;
}

export function startStreams(policies: readonly StreamPolicy[], history: readonly Period[]): States {
  return Object.fromEntries(policies.map((policy) => [policy.name, startStream(policy, history)]));
}

function startStream(policy: StreamPolicy, history: readonly Period[]): StreamState {
  switch (policy.kind) {
    case 'ratio':
      return startRatio(policy, samplesOf(history, policy.measure));
    case 'pair':
      return startPair(policy, samplesOf(history, policy.measure));
    case 'limit':
      return startLimit(policy, samplesOf(history, policy.measure));
    case 'silence':
      return startSilence();
    case 'sign':
      return startSign();
  }
}

function samplesOf(history: readonly Period[], measure: string): Sample[] {
  return history.flatMap(({ stable }) => {
    const sample = sampleOf(stable, measure);
    return sample === null ? [] : [sample];
  });
}

/** Streams that others lean on as their witness come before those in `policies`. */
export function foldStreams(
  policies: readonly StreamPolicy[],
  states: States,
  moment: Moment,
): Record<string, StreamState> {
  const folded: Record<string, StreamState> = {};
  const { weightPercent } = moment.period;
  const witness: Witness = {
    evidence: (name) => evidenceByName(policies, folded, moment.massLeft, weightPercent, name),
    state: (name) => streamState(folded, name),
  };
  for (const policy of policies) {
    folded[policy.name] = foldStream(policy, streamState(states, policy.name), moment, witness);
  }
  return folded;
}

function foldStream(policy: StreamPolicy, state: StreamState, moment: Moment, witness: Witness): StreamState {
  switch (policy.kind) {
    case 'ratio':
      return foldRatio(policy, state, moment);
    case 'pair':
      return foldPair(policy, state, moment);
    case 'limit':
      return foldLimit(
        policy,
        state,
        moment,
        witness.evidence(policy.witness.stream),
        witness.state(policy.witness.stream),
      );
    case 'silence':
      return foldSilence(policy, state, moment);
    case 'sign':
      return foldSign(policy, state, moment);
  }
}

/** The stream's e-value: 1 is no evidence. */
export function streamEvidence(
  policies: readonly StreamPolicy[],
  states: States,
  massLeft: number,
  weightPercent: number,
  policy: StreamPolicy,
): number {
  const state = streamState(states, policy.name);
  switch (policy.kind) {
    case 'ratio':
      return ratioEvidence(state, massLeft);
    case 'pair':
      return pairEvidence(policy, state, massLeft);
    case 'limit': {
      const witness = evidenceByName(policies, states, massLeft, weightPercent, policy.witness.stream);
      return limitEvidence(policy, state, massLeft, weightPercent, witness);
    }
    case 'silence':
      return silenceEvidence(state, massLeft);
    case 'sign':
      return signEvidence(state, massLeft);
  }
}

function evidenceByName(
  policies: readonly StreamPolicy[],
  states: States,
  massLeft: number,
  weightPercent: number,
  name: string,
): number {
  const policy = policies.find((one) => one.name === name);
  if (policy === undefined) throw new InvalidDocumentError(`no stream «${name}» to lean on`);
  return streamEvidence(policies, states, massLeft, weightPercent, policy);
}
