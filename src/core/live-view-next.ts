// What the live view says of what comes next, and on what that depends.
import { ASK_SECONDS } from './budget.ts';
import type { LiveFacts } from './live-view-facts.ts';
import { askedAt, type LiveState, stageHere } from './live-view-state.ts';
import type { RolloutReport, StageCourse } from './report.ts';
import { ukClock, ukTime } from './uk-time.ts';
import { formatPercent } from './units.ts';

/** What happens next, and on what it depends; null when nothing does any more. */
export function liveNext(
  report: RolloutReport,
  facts: LiveFacts,
  state: LiveState,
  nowMs: number,
): string | null {
  const here = stageHere(report);
  const after = afterStage(report, here);
  switch (state) {
    case 'ended':
      return null;
    case 'starting':
      return `${after}, when all gates are open`;
    case 'shifting':
      return `${after}, read back`;
    case 'unjudged':
    case 'gathering':
      return `${onward(here, facts, after)}, once it passes`;
    case 'passing':
      return onward(here, facts, after);
    case 'held':
    case 'inconclusive':
      return heldNext(here, facts, onward(here, facts, after), nowMs);
    case 'asked':
      return `${answers(facts, after)}; or abort. ${deadline(askedAt(report))}`;
    case 'paused':
      return `it waits for resume. ${deadline(facts.signals.paused?.atMs ?? null)}`;
    case 'stopping':
    case 'reverting':
      return `all traffic on version ${report.stableVersion ?? 'stable'}, read back`;
    case 'promoting':
      return `all traffic on version ${report.canaryVersion}, read back`;
  }
}

function afterStage({ course }: RolloutReport, here: StageCourse | null): string {
  const next = course[(here?.index ?? -1) + 1];
  return next === undefined ? 'promotion' : formatPercent(next.weightPercent);
}

function isApprovalMissing(here: StageCourse | null, { signals }: LiveFacts): boolean {
  return here?.approval === true && !signals.approvals.some(({ stageIndex }) => stageIndex === here.index);
}

function onward(here: StageCourse | null, facts: LiveFacts, after: string): string {
  return isApprovalMissing(here, facts) ? `a person is asked, then ${after}` : after;
}

/** An approval lets nothing go on that is in doubt or does not pass. */
function answers({ look }: LiveFacts, after: string): string {
  if (look !== null && look.doubts.length > 0) return `${after} once nothing is in doubt`;
  return look?.verdict.kind === 'hold' ? `approve, then ${after} once it passes` : `approve, then ${after}`;
}

const AFTER_HOLD = {
  ask: 'a person is asked',
  advance: 'it goes on all the same',
  rollback: 'it is rolled back',
} as const;

function heldNext(here: StageCourse | null, facts: LiveFacts, after: string, nowMs: number): string {
  const { policy, look } = facts;
  if (here === null || here.enteredAt === null || policy === null) return `${after}, once it passes`;
  const untilMs = Date.parse(here.enteredAt) + (here.bakeSeconds + policy.maxHoldSeconds) * 1000;
  // the policy goes on without proof, but neither on a doubt nor without the approval that a stage asks for
  const mayGoOn = (look?.doubts ?? []).length === 0 && !isApprovalMissing(here, facts);
  const isAsked = policy.onInconclusive === 'advance' && !mayGoOn;
  const then = AFTER_HOLD[isAsked ? 'ask' : policy.onInconclusive];
  return nowMs >= untilMs
    ? `${then}, or ${after} once it passes`
    : `${after} once it passes; at ${ukClock(untilMs)} ${then}`;
}

function deadline(since: string | number | null): string {
  if (since === null) return 'Unanswered it is rolled back.';
  const sinceMs = typeof since === 'number' ? since : Date.parse(since);
  return `Unanswered at ${ukTime(sinceMs + ASK_SECONDS * 1000)} it is rolled back.`;
}
