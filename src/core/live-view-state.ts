// How a rollout stands at an instant, as one of a few states that a person tells apart at a glance.
import type { EventName } from './events.ts';
import type { LiveFacts } from './live-view-facts.ts';
import type { RolloutReport, StageCourse } from './report.ts';
import type { CheckReading } from './verdict.ts';

export type LiveState =
  /** Nothing was shifted yet. */
  | 'starting'
  | 'shifting'
  /** Nobody has looked at this weight yet. */
  | 'unjudged'
  /** Within the bake, nothing looks bad, and too little is known to say more. */
  | 'gathering'
  | 'passing'
  | 'held'
  | 'inconclusive'
  /** A person has to answer. */
  | 'asked'
  | 'paused'
  /** It is to go back, and the way back has not begun. */
  | 'stopping'
  | 'reverting'
  | 'promoting'
  | 'ended';

/** After a question these mean that nobody is awaited any more; a pause puts it off, and it is asked again afterwards. */
const ANSWERED: readonly EventName[] = [
  'stage-approved',
  'stage-advanced-unproven',
  'stage-passed',
  'traffic-shifted',
  'rollout-paused',
  'canary-failed',
  'budget-exhausted',
  'rollback-started',
];

/** When a person was asked who has not answered yet, ISO 8601; null: nobody is awaited. */
export function askedAt({ timeline }: Pick<RolloutReport, 'timeline'>): string | null {
  const asked = timeline.findLastIndex(({ event }) => event === 'decision-needed');
  const isAnswered = timeline.slice(asked + 1).some(({ event }) => ANSWERED.includes(event));
  return asked === -1 || isAnswered ? null : (timeline[asked]?.at ?? null);
}

/** The stage that traffic is at, or was at last; null before the first shift. */
export function stageHere({ course }: Pick<RolloutReport, 'course'>): StageCourse | null {
  return course.findLast(({ enteredAt }) => enteredAt !== null) ?? null;
}

export function liveStateOf(report: RolloutReport, facts: LiveFacts, nowMs: number): LiveState {
  if (report.outcome !== null) return 'ended';
  if (facts.phase === 'PROMOTING') return 'promoting';
  if (facts.phase === 'REVERTING') return 'reverting';
  const here = stageHere(report);
  const isJudged = facts.look !== null && facts.look.stageIndex === here?.index;
  const kind = isJudged ? facts.look.verdict.kind : null;
  if (facts.interrupt !== null || kind === 'rollback') return 'stopping';
  if (facts.signals.paused !== null) return 'paused';
  if (askedAt(report) !== null) return 'asked';
  if (facts.phase === 'SHIFTING') return 'shifting';
  if (here === null) return 'starting';
  if (kind === null || facts.look === null) return 'unjudged';
  if (facts.look.doubts.length > 0) return 'held';
  if (kind === 'hold') return isBaking(here, nowMs) && suspectOf(report) === null ? 'gathering' : 'held';
  return kind === 'pass' ? 'passing' : 'inconclusive';
}

function isBaking({ enteredAt, bakeSeconds }: StageCourse, nowMs: number): boolean {
  return enteredAt !== null && nowMs < Date.parse(enteredAt) + bakeSeconds * 1000;
}

const SUSPECT: readonly CheckReading['action'][] = ['consider rollback', 'investigate'];

/** The check that looks worst; null where none looks bad. */
export function suspectOf({ checks }: Pick<RolloutReport, 'checks'>): CheckReading | null {
  const suspects = SUSPECT.flatMap((action) => checks.filter((check) => check.action === action));
  return suspects[0] ?? null;
}
