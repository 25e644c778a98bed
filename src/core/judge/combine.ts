// All streams together: the weighted mean of their present e-values is an e-value again, whatever their dependence,
// and is compared with 1/α.
import type { JudgePolicy } from './policy.ts';
import { ERRORS_LIMIT, ERRORS_RATIO } from './policy-errors.ts';
import type { JudgeState, StreamState } from './state.ts';
import { streamEvidence, streamState } from './stream.ts';
import { isSharePolicy, type SharePolicy, type StreamPolicy } from './stream-policy.ts';

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

export function evidenceOf(policy: JudgePolicy, state: JudgeState): Evidence {
  const streams = policy.streams.map((stream): StreamReading => {
    const { streams, massLeft, weightPercent } = state;
    const evidence = streamEvidence(policy.streams, streams, massLeft, weightPercent, stream);
    const own = streamState(streams, stream.name);
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

/** The stream that shows errors to people: canary against stable where there is a stable, else against the limit. */
export function errorsReading(
  evidence: Evidence,
  hasStable: boolean,
): StreamReading<SharePolicy> | undefined {
  const name = hasStable ? ERRORS_RATIO : ERRORS_LIMIT;
  return evidence.streams.find(
    (stream): stream is StreamReading<SharePolicy> =>
      stream.policy.name === name && isSharePolicy(stream.policy),
  );
}
