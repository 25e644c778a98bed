// What happens next: the pure decision that turns a verdict, what speaks against going on, what people said and the
// stage's clock into the next state of the workflow. A rollout never advances on a doubt.
import { ASK_SECONDS, EVENTS_PER_TICK } from './budget.ts';
import {
  approvalOf,
  bakeIsOver,
  type Circumstances,
  doubted,
  isAnswered,
  isApprovalMissing,
  isAskedAlready,
  isBudgetUsed,
  isSlow,
  isUnanswered,
  mayLeaveEarly,
  questionOf,
  stageName,
  type Tick,
  withKnownApproval,
  withStage,
} from './decide-tick.ts';
import { type EventName, type RolloutEvent, rolloutEvent } from './events.ts';
import type { Rollout } from './rollout.ts';
import { NO_SIGNALS } from './signals.ts';
import { formatDuration } from './units.ts';
import { plainReason, type Reason, type Verdict } from './verdict.ts';

export interface Decision {
  readonly rollout: Rollout;
  readonly events: readonly RolloutEvent[];
}

const NOTHING_ELSE: Circumstances = { doubts: [], signals: NO_SIGNALS };

/**
 * Combines the judge's verdict of one tick with the stage's clock. Precondition: the rollout is in a stage.
 * In this order: proven harm and a used-up history take it back; a pause keeps it where it is; a doubt holds it; an
 * open question keeps it until somebody answers. Only then it goes on.
 */
export function decide(
  before: Rollout,
  verdict: Verdict,
  nowMs: number,
  circumstances: Circumstances = NOTHING_ELSE,
): Decision {
  const now = {
    ...before,
    verdict: doubted(before, verdict, circumstances.doubts, nowMs),
    historyEvents: before.historyEvents + EVENTS_PER_TICK,
  };
  const tick = withKnownApproval({ ...circumstances, before, rollout: now, nowMs }, verdict);
  const { rollout, events } = next(tick);
  return { rollout, events: [...newAlerts(before, verdict, nowMs), ...events] };
}

/** Told once, when it was not there a tick ago. */
function newAlerts(before: Rollout, { alerts }: Verdict, nowMs: number): readonly RolloutEvent[] {
  const known = new Set(before.verdict?.alerts.map(({ check }) => check));
  return alerts
    .filter(({ check }) => !known.has(check))
    .map(({ check, sentence }) =>
      rolloutEvent(before, 'check-alerted', nowMs, sentence, {
        check,
        weightPercent: before.stage.weightPercent,
      }),
    );
}

function next(tick: Tick): Decision {
  const { rollout, signals } = tick;
  const { verdict } = rollout;
  if (verdict?.kind === 'rollback') return fail(tick, 'canary-failed', verdict.reason);
  if (isBudgetUsed(tick)) {
    const sentence = `The execution used ${rollout.historyEvents} of its history events; it is taken back before the service ends it.`;
    return fail(tick, 'budget-exhausted', plainReason(sentence));
  }
  if (signals.paused !== null) return stayPaused(tick, signals.paused);
  switch (verdict?.kind) {
    case 'pass':
      return passed(tick);
    case 'inconclusive':
      return inconclusive(tick, verdict.reason);
    default:
      return bakeIsOver(tick) && rollout.stage.heldSinceMs === null
        ? keepBaking(withStage(tick, { heldSinceMs: tick.nowMs }), ['canary-held'])
        : keepBaking(tick, []);
  }
}

/** Judged on, and taken back when nobody resumes. A question waits for the end of the pause and is then asked again. */
function stayPaused(tick: Tick, paused: NonNullable<Circumstances['signals']['paused']>): Decision {
  if (!isUnanswered(paused.atMs, tick.nowMs)) return keepBaking(withStage(tick, { askedAtMs: null }), []);
  return nobodyAnswered(tick, `Paused by ${paused.actor}, and nobody resumed it`);
}

function passed(tick: Tick): Decision {
  if (!bakeIsOver(tick) && !mayLeaveEarly(tick)) {
    return keepBaking(withStage(tick, { heldSinceMs: null, askedAtMs: null }), clearedEvents(tick));
  }
  return isApprovalMissing(tick) ? askForApproval(tick) : advance(tick, 'stage-passed');
}

function clearedEvents({ rollout }: Tick): readonly EventName[] {
  return rollout.stage.heldSinceMs === null ? [] : ['canary-cleared'];
}

function askForApproval(tick: Tick): Decision {
  const { askedAtMs } = tick.rollout.stage;
  if (isUnanswered(askedAtMs, tick.nowMs)) {
    return nobodyAnswered(
      tick,
      `Approval was asked for to leave ${stageName(tick.rollout)}, and nobody answered`,
    );
  }
  const asked = withStage(tick, { heldSinceMs: null, askedAtMs: askedAtMs ?? tick.nowMs });
  return keepBaking(asked, [...clearedEvents(tick), ...(askedAtMs === null ? [DECISION] : [])]);
}

const DECISION: EventName = 'decision-needed';

/** Told by the way back itself, which gives this reason. */
function nobodyAnswered(tick: Tick, what: string): Decision {
  const reason = plainReason(`${what} for ${formatDuration(ASK_SECONDS)}.`);
  return { rollout: turnedBack(tick, reason), events: [] };
}

function inconclusive(tick: Tick, reason: Reason): Decision {
  const { onInconclusive } = tick.rollout.spec;
  if (onInconclusive === 'rollback') return fail(tick, 'canary-inconclusive', reason);
  const mayGoOn = onInconclusive === 'advance' ? !isApprovalMissing(tick) : isAnswered(tick);
  if (!mayGoOn || tick.doubts.length > 0) return ask(tick, reason);
  const actor = approvalOf(tick)?.actor;
  return advance(tick, 'stage-advanced-unproven', actor === undefined ? {} : { actor });
}

function ask(tick: Tick, reason: Reason): Decision {
  const { askedAtMs } = tick.rollout.stage;
  if (isAskedAlready(tick) && isUnanswered(askedAtMs, tick.nowMs)) {
    const what = isAnswered(tick) ? 'It stayed in doubt' : 'Nobody answered';
    const sentence = `${reason.sentence} ${what} for ${formatDuration(ASK_SECONDS)}.`;
    return fail(tick, 'canary-inconclusive', { ...reason, sentence: sentence.slice(0, 600) });
  }
  if (isAskedAlready(tick)) return keepBaking(tick, []);
  // who was asked to approve a canary that passed, or to remove a doubt, is asked another question now
  return keepBaking(withStage(tick, { askedAtMs: tick.nowMs }), ['canary-inconclusive', DECISION]);
}

function turnedBack({ rollout }: Tick, reason: Reason): Rollout {
  return { ...rollout, next: 'roll-back', reason };
}

function fail(tick: Tick, event: EventName, reason: Reason): Decision {
  const { check, value, limit, sentence } = reason;
  const { weightPercent } = tick.rollout.stage;
  return {
    rollout: turnedBack(tick, reason),
    events: [rolloutEvent(tick.rollout, event, tick.nowMs, sentence, { check, value, limit, weightPercent })],
  };
}

/** @param by who let it go on, where it was a person */
function advance({ rollout, nowMs }: Tick, event: EventName, by: { readonly actor?: string } = {}): Decision {
  const isLast = rollout.stage.index === rollout.spec.stages.length - 1;
  const sentence = rollout.verdict?.reason.sentence ?? '';
  return {
    rollout: { ...rollout, next: isLast ? 'commit-promotion' : 'shift-traffic' },
    events: [
      rolloutEvent(rollout, event, nowMs, sentence, { weightPercent: rollout.stage.weightPercent, ...by }),
    ],
  };
}

function keepBaking(tick: Tick, events: readonly EventName[]): Decision {
  const { rollout, nowMs } = tick;
  const sentence = rollout.verdict?.reason.sentence ?? '';
  return {
    rollout: { ...rollout, next: isSlow(tick) ? 'bake-slowly' : 'bake' },
    events: events.map((event) =>
      rolloutEvent(rollout, event, nowMs, event === DECISION ? questionOf(tick) : sentence, {
        weightPercent: rollout.stage.weightPercent,
      }),
    ),
  };
}
