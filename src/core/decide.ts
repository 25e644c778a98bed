// What happens next: the pure decision that turns a verdict and the stage's clock into the next state of the workflow.
import {
  ASK_SECONDS,
  EVENTS_PER_TICK,
  MAX_HISTORY_EVENTS,
  SLOW_BAKE_AFTER_ASKED_SECONDS,
  SLOW_BAKE_AT_EVENTS,
} from './budget.ts';
import { type EventName, type RolloutEvent, rolloutEvent } from './events.ts';
import type { Rollout } from './rollout.ts';
import { formatDuration } from './units.ts';
import { plainReason, type Reason, type Verdict } from './verdict.ts';

export interface Decision {
  readonly rollout: Rollout;
  readonly events: readonly RolloutEvent[];
}

/**
 * Combines the verdict of one tick with the stage's clock. Precondition: the rollout is in a stage.
 * @param isTargetKnown false when the live target could not be read: then nothing advances, but harm is still taken back
 */
export function decide(before: Rollout, verdict: Verdict, nowMs: number, isTargetKnown = true): Decision {
  const { rollout, events } = next(before, verdict, nowMs, isTargetKnown);
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

function next(before: Rollout, verdict: Verdict, nowMs: number, isTargetKnown: boolean): Decision {
  const rollout: Rollout = {
    ...before,
    verdict,
    historyEvents: before.historyEvents + EVENTS_PER_TICK,
  };
  if (verdict.kind === 'rollback') return fail(rollout, 'canary-failed', verdict.reason, nowMs);
  if (rollout.historyEvents >= MAX_HISTORY_EVENTS) {
    const sentence = `The execution used ${rollout.historyEvents} of its history events; it is taken back before the service ends it.`;
    return fail(rollout, 'budget-exhausted', plainReason(sentence), nowMs);
  }
  switch (verdict.kind) {
    case 'pass':
      return bakeIsOver(rollout, nowMs) && isTargetKnown
        ? advance(rollout, 'stage-passed', nowMs)
        : keepBaking(cleared(rollout), rollout.stage.heldSinceMs === null ? [] : ['canary-cleared'], nowMs);
    case 'hold':
      return bakeIsOver(rollout, nowMs) && rollout.stage.heldSinceMs === null
        ? keepBaking(withStage(rollout, { heldSinceMs: nowMs }), ['canary-held'], nowMs)
        : keepBaking(rollout, [], nowMs);
    case 'inconclusive':
      return inconclusive(rollout, verdict, nowMs, isTargetKnown);
  }
}

function inconclusive(rollout: Rollout, verdict: Verdict, nowMs: number, isTargetKnown: boolean): Decision {
  switch (rollout.spec.onInconclusive) {
    case 'advance':
      return isTargetKnown
        ? advance(rollout, 'stage-advanced-unproven', nowMs)
        : keepBaking(rollout, [], nowMs);
    case 'rollback':
      return fail(rollout, 'canary-inconclusive', verdict.reason, nowMs);
    case 'ask':
      return ask(rollout, verdict, nowMs);
  }
}

function ask(rollout: Rollout, verdict: Verdict, nowMs: number): Decision {
  const askedAtMs = rollout.stage.askedAtMs ?? nowMs;
  const asked = withStage(rollout, { askedAtMs });
  if (nowMs - askedAtMs >= ASK_SECONDS * 1000) {
    const sentence = `${verdict.reason.sentence} Nobody answered for ${formatDuration(ASK_SECONDS)}.`;
    return fail(asked, 'canary-inconclusive', { ...verdict.reason, sentence: sentence.slice(0, 600) }, nowMs);
  }
  return keepBaking(
    asked,
    rollout.stage.askedAtMs === null ? ['canary-inconclusive', 'decision-needed'] : [],
    nowMs,
  );
}

function fail(rollout: Rollout, event: EventName, reason: Reason, nowMs: number): Decision {
  return {
    rollout: { ...rollout, next: 'roll-back', reason },
    events: [
      rolloutEvent(rollout, event, nowMs, reason.sentence, {
        check: reason.check,
        value: reason.value,
        limit: reason.limit,
        weightPercent: rollout.stage.weightPercent,
      }),
    ],
  };
}

function advance(rollout: Rollout, event: EventName, nowMs: number): Decision {
  const isLast = rollout.stage.index === rollout.spec.stages.length - 1;
  const sentence = rollout.verdict?.reason.sentence ?? '';
  return {
    rollout: { ...rollout, next: isLast ? 'commit-promotion' : 'shift-traffic' },
    events: [rolloutEvent(rollout, event, nowMs, sentence, { weightPercent: rollout.stage.weightPercent })],
  };
}

function keepBaking(rollout: Rollout, events: readonly EventName[], nowMs: number): Decision {
  const { askedAtMs } = rollout.stage;
  const isSlow =
    rollout.historyEvents >= SLOW_BAKE_AT_EVENTS ||
    (askedAtMs !== null && nowMs - askedAtMs >= SLOW_BAKE_AFTER_ASKED_SECONDS * 1000);
  const sentence = rollout.verdict?.reason.sentence ?? '';
  return {
    rollout: { ...rollout, next: isSlow ? 'bake-slowly' : 'bake' },
    events: events.map((event) =>
      rolloutEvent(
        rollout,
        event,
        nowMs,
        event === 'decision-needed'
          ? `Go on or take it back? Unanswered for ${formatDuration(ASK_SECONDS)} it is rolled back.`
          : sentence,
        { weightPercent: rollout.stage.weightPercent },
      ),
    ),
  };
}

function cleared(rollout: Rollout): Rollout {
  return withStage(rollout, { heldSinceMs: null, askedAtMs: null });
}

function bakeIsOver(rollout: Rollout, nowMs: number): boolean {
  const { index, enteredAtMs } = rollout.stage;
  const bakeSeconds = rollout.spec.stages[index]?.bakeSeconds ?? Number.POSITIVE_INFINITY;
  return enteredAtMs !== null && nowMs - enteredAtMs >= bakeSeconds * 1000;
}

function withStage(rollout: Rollout, change: Partial<Rollout['stage']>): Rollout {
  return { ...rollout, stage: { ...rollout.stage, ...change } };
}
