// What the live view says in words: how it stands, and why.
import type { EventName } from './events.ts';
import type { LiveFacts } from './live-view-facts.ts';
import { type LiveState, suspectOf } from './live-view-state.ts';
import type { RolloutReport, StageCourse } from './report.ts';
import { type Headline, headlineOf } from './report-summary.ts';
import { ukTime } from './uk-time.ts';
import { formatPercent } from './units.ts';

/** How far the bake of the stage is that traffic is at. */
export interface LiveBake {
  readonly elapsedSeconds: number;
  readonly totalSeconds: number;
  readonly endsAtMs: number;
  /** A person said so: it ends as soon as its checks pass. */
  readonly isCutShort: boolean;
}

export function bakeOf(here: StageCourse | null, { signals }: LiveFacts, nowMs: number): LiveBake | null {
  if (here === null || here.enteredAt === null || here.leftAt !== null) return null;
  const enteredMs = Date.parse(here.enteredAt);
  return {
    elapsedSeconds: Math.max(0, Math.floor((nowMs - enteredMs) / 1000)),
    totalSeconds: here.bakeSeconds,
    endsAtMs: enteredMs + here.bakeSeconds * 1000,
    isCutShort: signals.promoted !== null,
  };
}

/** One sentence that says how it stands; `what` is complete without anything below it. */
export function liveHeadline(report: RolloutReport, facts: LiveFacts, state: LiveState): Headline {
  if (state === 'ended') return endHeadline(report);
  const canary = `version ${report.canaryVersion}`;
  const stable = report.stableVersion === null ? 'the stable version' : `version ${report.stableVersion}`;
  const share = `${formatPercent(report.finalWeightPercent)} of the traffic is on ${canary}`;
  const looks: Readonly<Record<Exclude<LiveState, 'ended'>, Headline>> = {
    starting: { icon: '▶', what: `Starting: no traffic is on ${canary} yet`, tone: 'neutral' },
    shifting: { icon: '↗', what: `Shifting more traffic to ${canary}`, tone: 'neutral' },
    unjudged: { icon: '▶', what: `${share}: too early to judge`, tone: 'neutral' },
    gathering: { icon: '▶', what: `${share}: nothing bad, too early to tell`, tone: 'neutral' },
    passing: { icon: '✔', what: `${share}: no harm seen so far`, tone: 'good' },
    held: { icon: '…', what: `${share}: held, ${holdWords(report, facts)}`, tone: 'caution' },
    inconclusive: { icon: '?', what: `${share}: nobody can tell whether it is safe`, tone: 'caution' },
    asked: { icon: '?', what: `You are asked: ${questionOf(canary, facts)}`, tone: 'caution' },
    paused: { icon: '‖', what: `Paused, and judged on: ${share}`, tone: 'caution' },
    stopping: { icon: '✖', what: `Stopping: all traffic goes back to ${stable}`, tone: 'bad' },
    reverting: wayBackHeadline(report, stable, canary),
    promoting: has(report, 'promotion-delayed')
      ? { icon: '!', what: `Promotion of ${canary} is delayed; it is tried again`, tone: 'bad' }
      : { icon: '●', what: `Promoting: all traffic goes to ${canary}`, tone: 'neutral' },
  };
  return looks[state];
}

/** One failed attempt stays true until the way back has ended, whatever is told in between. */
function wayBackHeadline(report: RolloutReport, stable: string, canary: string): Headline {
  if (report.timeline.at(-1)?.event === 'stable-unhealthy') {
    return {
      icon: '!',
      what: `NOT SAFE: ${stable} could not serve, so traffic stays on ${canary}`,
      tone: 'bad',
    };
  }
  return has(report, 'rollback-delayed') || has(report, 'stable-unhealthy')
    ? { icon: '!', what: `NOT SAFE YET: taking traffic off ${canary} failed, tried again`, tone: 'bad' }
    : { icon: '↩', what: `Going back: all traffic to ${stable}, not confirmed yet`, tone: 'bad' };
}

function has({ timeline }: RolloutReport, event: EventName): boolean {
  return timeline.some((entry) => entry.event === event);
}

/** No answer removes a doubt. */
function questionOf(canary: string, { look }: LiveFacts): string {
  return look !== null && look.doubts.length > 0
    ? `remove what is in doubt, or take ${canary} back`
    : `shall ${canary} go on or back?`;
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
