// All streams together: the weighted mean of their present e-values is an e-value again, whatever their dependence,
// and is compared with 1/α.
import { InvalidDocumentError } from '../errors.ts';
import type { JudgePolicy, SharePolicy, StreamPolicy } from './policy.ts';
import type { JudgeState, StreamState } from './state.ts';
import { streamEvidence } from './stream.ts';

export interface StreamReading<P extends StreamPolicy = StreamPolicy> {
  readonly policy: P;
  readonly state: StreamState;
  /** Weight times e-value: the stream's part of the total. */
  readonly contribution: number;
}

export interface Evidence {
  /** 1 is none; from 1/α on the canary is rolled back. */
  readonly total: number;
  readonly streams: readonly StreamReading[];
  /** The stream with the greatest contribution: the one that reasons speak of. */
  readonly strongest: StreamReading;
}

/** @throws InvalidDocumentError when the state was made for other checks */
export function streamState(state: JudgeState, name: string): StreamState {
  const found = state.streams[name];
  if (found === undefined) throw new InvalidDocumentError(`the judge's state has no stream «${name}»`);
  return found;
}

export function evidenceOf(policy: JudgePolicy, state: JudgeState): Evidence {
  const streams = policy.streams.map((stream): StreamReading => {
    const own = streamState(state, stream.name);
    const evidence = streamEvidence(stream, own, state.massLeft, state.weightPercent);
    return { policy: stream, state: own, contribution: stream.weight * evidence };
  });
  return {
    total: streams.reduce((sum, stream) => sum + stream.contribution, 0),
    streams,
    strongest: streams.reduce((best, next) => (next.contribution > best.contribution ? next : best)),
  };
}

/** What the total would be if no other check had found anything. */
export function checkEvidence(evidence: Evidence, check: string): number {
  const own = evidence.streams.filter((stream) => stream.policy.check === check);
  const weight = own.reduce((sum, stream) => sum + stream.policy.weight, 0);
  return own.reduce((sum, stream) => sum + stream.contribution, 1 - weight);
}

/** The stream that shows a check to people: canary against stable where there is a stable, else against the limit. */
export function shownReading(
  evidence: Evidence,
  check: string,
  hasStable: boolean,
): StreamReading<SharePolicy> | undefined {
  const own = evidence.streams.filter(
    (stream): stream is StreamReading<SharePolicy> =>
      stream.policy.check === check && stream.policy.kind !== 'silence',
  );
  return own.find(({ policy }) => (policy.kind === 'ratio') === hasStable) ?? own[0];
}
