// One look at a rollout, from what was read to what comes next. The step «Judge canary» takes it, and whoever decides a
// recorded rollout again takes it with what the record says was read.
import { countAlarms } from './accepted-alarms.ts';
import type { JudgedFact } from './audit/facts.ts';
import { EVENTS_PER_TICK } from './budget.ts';
import { type Decision, decide } from './decide.ts';
import type { Circumstances } from './decide-tick.ts';
import type { Judgement } from './judge/judge.ts';
import type { AlarmReading, Period } from './judge/types.ts';
import { judgeRollout } from './judge-rollout.ts';
import type { Rollout } from './rollout.ts';

/** Everything that a decision rests on beside the rollout document. */
export interface Look extends Circumstances {
  readonly nowMs: number;
  /** Everything after the last committed period, with its weights. */
  readonly window: readonly Period[];
  readonly metricsProblem: string | null;
  /** Of all alarms of the service, accepted ones too. */
  readonly alarms: readonly AlarmReading[];
  readonly unhealthy: string | null;
  /** History events that are used when this tick is over, at the least; the estimate may be higher. */
  readonly leastHistoryEvents: number;
}

export interface Looked {
  readonly judgement: Judgement;
  readonly decision: Decision;
}

/** Throws InvalidDocumentError before the first shift. */
export function takeLook(before: Rollout, look: Look): Looked {
  const { nowMs, leastHistoryEvents } = look;
  const { rollout, counted } = countAlarms(before, look.alarms);
  const judgement = judgeRollout(rollout, { ...look, alarms: counted });
  const judged = {
    ...rollout,
    judge: judgement.state,
    historyEvents: Math.max(rollout.historyEvents, leastHistoryEvents - EVENTS_PER_TICK),
  };
  return { judgement, decision: decide(judged, judgement.verdict, nowMs, look) };
}

/** Its record. */
export function judgedFact({ stage }: Rollout, look: Look, { judgement, decision }: Looked): JudgedFact {
  const { committed, verdict } = judgement;
  const { next, historyEvents } = decision.rollout;
  // a rollback leans on open periods too, so they are part of its evidence
  const periods = next === 'roll-back' ? look.window : committed;
  return {
    kind: 'judged',
    atMs: look.nowMs,
    stageIndex: stage.index,
    ...(stage.enteredAtMs === null ? {} : { enteredAtMs: stage.enteredAtMs }),
    periods,
    open: look.window.slice(periods.length),
    metricsProblem: look.metricsProblem,
    alarms: look.alarms,
    ...(look.unhealthy === null ? {} : { unhealthy: look.unhealthy }),
    doubts: look.doubts,
    signals: look.signals,
    verdict,
    historyEvents,
    next,
  };
}
