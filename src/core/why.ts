// Why a rollout stands as it stands: the last decision with its numbers, what it waits for, and what comes next.
import { ASK_SECONDS } from './budget.ts';
import type { LiveFacts } from './live-view-facts.ts';
import { liveNext } from './live-view-next.ts';
import { askedAt, type LiveState, liveStateOf, stageHere } from './live-view-state.ts';
import { liveHeadline, liveReason } from './live-view-words.ts';
import type { RolloutReport } from './report.ts';
import type { Headline } from './report-summary.ts';
import { isoTime, ukTime } from './uk-time.ts';
import { formatCount } from './units.ts';
import { type CheckReading, plainReason, type Reason } from './verdict.ts';

export interface Why {
  readonly state: LiveState;
  readonly headline: Headline;
  /** Since when; null where the record does not tell. */
  readonly since: string | null;
  /** When it was last judged; null: it was not yet. */
  readonly judgedAt: string | null;
  readonly reason: Reason;
  /** The row of the check that decided; null where none did. */
  readonly check: CheckReading | null;
  /** Sentences, each a reason not to go on although no check sees harm. */
  readonly doubts: readonly string[];
  /** What has to happen before it goes on, each a sentence; empty once it has ended or turned back. */
  readonly toGoOn: readonly string[];
  /** What comes next and when; null once it has ended. */
  readonly next: string | null;
}

/** From here it goes nowhere else any more. */
const TURNED: readonly LiveState[] = ['stopping', 'reverting', 'promoting', 'ended'];

/** As it stood when it was last judged. A total function. */
export function whyOf(report: RolloutReport, facts: LiveFacts): Why {
  const nowMs = lookedAtMs(report, facts);
  const state = liveStateOf(report, facts, nowMs);
  const { look } = facts;
  const reason = reasonOf(report, facts, state);
  const goesOn = !TURNED.includes(state);
  return {
    state,
    headline: liveHeadline(report, facts, state),
    since: sinceOf(report, facts, state),
    judgedAt: look === null ? null : isoTime(look.atMs),
    reason,
    check: decidingRow(reason, report.checks),
    doubts: goesOn ? (lookHere(report, facts)?.doubts ?? []) : [],
    toGoOn: goesOn ? toGoOnOf(report, facts) : [],
    next: liveNext(report, facts, state, nowMs),
  };
}

function lookedAtMs({ startedAt }: RolloutReport, { look }: LiveFacts): number {
  return look?.atMs ?? Date.parse(startedAt);
}

/** The sentence is that of the live view; the numbers are those of whatever it tells of. */
function reasonOf(report: RolloutReport, facts: LiveFacts, state: LiveState): Reason {
  const sentence = liveReason(report, facts, state);
  const told = [report.reason, facts.interrupt?.reason, facts.look?.verdict.reason];
  const whole = told.find((reason) => reason?.sentence === sentence);
  if (whole !== undefined) return whole;
  // what a person said comes first, and what the checks show stands behind it
  const isSaid = state === 'paused' && facts.look !== null;
  return isSaid ? { ...facts.look.verdict.reason, sentence: sentence.slice(0, 600) } : plainReason(sentence);
}

/** Of a check with several rows, the one with the value that the reason names. */
function decidingRow({ check, value }: Reason, rows: readonly CheckReading[]): CheckReading | null {
  const own = rows.filter((row) => row.check === check);
  return own.find(({ canary }) => canary === value) ?? own[0] ?? null;
}

function sinceOf(report: RolloutReport, facts: LiveFacts, state: LiveState): string | null {
  const last = (event: string): string | null =>
    report.timeline.findLast((entry) => entry.event === event)?.at ?? null;
  const atMs = (mark: { readonly atMs: number } | null): string | null =>
    mark === null ? null : isoTime(mark.atMs);
  const entered = stageHere(report)?.enteredAt ?? null;
  switch (state) {
    case 'ended':
      return report.endedAt;
    case 'reverting':
      return last('rollback-started');
    case 'promoting':
      return last('promotion-committed');
    case 'stopping':
      return atMs(facts.interrupt) ?? last('canary-failed');
    case 'paused':
      return atMs(facts.signals.paused);
    case 'asked':
      return askedAt(report);
    case 'held':
    case 'inconclusive':
      return later(last(state === 'held' ? 'canary-held' : 'canary-inconclusive'), entered);
    case 'starting':
    case 'shifting':
      return report.startedAt;
    default:
      return entered;
  }
}

/** A hold of an earlier stage is over. */
function later(held: string | null, entered: string | null): string | null {
  return held !== null && (entered === null || held >= entered) ? held : entered;
}

/** What was seen at the weight before tells nothing of this one. */
function lookHere(report: RolloutReport, { look }: LiveFacts): LiveFacts['look'] {
  return look?.stageIndex === stageHere(report)?.index ? look : null;
}

function toGoOnOf(report: RolloutReport, facts: LiveFacts): readonly string[] {
  const look = lookHere(report, facts);
  return [
    ...answersAhead(report, facts),
    ...(look?.doubts ?? []).map((doubt) => `This doubt has to go: ${doubt}`),
    ...(isAskedInstead(report, facts) ? [] : checksAhead(look)),
    ...bakeAhead(report, facts),
  ];
}

/** Whether an answer lets it go on although its checks cannot tell. */
function isAskedInstead(report: RolloutReport, facts: LiveFacts): boolean {
  const look = lookHere(report, facts);
  return askedAt(report) !== null && look?.verdict.kind === 'inconclusive' && look.doubts.length === 0;
}

function answersAhead(report: RolloutReport, facts: LiveFacts): readonly string[] {
  const { paused } = facts.signals;
  const { rolloutId } = report;
  if (paused !== null) {
    return [`Somebody has to resume it: stepshift resume ${rolloutId}. ${unanswered(paused.atMs)}`];
  }
  const asked = askedAt(report);
  const approve = isApprovalAhead(report, facts)
    ? [`A person has to approve once the bake is over: stepshift approve ${rolloutId}`]
    : [];
  if (asked === null) return approve;
  const abort = `stepshift abort ${rolloutId} -m "why"`;
  const until = unanswered(Date.parse(asked));
  // no answer removes a doubt
  if ((lookHere(report, facts)?.doubts ?? []).length > 0) {
    return [`A person has to remove what is in doubt, or take it back: ${abort}. ${until}`, ...approve];
  }
  const orPass =
    isAskedInstead(report, facts) && !isApprovalAhead(report, facts)
      ? ' It goes on without an answer once its checks pass.'
      : '';
  return [`A person has to answer: stepshift approve ${rolloutId}, or ${abort}. ${until}${orPass}`];
}

/** The stage asks for one that was not given. */
function isApprovalAhead(report: RolloutReport, { signals }: LiveFacts): boolean {
  const here = stageHere(report);
  return here?.approval === true && !signals.approvals.some(({ stageIndex }) => stageIndex === here.index);
}

function unanswered(sinceMs: number): string {
  return `If nobody does by ${ukTime(sinceMs + ASK_SECONDS * 1000)}, it is rolled back.`;
}

/** Rows that cannot tell yet, and the check that is held. */
function checksAhead(look: LiveFacts['look']): readonly string[] {
  if (look === null) return [];
  const { kind, checks, reason } = look.verdict;
  const thin = checks.filter(({ stillNeeded }) => stillNeeded !== null);
  const isHeld =
    kind !== 'pass' && reason.check !== null && !thin.some(({ check }) => check === reason.check);
  return [
    ...(isHeld ? [`The check ${reason.check} has to pass again.`] : []),
    ...thin.map(
      ({ label, stillNeeded }) =>
        `About ${formatCount(stillNeeded ?? 0)} more canary requests have to come before «${label}» can tell.`,
    ),
  ];
}

function bakeAhead(report: RolloutReport, facts: LiveFacts): readonly string[] {
  // who promotes skips the rest of it
  if (facts.signals.promoted !== null) return [];
  const here = stageHere(report);
  if (here?.enteredAt === undefined || here.enteredAt === null) return [];
  const endMs = Date.parse(here.enteredAt) + here.bakeSeconds * 1000;
  if (endMs <= lookedAtMs(report, facts)) return [];
  return [`The bake has to be over, which is at ${ukTime(endMs)} at the earliest.`];
}
