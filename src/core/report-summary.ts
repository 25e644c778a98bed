// What a report says first: one sentence, and the three numbers that people ask for.
import type { EventName } from './events.ts';
import type { RolloutReport } from './report.ts';
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
    SUPERSEDED: {
      icon: '!',
      what: 'Superseded: somebody moved the target to a third version',
      tone: 'caution',
    },
    ROLLBACK_INCOMPLETE: isGoingBack(report)
      ? { icon: '!', what: `Rollback incomplete: ${weight} may still reach ${canary}`, tone: 'bad' }
      : { icon: '!', what: `Not finished: ${weight} of the traffic is on ${canary}`, tone: 'caution' },
    RUNNING: { icon: '▶', what: `Running: ${weight} of the traffic is on ${canary}`, tone: 'neutral' },
  };
  return looks[report.outcome ?? 'RUNNING'];
}

/** The way back has begun; without it an open end is only an end that nobody waited for. */
export function isGoingBack({ timeline }: RolloutReport): boolean {
  return timeline.some(({ event }) => BACKWARDS.includes(event));
}

/** Time to detect, time to safe and excess failures where something was detected; else how long, how many, excess. */
export function keyNumbersOf(report: RolloutReport): readonly [KeyNumber, KeyNumber, KeyNumber] {
  const excess = excessNumber(report);
  if (report.detectedAt === null) return [durationNumber(report), exposureNumber(report), excess];
  const firstShift = report.timeline.find((entry) => entry.event === 'traffic-shifted')?.at;
  const detect: KeyNumber = {
    label: 'Time to detect',
    value: between(firstShift ?? report.startedAt, report.detectedAt),
    note: firstShift === undefined ? 'from the start' : 'from the first canary traffic',
  };
  const safe: KeyNumber =
    report.safeAt === null
      ? { label: 'Time to safe', value: 'not confirmed', note: 'no verified return to stable is recorded' }
      : {
          label: 'Time to safe',
          value: between(report.detectedAt, report.safeAt),
          note: 'from detection until stable had all traffic, verified',
        };
  return [detect, safe, excess];
}

/**
 * Bad canary requests beyond what stable's error rate over the whole rollout would have caused; never negative. The rate of
 * single periods is not used, because a stable version with little traffic left has hardly any. null when stable never reported.
 */
export function excessBadRequests({ series, exposure }: RolloutReport): number | null {
  let requests = 0;
  let errors = 0;
  for (const { stableRequests, stableErrorPercent } of series) {
    if (stableRequests === null || stableErrorPercent === null) continue;
    requests += stableRequests;
    errors += (stableRequests * stableErrorPercent) / 100;
  }
  if (requests === 0) return null;
  return Math.max(0, Math.round(exposure.badRequests - (exposure.canaryRequests * errors) / requests));
}

/** «detected 21/11/2026 14:09:33 GMT · traffic safe 8s later, verified · 1,106 canary requests, 53 bad». */
export function factsOf(report: RolloutReport): string {
  const { canaryRequests, badRequests } = report.exposure;
  const facts = [`${formatCount(canaryRequests)} canary requests, ${formatCount(badRequests)} bad`];
  if (report.safeAt !== null && report.detectedAt !== null) {
    facts.unshift(`traffic safe ${between(report.detectedAt, report.safeAt)} later, verified`);
  }
  if (report.detectedAt !== null) facts.unshift(`detected ${ukTime(Date.parse(report.detectedAt))}`);
  return facts.join(' · ');
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

function excessNumber(report: RolloutReport): KeyNumber {
  const label = 'Excess failures';
  const excess = excessBadRequests(report);
  if (excess !== null)
    return { label, value: formatCount(excess), note: 'beyond what stable’s error rate would have given' };
  if (report.exposure.canaryRequests === 0)
    return { label, value: '0', note: 'no request reached the canary' };
  return { label, value: 'unknown', note: 'nothing is known of the stable version' };
}

function between(from: string, to: string): string {
  return formatDuration(Math.max(0, Date.parse(to) - Date.parse(from)) / 1000);
}
