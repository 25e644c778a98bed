// One tick as the decision sees it: what was found out, what stands beside it, and what follows from the clock alone.
import {
  ASK_SECONDS,
  SLOW_BAKE_AFTER_ASKED_SECONDS,
  SLOW_BAKE_AT_EVENTS,
  TURN_BACK_AT_EVENTS,
} from './budget.ts';
import type { Rollout } from './rollout.ts';
import type { Signals } from './signals.ts';
import { formatDuration, formatPercent } from './units.ts';
import { plainReason, type Verdict } from './verdict.ts';

/** What counts beside the verdict. */
export interface Circumstances {
  /** Sentences, each a reason not to go on although the judge sees no harm; empty when nothing speaks against it. */
  readonly doubts: readonly string[];
  readonly signals: Signals;
}

export interface Tick extends Circumstances {
  /** With the verdict of this tick, doubts included, and its share of the history. */
  readonly rollout: Rollout;
  /** As the tick before left it. */
  readonly before: Rollout;
  readonly nowMs: number;
}

/** A doubt turns what would go on into a hold, and into not knowing once the stage was held for as long as it may. */
export function doubted(
  before: Rollout,
  verdict: Verdict,
  doubts: readonly string[],
  nowMs: number,
): Verdict {
  const [doubt] = doubts;
  if (doubt === undefined || verdict.kind === 'rollback' || verdict.kind === 'hold') return verdict;
  const { enteredAtMs } = before.stage;
  const holdSeconds = bakeSecondsOf(before) + before.spec.maxHoldSeconds;
  const isHoldOver = enteredAtMs !== null && nowMs >= enteredAtMs + holdSeconds * 1000;
  return { ...verdict, kind: isHoldOver ? 'inconclusive' : 'hold', reason: plainReason(doubt) };
}

export function bakeIsOver({ rollout, nowMs }: Tick): boolean {
  const { enteredAtMs } = rollout.stage;
  return enteredAtMs !== null && nowMs - enteredAtMs >= bakeSecondsOf(rollout) * 1000;
}

/**
 * Whoever promotes skips the rest of the bake, not what the checks have to show: a whole period at this weight must be
 * old enough to be known, or the stage would be left on what was seen at the weight before.
 */
export function mayLeaveEarly({ rollout, signals, nowMs }: Tick): boolean {
  const { stage, window } = rollout;
  if (signals.promoted === null || stage.enteredAtMs === null) return false;
  const periodMs = window.periodSeconds * 1000;
  const firstWholeMs = Math.ceil(stage.enteredAtMs / periodMs) * periodMs;
  return nowMs >= firstWholeMs + periodMs + window.passAfterSeconds * 1000;
}

function bakeSecondsOf({ spec, stage }: Rollout): number {
  return spec.stages[stage.index]?.bakeSeconds ?? Number.POSITIVE_INFINITY;
}

export function isBudgetUsed({ rollout }: Tick): boolean {
  return rollout.historyEvents >= TURN_BACK_AT_EVENTS;
}

/** @param sinceMs since when somebody is awaited; null: nobody is */
export function isUnanswered(sinceMs: number | null, nowMs: number): boolean {
  return sinceMs !== null && nowMs - sinceMs >= ASK_SECONDS * 1000;
}

/** Who approved this stage, and when; undefined: nobody did. */
export function approvalOf({ rollout, signals }: Tick): Signals['approvals'][number] | undefined {
  return signals.approvals.find(({ stageIndex }) => stageIndex === rollout.stage.index);
}

function approvedAtMs(tick: Tick): number | null {
  return approvalOf(tick)?.atMs ?? null;
}

export function isApprovalMissing(tick: Tick): boolean {
  const { spec, stage } = tick.rollout;
  return spec.stages[stage.index]?.approval === true && approvedAtMs(tick) === null;
}

/** No approval was known; none is as old as this. */
const NONE_KNOWN_MS = 0;

/**
 * The tick with what its stage notes for later ones: which approval was known when the judge could not tell and people could
 * first answer. It stays as long as the judge cannot, through a pause and a doubt too, and is null as long as it can.
 */
export function withKnownApproval(tick: Tick, judged: Verdict): Tick {
  const { approvedBeforeMs } = tick.rollout.stage;
  if (judged.kind !== 'inconclusive') return withStage(tick, { approvedBeforeMs: null });
  if (approvedBeforeMs !== null || tick.doubts.length > 0) return tick;
  return withStage(tick, { approvedBeforeMs: approvedAtMs(tick) ?? NONE_KNOWN_MS });
}

/** A stage may be inconclusive for a doubt, which no answer removes, and for a judge that cannot tell: two questions. */
export function isAskedAlready({ before, rollout }: Tick): boolean {
  const isSameQuestion =
    (before.stage.approvedBeforeMs === null) === (rollout.stage.approvedBeforeMs === null);
  return before.verdict?.kind === 'inconclusive' && before.stage.askedAtMs !== null && isSameQuestion;
}

/** Who approved before the judge could not tell did not know of that. Told by the approval itself: clocks may differ. */
export function isAnswered(tick: Tick): boolean {
  const answer = approvedAtMs(tick);
  return answer !== null && answer !== tick.rollout.stage.approvedBeforeMs;
}

/** Little of the history is left, or a person has been awaited for long. */
export function isSlow({ rollout, signals, nowMs }: Tick): boolean {
  const awaitedSinceMs = signals.paused?.atMs ?? rollout.stage.askedAtMs;
  return (
    rollout.historyEvents >= SLOW_BAKE_AT_EVENTS ||
    (awaitedSinceMs !== null && nowMs - awaitedSinceMs >= SLOW_BAKE_AFTER_ASKED_SECONDS * 1000)
  );
}

/** `stage 2 (50 %)`, as people count. */
export function stageName({
  stage,
}: {
  readonly stage: Pick<Rollout['stage'], 'index' | 'weightPercent'>;
}): string {
  return `stage ${stage.index + 1} (${formatPercent(stage.weightPercent)})`;
}

/** What people are asked. */
export function questionOf({ rollout, doubts }: Tick): string {
  const unanswered = `Unanswered for ${formatDuration(ASK_SECONDS)} it is rolled back.`;
  if (doubts.length > 0) {
    return `Nothing goes on while this is in doubt: remove the cause, or take it back. ${unanswered}`;
  }
  return rollout.verdict?.kind === 'pass'
    ? `Approval is needed to leave ${stageName(rollout)}: go on or take it back? It is judged on meanwhile. ${unanswered}`
    : `Go on or take it back? ${unanswered}`;
}

export function withStage(tick: Tick, change: Partial<Rollout['stage']>): Tick {
  const { rollout } = tick;
  return { ...tick, rollout: { ...rollout, stage: { ...rollout.stage, ...change } } };
}
