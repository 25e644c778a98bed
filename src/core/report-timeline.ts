// How the rows of a story hang together: what led to what, who it was, and where a stage was judged for the last time.
import { ASK_SECONDS } from './budget.ts';
import type { EventName } from './events.ts';
import type { RolloutReport, TimelineEntry } from './report.ts';

type Timeline = RolloutReport['timeline'];

interface Rule {
  /** The nearest earlier one of these is the cause … */
  readonly from: readonly EventName[];
  /** … unless one of these is nearer. */
  readonly until?: readonly EventName[];
}

const NEW_STAGE: readonly EventName[] = ['traffic-shifted'];
/** Each leads to the way back whatever came before; none is taken back. */
const TURNS: readonly EventName[] = ['canary-failed', 'interrupt-latched', 'budget-exhausted', 'taken-over'];

/** What is missing here has no earlier row for a cause: it was measured, or somebody said so. */
const RULES: Partial<Readonly<Record<EventName, readonly Rule[]>>> = {
  'traffic-shifted': [{ from: ['rollout-started', 'stage-passed', 'stage-advanced-unproven'] }],
  'canary-cleared': [{ from: ['canary-held', 'canary-inconclusive'], until: NEW_STAGE }],
  'rollout-resumed': [{ from: ['rollout-paused'] }],
  'stage-approved': [{ from: ['decision-needed'], until: NEW_STAGE }],
  // a stage is left early, or at last, because somebody said so
  'stage-passed': [{ from: ['stage-approved'], until: NEW_STAGE }, { from: ['promotion-requested'] }],
  'stage-advanced-unproven': [
    { from: ['stage-approved', 'canary-inconclusive', 'canary-held'], until: NEW_STAGE },
  ],
  'promotion-committed': [{ from: ['stage-passed', 'stage-advanced-unproven'] }],
  'promotion-delayed': [{ from: ['promotion-committed'] }],
  'rollout-promoted': [{ from: ['promotion-committed'] }],
  'rollout-rejected': [{ from: TURNS }],
  'rollback-delayed': [{ from: ['rollback-started'] }],
  'rollout-rolled-back': [{ from: ['rollback-started'] }],
  'rollout-aborted': [{ from: ['rollback-started'] }],
  'rollout-superseded': [{ from: ['rollback-started', 'promotion-committed'] }],
};

/** The events of a way back: what turned the rollout back is their cause where its beginning is not on record. */
const BACKWARDS: readonly EventName[] = [
  'rollback-started',
  'rollback-delayed',
  'stable-unhealthy',
  'rollout-rolled-back',
  'rollout-aborted',
  'rollout-superseded',
];

/** For each row the row that led to it, by its index; null where no row did. */
export function causesOf(timeline: Timeline): readonly (number | null)[] {
  return timeline.map((entry, index) => causeOf(timeline, entry, index));
}

function causeOf(timeline: Timeline, { event }: TimelineEntry, index: number): number | null {
  if (event === 'canary-inconclusive') return causeOfDoubt(timeline, index);
  if (event === 'decision-needed') return isFollowUp(timeline, index) ? index - 1 : null;
  for (const rule of RULES[event] ?? []) {
    const cause = nearest(timeline, index, rule);
    if (cause !== null) return cause;
  }
  return BACKWARDS.includes(event) ? turnBefore(timeline, index) : null;
}

function nearest(timeline: Timeline, before: number, { from, until = [] }: Rule): number | null {
  for (let index = before - 1; index >= 0; index -= 1) {
    const event = timeline[index]?.event;
    if (event === undefined || until.includes(event)) return null;
    if (from.includes(event)) return index;
  }
  return null;
}

/** Not known for too long, and asked about in the same breath; without a question it was the answer that did not come. */
function causeOfDoubt(timeline: Timeline, index: number): number | null {
  const until: readonly EventName[] = [...NEW_STAGE, 'canary-cleared'];
  const asked = isFollowUp(timeline, index + 1)
    ? null
    : nearest(timeline, index, { from: ['decision-needed'], until });
  return asked ?? nearest(timeline, index, { from: ['canary-held'], until });
}

/** The question that a doubt of the same instant asks. */
function isFollowUp(timeline: Timeline, index: number): boolean {
  const [doubt, question] = [timeline[index - 1], timeline[index]];
  return (
    question?.event === 'decision-needed' &&
    doubt?.event === 'canary-inconclusive' &&
    doubt.at === question.at
  );
}

/** What turned the rollout back; null where nothing before this row says so. */
function turnBefore(timeline: Timeline, before: number): number | null {
  return (
    nearest(timeline, before, { from: TURNS }) ??
    lastDoubt(timeline, before) ??
    unanswered(timeline, before, { from: ['decision-needed'], until: NEW_STAGE }) ??
    unanswered(timeline, before, { from: ['rollout-paused'], until: ['rollout-resumed'] })
  );
}

/** A doubt that nobody was asked about any more: the policy, or a day without an answer, decided. */
function lastDoubt(timeline: Timeline, before: number): number | null {
  const until: readonly EventName[] = [
    'canary-cleared',
    'stage-passed',
    'stage-advanced-unproven',
    ...NEW_STAGE,
  ];
  const doubt = nearest(timeline, before, { from: ['canary-inconclusive'], until });
  return doubt === null || isFollowUp(timeline, doubt + 1) ? null : doubt;
}

/** Who was asked has a day to answer. */
function unanswered(timeline: Timeline, before: number, rule: Rule): number | null {
  const asked = nearest(timeline, before, rule);
  return asked !== null && secondsBetween(timeline[asked], timeline[before]) >= ASK_SECONDS ? asked : null;
}

function secondsBetween(from: TimelineEntry | undefined, to: TimelineEntry | undefined): number {
  return (Date.parse(to?.at ?? '') - Date.parse(from?.at ?? '')) / 1000;
}

/** What sent the traffic back. */
export interface Turn {
  /**
   * trouble: a check, an alarm, the guard or a step that failed for good · person: somebody aborted ·
   * unanswered: nobody answered a question, or ended a pause, for as long as the rollout may wait.
   */
  readonly kind: 'trouble' | 'person' | 'unanswered';
  /** The row that decided; the begin of the way back where none is on record. */
  readonly decided: TimelineEntry;
  /** The question, or the pause, that nobody ended; null for the other kinds. */
  readonly asked: TimelineEntry | null;
}

/** null: no way back has begun. */
export function turnOf(timeline: Timeline): Turn | null {
  const begin = timeline.findIndex(({ event }) => event === 'rollback-started');
  const started = timeline[begin];
  if (started === undefined) return null;
  const cause = turnBefore(timeline, begin);
  const decided = timeline[cause ?? begin] ?? started;
  const doubted = decided.event === 'canary-inconclusive' ? causeOfDoubt(timeline, cause ?? begin) : null;
  const asked = [decided, timeline[doubted ?? -1]].find(
    (row) => row !== undefined && WAITS.includes(row.event),
  );
  if (asked !== undefined)
    return { kind: 'unanswered', decided: asked === decided ? started : decided, asked };
  const isAbort = decided.event === 'interrupt-latched' && decided['kind'] === 'abort';
  return { kind: isAbort ? 'person' : 'trouble', decided, asked: null };
}

const WAITS: readonly EventName[] = ['decision-needed', 'rollout-paused'];

/** A person as they named themselves, an alarm or the guard; null: the engine by itself. */
export function actorOf({ event, actor, kind, source }: TimelineEntry): string | null {
  if (typeof actor === 'string') return actor;
  if (event !== 'interrupt-latched' || typeof source !== 'string') return null;
  return kind === 'alarm' ? `alarm ${source}` : source;
}

/** What may be the last that was said of a stage before it was left. */
const SAID_OF_STAGE: readonly EventName[] = [
  'stage-passed',
  'stage-advanced-unproven',
  'canary-failed',
  'canary-inconclusive',
  'canary-held',
  'canary-cleared',
  'check-alerted',
];

/** Index of the row that tells the last verdict of a stage; null where no row does. */
export function rowOfStage({ course, timeline }: RolloutReport, stageIndex: number): number | null {
  const { enteredAt = null, leftAt = null } = course[stageIndex] ?? {};
  if (enteredAt === null) return null;
  const row = timeline.findLastIndex(
    ({ at, event }) => SAID_OF_STAGE.includes(event) && at >= enteredAt && (leftAt === null || at <= leftAt),
  );
  return row === -1 ? null : row;
}
