// What a report says first: one sentence, and the three numbers that people ask for.
import type { EventName } from './events.ts';
import { strangerWords } from './live-traffic.ts';
import type { RolloutReport, TimelineEntry } from './report.ts';
import { excessFailures } from './report-excess.ts';
import { type Turn, turnOf } from './report-timeline.ts';
import type { Outcome } from './rollout.ts';
import type { Tone } from './timeline.ts';
import { ukTime } from './uk-time.ts';
import { formatCount, formatDuration, formatPercent } from './units.ts';

export interface Headline {
  /** One column wide in a terminal. */
  readonly icon: string;
  /** «Rolled back to version 41»: what happened, without time or reason. */
  readonly what: string;
  readonly tone: Tone;
}

export interface KeyNumber {
  readonly label: string;
  readonly value: string;
  /** What exactly was measured. */
  readonly note: string;
}

const BACKWARDS: readonly EventName[] = [
  'canary-failed',
  'budget-exhausted',
  'interrupt-latched',
  'rollback-started',
  'rollback-delayed',
  'taken-over',
];

export function headlineOf(report: RolloutReport): Headline {
  const stable = report.stableVersion === null ? 'stable' : `version ${report.stableVersion}`;
  const canary = `version ${report.canaryVersion}`;
  const weight = formatPercent(report.finalWeightPercent);
  const looks: Readonly<Record<Outcome | 'RUNNING', Headline>> = {
    PROMOTED: { icon: '✔', what: `Promoted: all traffic is on ${canary}`, tone: 'good' },
    ROLLED_BACK: { icon: '✖', what: `Rolled back to ${stable}`, tone: 'bad' },
    ABORTED: { icon: '■', what: `Aborted: all traffic is back on ${stable}`, tone: 'caution' },
    REJECTED: { icon: '✖', what: 'Not started: no traffic was shifted', tone: 'caution' },
    SUPERSEDED: { icon: '!', what: `Superseded: somebody ${whatSomebodyDid(report)}`, tone: 'caution' },
    ROLLBACK_INCOMPLETE: isGoingBack(report)
      ? { icon: '!', what: `Rollback incomplete: ${weight} may still reach ${canary}`, tone: 'bad' }
      : { icon: '!', what: `Not finished: ${weight} of the traffic is on ${canary}`, tone: 'caution' },
    RUNNING: { icon: '▶', what: `Running: ${weight} of the traffic is on ${canary}`, tone: 'neutral' },
  };
  return looks[report.outcome ?? 'RUNNING'];
}

function whatSomebodyDid({ strangers = [] }: RolloutReport): string {
  return strangers.length === 0
    ? 'else moved the target, which was left as it is'
    : `moved the target to ${strangerWords(strangers)}`;
}

/** The way back has begun; without it an open end is only an end that nobody waited for. */
export function isGoingBack({ timeline }: RolloutReport): boolean {
  return timeline.some(({ event }) => BACKWARDS.includes(event));
}

/**
 * Where something was detected: time to detect (to abort, where a person did), time to safe, excess failures. Where nobody
 * answered: how long it waited instead of the first. Else how long, how many, excess.
 */
export function keyNumbersOf(report: RolloutReport): readonly [KeyNumber, KeyNumber, KeyNumber] {
  const excess = excessNumberOf(report);
  const turn = turnOf(report.timeline);
  if (report.detectedAt !== null) {
    const isAbort = turn?.kind === 'person' && turn.decided.at === report.detectedAt;
    return [
      isAbort
        ? abortNumber(report, report.detectedAt)
        : detectNumber(report, report.detectedAt, turn?.decided),
      safeNumber(report, report.detectedAt, isAbort ? 'from the abort' : 'from detection'),
      excess,
    ];
  }
  if (turn?.kind === 'unanswered' && turn.asked !== null) {
    const { asked, decided } = turn;
    return [
      waitNumber(asked, decided.at),
      safeNumber(report, decided.at, 'from the decision to go back'),
      excess,
    ];
  }
  return [durationNumber(report), exposureNumber(report), excess];
}

function sinceFirstShift(
  report: RolloutReport,
  at: string,
): { readonly value: string; readonly since: string } {
  const firstShift = report.timeline.find((entry) => entry.event === 'traffic-shifted')?.at;
  const since = firstShift === undefined ? 'from the start' : 'from the first canary traffic';
  return { value: between(firstShift ?? report.startedAt, at), since };
}

function detectNumber(report: RolloutReport, at: string, decided: TimelineEntry | undefined): KeyNumber {
  const { value, since } = sinceFirstShift(report, at);
  return isDoubt(decided, at)
    ? { label: 'Time to give up', value, note: `${since} until not knowing was enough to take it back` }
    : { label: 'Time to detect', value, note: since };
}

/** No trouble was found: nobody could tell for too long. */
function isDoubt(decided: TimelineEntry | undefined, at: string): boolean {
  return decided?.event === 'canary-inconclusive' && decided.at === at;
}

function abortNumber(report: RolloutReport, at: string): KeyNumber {
  const { value, since } = sinceFirstShift(report, at);
  return { label: 'Time to abort', value, note: `${since} until a person stopped it` };
}

function waitNumber({ at, event }: TimelineEntry, until: string): KeyNumber {
  const what = event === 'rollout-paused' ? 'the pause' : 'the question';
  return {
    label: 'Waited for a person',
    value: between(at, until),
    note: `from ${what} until it was taken back, since nobody answered`,
  };
}

function safeNumber({ outcome, safeAt }: RolloutReport, from: string, since: string): KeyNumber {
  const label = 'Time to safe';
  if (safeAt !== null) {
    return { label, value: between(from, safeAt), note: `${since} until stable had all traffic, verified` };
  }
  const note =
    outcome === 'SUPERSEDED'
      ? 'somebody else moved the target, and it was left as it is'
      : 'no verified return to stable is recorded';
  return { label, value: 'not confirmed', note };
}

/** «detected 21/11/2026 14:09:33 GMT · traffic safe 8s later, verified · 1,106 canary requests, 53 bad». */
export function factsOf(report: RolloutReport): string {
  const { canaryRequests, badRequests } = report.exposure;
  const exposed = `${formatCount(canaryRequests)} canary requests, ${formatCount(badRequests)} bad`;
  return [...turnFacts(report), exposed].join(' · ');
}

/** When it turned, and when traffic was safe. */
function turnFacts({ detectedAt, safeAt, timeline }: RolloutReport): readonly string[] {
  const turn = turnOf(timeline);
  const from = detectedAt ?? (turn?.kind === 'unanswered' ? turn.decided.at : null);
  if (from === null) return [];
  const word = detectedAt === null ? 'nobody answered until' : wordOf(turn, detectedAt);
  const when = `${word} ${ukTime(Date.parse(from))}`;
  return safeAt === null ? [when] : [when, `traffic safe ${between(from, safeAt)} later, verified`];
}

function wordOf(turn: Turn | null, at: string): string {
  if (turn === null || turn.decided.at !== at) return 'detected';
  if (turn.kind === 'person') return 'aborted';
  return isDoubt(turn.decided, at) ? 'given up' : 'detected';
}

function durationNumber(report: RolloutReport): KeyNumber {
  const lastEntry = report.timeline.at(-1)?.at;
  const until = report.endedAt ?? lastEntry ?? report.startedAt;
  return {
    label: report.endedAt === null ? 'Running for' : 'Duration',
    value: between(report.startedAt, until),
    note: report.endedAt === null ? 'until the newest event' : 'from the start to the end',
  };
}

function exposureNumber(report: RolloutReport): KeyNumber {
  const { canaryRequests, badRequests } = report.exposure;
  return {
    label: 'Canary requests',
    value: formatCount(canaryRequests),
    note: `${formatCount(badRequests)} of them bad`,
  };
}

export function excessNumberOf(report: RolloutReport): KeyNumber {
  const label = 'Excess failures';
  const { canaryRequests, slowRequests = 0 } = report.exposure;
  const slow = slowRequests === 0 ? '' : `; ${formatCount(slowRequests)} more answers were only too slow`;
  if (canaryRequests === 0) return { label, value: '0', note: 'no request reached the canary' };
  const excess = excessFailures(report);
  return excess === null
    ? { label, value: 'unknown', note: `nothing is known of the stable version${slow}` }
    : { label, value: formatCount(excess), note: `beyond what stable’s error rate would have given${slow}` };
}

function between(from: string, to: string): string {
  return formatDuration(Math.max(0, Date.parse(to) - Date.parse(from)) / 1000);
}
