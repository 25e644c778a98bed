// The judge behind the line protocol: every period is final when it arrives, nothing is late, and `end` asks for the word.
import { initialJudgeState, type JudgeInput, judge } from '../core/judge/judge.ts';
import { type SlowMeasure, slowMeasures } from '../core/judge/measures.ts';
import { type JudgePolicy, judgePolicy } from '../core/judge/policy.ts';
import type { JudgeState } from '../core/judge/state.ts';
import type { Period } from '../core/judge/types.ts';
import type { Verdict } from '../core/verdict.ts';
import type { Answer, EndMessage, LineJudge, PeriodMessage, Row, StartMessage } from './line-protocol.ts';
import { percentOf, specOf } from './protocol-spec.ts';
import { baselineOf, countsOf } from './rows.ts';

/** How the rows of a rollout are read. */
interface Reading {
  readonly start: StartMessage;
  readonly measures: readonly SlowMeasure[];
  readonly quantile: number | null;
}

/** One rollout under way. */
interface Session extends Reading {
  readonly policy: JudgePolicy;
  readonly state: JudgeState;
  readonly verdict: Verdict | null;
}

export function stepshiftJudge(): LineJudge {
  let session: Session | null = null;
  const known = (id: string): Session => {
    if (session === null || session.start.id !== id) throw new TypeError(`no rollout ${id} was started`);
    return session;
  };
  return {
    start: (message) => {
      session = begin(message);
    },
    period: (message) => {
      session = takeIn(known(message.id), message);
      return answerTo(message, session, false);
    },
    end: (message) => answerTo(message, known(message.id), true),
  };
}

function begin(start: StartMessage): Session {
  const spec = specOf(start);
  const latency = baselineOf(
    start.history.map(({ stable }) => stable),
    start.latencyEdgesMs,
  );
  const policy = judgePolicy(spec, latency);
  const reading: Reading = {
    start,
    measures: slowMeasures(spec.checks.latency, latency),
    quantile: spec.checks.latency?.quantile ?? null,
  };
  const history = start.history.map(({ t, stable }) => periodAt(reading, t, 0, stable, null));
  return {
    ...reading,
    policy,
    state: initialJudgeState(policy, { history, latency }, 0),
    verdict: null,
  };
}

function periodAt(
  { start, measures, quantile }: Reading,
  atSeconds: number,
  weight: number,
  stable: Row | null,
  canary: Row | null,
): Period {
  const { periodSec, latencyEdgesMs } = start;
  return {
    startMs: atSeconds * 1000,
    seconds: periodSec,
    weightPercent: percentOf(weight),
    stable: countsOf(stable, 'stable', measures, latencyEdgesMs, quantile),
    canary: countsOf(canary, 'canary', measures, latencyEdgesMs, quantile),
  };
}

/** A rollback is the last word: whatever is sent after it changes nothing. */
function takeIn(session: Session, message: PeriodMessage): Session {
  if (session.verdict?.kind === 'rollback') return session;
  const period = periodAt(session, message.t, message.weight, message.stable, message.canary);
  const { state, verdict } = judge(inputFor(session, message, period));
  return { ...session, state, verdict };
}

/** The moment the period ends: all of it is known, and the stage may still be held. */
function inputFor(
  { policy, state, start }: Session,
  { t, weight }: PeriodMessage,
  period: Period,
): JudgeInput {
  const endMs = (t + start.periodSec) * 1000;
  return {
    policy,
    state,
    window: [period],
    alarms: [],
    metricsProblem: null,
    nowMs: endMs,
    stage: { enteredAtMs: 0, bakeSeconds: policy.plannedSeconds, maxHoldSeconds: policy.plannedSeconds },
    timing: { commitAfterSeconds: 0, passAfterSeconds: 0 },
    names: { service: start.id, canaryVersion: 'canary', weightPercent: percentOf(weight), startedAtMs: 0 },
  };
}

function answerTo({ id }: PeriodMessage | EndMessage, { verdict }: Session, isEnd: boolean): Answer {
  const alerts = verdict?.alerts.map(({ sentence }) => sentence) ?? [];
  const reason = [verdict?.reason.sentence ?? 'Nothing was reported.', ...alerts].join(' ');
  if (verdict?.kind === 'rollback') return { id, verdict: 'rollback', reason };
  if (!isEnd) return { id, verdict: 'continue', reason };
  return { id, verdict: verdict?.kind === 'pass' ? 'pass' : 'inconclusive', reason };
}
