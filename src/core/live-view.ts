// The live view of one rollout as data: what a terminal shows while it runs and when it has ended. Drawing is elsewhere.
import { type LiveAlarm, type LiveCheck, type LiveMark, liveAlarms, liveChecks } from './live-view-checks.ts';
import type { LiveFacts } from './live-view-facts.ts';
import { liveNext } from './live-view-next.ts';
import { silentHeadline, silentNext, silentReason, silentSinceMs } from './live-view-silence.ts';
import { askedAt, type LiveState, liveStateOf, stageHere } from './live-view-state.ts';
import { bakeOf, type LiveBake, liveHeadline, liveReason } from './live-view-words.ts';
import type { ObservedShare, RolloutReport, StageCourse, TimelineEntry } from './report.ts';
import { excessFailures } from './report-excess.ts';
import type { Headline } from './report-summary.ts';
import { EVENT_LOOKS } from './timeline.ts';
import { ukClock, ukTime } from './uk-time.ts';
import { formatCount, formatPercent } from './units.ts';

export interface LiveStage {
  readonly weightPercent: number;
  /** A person must let the rollout leave it. */
  readonly approval: boolean;
  /** `left`: traffic was taken back from there. */
  readonly place: 'done' | 'here' | 'ahead' | 'left';
}

interface LiveEntry {
  /** `14:03:27`, UK time. */
  readonly clock: string;
  readonly look: LiveMark;
  readonly sentence: string;
  /** How often in a row it was told; the clock is that of the last time. */
  readonly times: number;
}

export interface LiveLook {
  /** `14:03:27`, UK time. */
  readonly clock: string;
  /** null: the rollout has ended, and it does not matter any more. */
  readonly ageSeconds: number | null;
  /** Weight that was judged, where it is not the one that traffic is at now; else null. */
  readonly earlierPercent: number | null;
}

/** Texts are as the record has them: whoever shows them makes them harmless. */
export interface LiveView {
  readonly rolloutId: string;
  readonly target: string;
  readonly stableVersion: string | null;
  readonly canaryVersion: string;
  /** `21/11/2026 14:03:27 GMT`. */
  readonly clock: string;
  readonly state: LiveState;
  readonly headline: Headline;
  readonly reason: string;
  /** The planned stages, and promotion at the end. */
  readonly stages: readonly LiveStage[];
  readonly configuredPercent: number;
  readonly observed: ObservedShare | null;
  readonly bake: LiveBake | null;
  readonly next: string | null;
  readonly checks: readonly LiveCheck[];
  /** Of the newest look, which the checks are of; null: nobody looked yet. */
  readonly look: LiveLook | null;
  /** Since when nobody looks any more although somebody should, epoch milliseconds; null: all is as it should be. */
  readonly silentSinceMs: number | null;
  readonly alarms: readonly LiveAlarm[];
  /** Newest first. */
  readonly timeline: readonly LiveEntry[];
  readonly exposure: string;
  /** What taking all traffic back would cost; null when there is nothing to take back any more. */
  readonly wayBack: string | null;
  /** What people told it, each a sentence. */
  readonly said: readonly string[];
  /** Stage that an approval would be good for, from 0; null: nobody is asked. */
  readonly askedStage: number | null;
}

export interface LiveInput {
  readonly report: RolloutReport;
  readonly facts: LiveFacts;
  /** Epoch milliseconds. */
  readonly nowMs: number;
}

/** A total function: partial records make a partial view. */
export function liveView({ report, facts, nowMs }: LiveInput): LiveView {
  const state = liveStateOf(report, facts, nowMs);
  const here = stageHere(report);
  const isWayBack = state === 'stopping' || state === 'reverting' || state === 'ended';
  const deciding = report.reason.check;
  const silentMs = silentSinceMs(report, facts, state, nowMs);
  const headline = liveHeadline(report, facts, state);
  return {
    rolloutId: report.rolloutId,
    target: report.target,
    stableVersion: report.stableVersion,
    canaryVersion: report.canaryVersion,
    clock: ukTime(nowMs),
    state,
    headline: silentMs === null ? headline : silentHeadline(headline, state, silentMs),
    reason: silentMs === null ? liveReason(report, facts, state) : silentReason(report),
    stages: stagesOf(report),
    configuredPercent: report.finalWeightPercent,
    observed: isWayBack ? null : observedOf(here),
    bake: isWayBack || state === 'promoting' ? null : bakeOf(here, facts, nowMs),
    next: silentMs === null ? liveNext(report, facts, state, nowMs) : silentNext(report),
    checks: liveChecks(report.checks, deciding),
    look: lookOf(report, facts, state, nowMs),
    silentSinceMs: silentMs,
    alarms: liveAlarms(facts),
    timeline: newestFirst(report.timeline),
    exposure: exposureOf(report),
    wayBack: state === 'ended' || here === null ? null : wayBackOf(report, facts),
    said: state === 'ended' ? [] : saidOf(facts),
    askedStage: state === 'asked' && askedAt(report) !== null ? (here?.index ?? null) : null,
  };
}

function lookOf(
  { course }: RolloutReport,
  { look }: LiveFacts,
  state: LiveState,
  nowMs: number,
): LiveLook | null {
  if (look === null) return null;
  const here = stageHere({ course });
  const isEarlier = here !== null && here.index !== look.stageIndex;
  return {
    clock: ukClock(look.atMs),
    // clocks may differ by a little
    ageSeconds: state === 'ended' ? null : Math.max(0, Math.floor((nowMs - look.atMs) / 1000)),
    earlierPercent: isEarlier ? (course[look.stageIndex]?.weightPercent ?? null) : null,
  };
}

function stagesOf({ course, outcome, timeline }: RolloutReport): readonly LiveStage[] {
  const isPromoted = outcome === 'PROMOTED';
  const last = course.findLastIndex(({ enteredAt }) => enteredAt !== null);
  const isBack =
    !isPromoted && (outcome !== null || timeline.some(({ event }) => event === 'rollback-started'));
  const stages = course.map(({ weightPercent, approval }, index): LiveStage => {
    const here = isBack ? 'left' : 'here';
    const place = isPromoted || index < last ? 'done' : index === last ? here : 'ahead';
    return { weightPercent, approval, place };
  });
  if (stages.length === 0 || stages.at(-1)?.weightPercent === 100) return stages;
  return [...stages, { weightPercent: 100, approval: false, place: isPromoted ? 'done' : 'ahead' }];
}

/** Without any request of one side nothing was observed, and the formula would claim to be sure of it. */
function observedOf(here: StageCourse | null): ObservedShare | null {
  const observed = here?.observed ?? null;
  return observed !== null && observed.marginPercent > 0 ? observed : null;
}

function newestFirst(timeline: readonly TimelineEntry[]): readonly LiveEntry[] {
  const entries: LiveEntry[] = [];
  for (const { at, event, sentence } of timeline) {
    const last = entries.at(-1);
    const isAgain = last?.look === EVENT_LOOKS[event] && last.sentence === sentence;
    if (isAgain) entries.pop();
    const times = isAgain ? last.times + 1 : 1;
    entries.push({ clock: ukClock(Date.parse(at)), look: EVENT_LOOKS[event], sentence, times });
  }
  return entries.toReversed();
}

function exposureOf(report: RolloutReport): string {
  const { canaryRequests, badRequests } = report.exposure;
  const excess = excessFailures(report);
  const canary = `version ${report.canaryVersion}`;
  if (canaryRequests === 0) {
    return report.outcome === null
      ? `no request on ${canary} is known yet`
      : `no request on ${canary} is known`;
  }
  const above =
    excess === null ? 'stable’s rate is not known' : `≈ ${formatCount(excess)} above stable’s rate`;
  return `${formatCount(canaryRequests)} requests on ${canary}, ${formatCount(badRequests)} bad, ${above}`;
}

/** Measured on the way there: it is the same call, read back in the same way. */
function wayBackOf({ finalWeightPercent }: RolloutReport, { shiftMs }: LiveFacts): string {
  const span =
    shiftMs === null
      ? 'how long one takes is not known yet'
      : `the shifts so far took ${shortSpan(shiftMs)} each`;
  return `${formatPercent(finalWeightPercent)} → 0 % is one write; ${span}`;
}

function shortSpan(ms: number): string {
  return ms < 1000 ? 'under 1 s' : `up to ${(ms / 1000).toFixed(1)} s`;
}

function saidOf({ signals: { paused, promoted }, interrupt }: LiveFacts): readonly string[] {
  const by = (actor: string, atMs: number): string => `${actor} at ${ukClock(atMs)}`;
  return [
    ...(interrupt === null ? [] : [`Asked to stop by ${by(interrupt.source, interrupt.atMs)}.`]),
    ...(paused === null ? [] : [`Paused by ${by(paused.actor, paused.atMs)}.`]),
    ...(promoted === null ? [] : [`Bakes are cut short by ${by(promoted.actor, promoted.atMs)}.`]),
  ];
}
