// One judge on one trace: message by message, so that nobody can look ahead.
import type { LineJudge } from '../../src/replay/line-protocol.ts';
import type { Trace } from './traces/rollout.ts';

export interface Verdict {
  readonly kind: 'pass' | 'inconclusive' | 'rollback';
  /** Index of the period whose end brought the last word. */
  readonly period: number;
}

/** @throws Error when the judge answers for another rollout, or does not come to an end */
export function judgeTrace(judge: LineJudge, trace: Trace): Verdict {
  judge.start(trace.start);
  for (const [period, message] of trace.periods.entries()) {
    const answer = judge.period(message);
    if (answer.id !== message.id) throw new Error(`${message.id}: the answer is for ${answer.id}`);
    if (answer.verdict === 'rollback') return { kind: 'rollback', period };
  }
  const { verdict } = judge.end(trace.end);
  if (verdict === 'continue') throw new Error(`${trace.end.id}: «continue» is no answer to the end`);
  return { kind: verdict, period: trace.periods.length - 1 };
}
