// The judge's first state under a changed service file. It comes from the hour before the rollout, which is in no record:
// what the recorded first state tells of that hour is taken over, and what it does not tell is said aloud.
import { initialJudgeState } from '../core/judge/judge.ts';
import { type JudgePolicy, judgePolicy } from '../core/judge/policy.ts';
import { ERRORS_LIMIT, ERRORS_USUAL } from '../core/judge/policy-errors.ts';
import type { JudgeState, StreamState } from '../core/judge/state.ts';
import type { LimitStreamPolicy } from '../core/judge/stream-policy.ts';
import type { Rollout } from '../core/rollout.ts';
import type { ServiceSpec } from '../core/service-spec.ts';
import { formatPercent } from '../core/units.ts';

export interface FirstState {
  readonly judge: JudgeState;
  readonly notes: readonly string[];
}

type Limits = ReadonlyMap<string, LimitStreamPolicy>;

export function firstState({ spec: was, judge }: Rollout, spec: ServiceSpec): FirstState {
  const policy = judgePolicy(spec, judge.latency);
  const [before, limits] = [limitsOf(judgePolicy(was, judge.latency)), limitsOf(policy)];
  const fresh = initialJudgeState(policy, { history: [], latency: judge.latency }, judge.startMs);
  const streams = Object.entries(fresh.streams).map(([name, unknown]) => {
    const recorded = judge.streams[name];
    return [name, recorded === undefined ? unknown : bordered(recorded, before.get(name), limits.get(name))];
  });
  return {
    judge: { ...judge, streams: Object.fromEntries(streams) },
    notes: limitNotes(judge, before, limits),
  };
}

function limitsOf({ streams }: JudgePolicy): Limits {
  return new Map(streams.flatMap((stream) => (stream.kind === 'limit' ? [[stream.name, stream]] : [])));
}

/** The border is the larger of the limit and of what is usual; see limit-stream.ts. */
function bordered(
  state: StreamState,
  before: LimitStreamPolicy | undefined,
  now: LimitStreamPolicy | undefined,
): StreamState {
  if (before === undefined || now === undefined) return state;
  const usual = usualBorder(state, before);
  return { ...state, borderShare: Math.max(Number(now.limitShare.toPrecision(BORDER_DIGITS)), usual ?? 0) };
}

/** As limit-stream.ts rounds it. */
const BORDER_DIGITS = 6;

/** null: it was below the limit, and nobody wrote down where. */
function usualBorder({ borderShare = 0 }: StreamState, { limitShare }: LimitStreamPolicy): number | null {
  return borderShare > Number(limitShare.toPrecision(BORDER_DIGITS)) ? borderShare : null;
}

/**
 * A limit that is lowered may come below what was usual, which a rollout is then held to instead. The stream «usual» takes the
 * same hour with a wider margin, so where its border is below the new limit there is no such doubt.
 */
function limitNotes({ streams }: JudgeState, before: Limits, now: Limits): readonly string[] {
  const usualMost = streams[ERRORS_USUAL]?.borderShare ?? 1;
  return [ERRORS_LIMIT, ERRORS_USUAL].flatMap((name) => {
    const [was, is, state] = [before.get(name), now.get(name), streams[name]];
    if (was === undefined || is === undefined || state === undefined) return [];
    if (is.limitShare >= was.limitShare || usualBorder(state, was) !== null) return [];
    if (name === ERRORS_LIMIT && usualMost <= is.limitShare) return [];
    const key = name === ERRORS_LIMIT ? 'checks.errors.limit' : 'checks.errors.floor';
    return [
      `${key} is taken as it is: whether the usual error rate was above ${formatPercent(is.limitShare * 100)} is not recorded.`,
    ];
  });
}
