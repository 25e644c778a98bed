// What the live view says in words: how it stands, why, what comes next.
import { ASK_SECONDS } from './budget.ts';
import type { LiveFacts } from './live-view-facts.ts';
import { askedAt, type LiveState, stageHere, suspectOf } from './live-view-state.ts';
import type { RolloutReport, StageCourse } from './report.ts';
import { type Headline, headlineOf } from './report-summary.ts';
import { ukClock, ukTime } from './uk-time.ts';
import { formatPercent } from './units.ts';

/** How far the bake of the stage is that traffic is at. */
export interface LiveBake {
  readonly elapsedSeconds: number;
  readonly totalSeconds: number;
  readonly endsAtMs: number;
}

export function bakeOf(here: StageCourse | null, nowMs: number): LiveBake | null {
  if (here === null || here.enteredAt === null || here.leftAt !== null) return null;
  const enteredMs = Date.parse(here.enteredAt);
  return {
    elapsedSeconds: Math.max(0, Math.floor((nowMs - enteredMs) / 1000)),
    totalSeconds: here.bakeSeconds,
    endsAtMs: enteredMs + here.bakeSeconds * 1000,
  };
}

/** One sentence that says how it stands; `what` is complete without anything below it. */
export function liveHeadline(report: RolloutReport, facts: LiveFacts, state: LiveState): Headline {
  if (state === 'ended') return endHeadline(report);
  const canary = `version ${report.canaryVersion}`;
  const stable = report.stableVersion === null ? 'the stable version' : `version ${report.stableVersion}`;
  const share = `${formatPercent(report.finalWeightPercent)} of the traffic is on ${canary}`;
  const isDelayed = report.timeline.at(-1)?.event.endsWith('-delayed') === true;
  const looks: Readonly<Record<Exclude<LiveState, 'ended'>, Headline>> = {
    starting: { icon: '▶', what: `Starting: no traffic is on ${canary} yet`, tone: 'neutral' },
    shifting: { icon: '↗', what: `Shifting more traffic to ${canary}`, tone: 'neutral' },
    unjudged: { icon: '▶', what: `${share}: too early to judge`, tone: 'neutral' },
    gathering: { icon: '▶', what: `${share}: nothing bad, too early to tell`, tone: 'neutral' },
    passing: { icon: '✔', what: `${share}: no harm seen so far`, tone: 'good' },
    held: { icon: '…', what: `${share}: held, ${holdWords(report, facts)}`, tone: 'caution' },
    inconclusive: { icon: '?', what: `${share}: nobody can tell whether it is safe`, tone: 'caution' },
    asked: { icon: '?', what: `You are asked: shall ${canary} go on or back?`, tone: 'caution' },
    paused: { icon: '‖', what: `Paused, and judged on: ${share}`, tone: 'caution' },
    stopping: { icon: '✖', what: `Stopping: all traffic goes back to ${stable}`, tone: 'bad' },
    reverting: isDelayed
      ? { icon: '!', what: `NOT SAFE YET: taking traffic off ${canary} failed, tried again`, tone: 'bad' }
      : { icon: '↩', what: `Going back: all traffic to ${stable}, not confirmed yet`, tone: 'bad' },
    promoting: isDelayed
      ? { icon: '!', what: `Promotion of ${canary} is delayed; it is tried again`, tone: 'bad' }
      : { icon: '●', what: `Promoting: all traffic goes to ${canary}`, tone: 'neutral' },
  };
  return looks[state];
}

function holdWords(report: RolloutReport, { look }: LiveFacts): string {
  if (look !== null && look.doubts.length > 0) return 'something speaks against going on';
  const suspect = suspectOf(report);
  return suspect === null ? 'too little is known' : `${suspect.label} looks worse`;
}

function endHeadline(report: RolloutReport): Headline {
  const { icon, what, tone } = headlineOf(report);
  const when = report.endedAt === null ? '' : ` · ${ukTime(Date.parse(report.endedAt))}`;
  return { icon, what: `${what}${when}`, tone };
}

/** The reason behind the headline, a sentence; empty while there is none. */
export function liveReason(report: RolloutReport, facts: LiveFacts, state: LiveState): string {
  const { interrupt, signals, look } = facts;
  const judged = look?.verdict.reason.sentence ?? '';
  const newest = report.timeline.at(-1)?.sentence ?? '';
  switch (state) {
    case 'ended':
      return report.reason.sentence;
    case 'stopping':
      return interrupt?.reason.sentence ?? report.reason.sentence;
    case 'reverting':
      return newest.length > 0 ? newest : report.reason.sentence;
    case 'paused':
      return `${signals.paused?.actor}: ${signals.paused?.message || 'no reason was given'}. ${judged}`.trim();
    case 'asked':
    case 'held':
    case 'gathering':
    case 'inconclusive':
      return look?.doubts[0] ?? judged;
    case 'passing':
      return judged;
    case 'unjudged':
      return 'The first whole minutes at this weight are not known yet.';
    case 'starting':
    case 'shifting':
    case 'promoting':
      return newest;
  }
}

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
    case 'passing':
      return here?.approval === true ? `a person is asked, then ${after}` : after;
    case 'held':
    case 'inconclusive':
      return heldNext(here, facts, after, nowMs);
    case 'asked':
      return `approve, then ${after}; or abort. ${deadline(askedAt(report))}`;
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

const AFTER_HOLD = {
  ask: 'a person is asked',
  advance: 'it goes on all the same',
  rollback: 'it is rolled back',
} as const;

function heldNext(here: StageCourse | null, { policy }: LiveFacts, after: string, nowMs: number): string {
  if (here === null || here.enteredAt === null || policy === null) return `${after}, once it passes`;
  const untilMs = Date.parse(here.enteredAt) + (here.bakeSeconds + policy.maxHoldSeconds) * 1000;
  const then = AFTER_HOLD[policy.onInconclusive];
  return nowMs >= untilMs
    ? `${then}, or ${after} once it passes`
    : `${after} once it passes; at ${ukClock(untilMs)} ${then}`;
}

function deadline(since: string | number | null): string {
  if (since === null) return 'Unanswered it is rolled back.';
  const sinceMs = typeof since === 'number' ? since : Date.parse(since);
  return `Unanswered at ${ukTime(sinceMs + ASK_SECONDS * 1000)} it is rolled back.`;
}
