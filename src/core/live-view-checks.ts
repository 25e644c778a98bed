// The rows of the live view: each check with its verdict in words, the worst one first; and the alarms.
import type { LiveFacts } from './live-view-facts.ts';
import { cellsOf } from './report-cells.ts';
import type { Tone } from './timeline.ts';
import { ukClock } from './uk-time.ts';
import { formatCount, roundSignificant } from './units.ts';
import type { CheckReading } from './verdict.ts';

export interface LiveMark {
  /** One column wide in a terminal. */
  readonly icon: string;
  readonly word: string;
  readonly tone: Tone;
}

interface LiveVerdict extends LiveMark {
  /** The same where there is little room. */
  readonly briefWord: string;
}

/** Cells as people read them; `–` where there is nothing. */
export interface LiveCheck {
  readonly label: string;
  readonly canary: string;
  readonly stable: string;
  readonly allowed: string;
  /** Where the canary's true value lies, in the unit of `canary`. */
  readonly interval: string;
  /** Canary requests. */
  readonly sample: string;
  readonly verdict: LiveVerdict;
}

export interface LiveAlarm {
  readonly name: string;
  readonly verdict: LiveMark;
}

const MARKS: Readonly<Record<CheckReading['action'], LiveVerdict>> = {
  'consider rollback': { icon: '✖', word: 'looks worse', briefWord: 'looks worse', tone: 'bad' },
  investigate: { icon: '!', word: 'investigate', briefWord: 'investigate', tone: 'caution' },
  'cannot tell yet': { icon: '…', word: 'cannot tell yet', briefWord: 'cannot tell', tone: 'neutral' },
  'monitor closely': { icon: '!', word: 'keep an eye on', briefWord: 'watch it', tone: 'caution' },
  acceptable: { icon: '✔', word: 'ok', briefWord: 'ok', tone: 'good' },
};

/** Worst first: what may take it back, what looks bad, what is not known. */
const RANKS: readonly CheckReading['action'][] = [
  'consider rollback',
  'investigate',
  'monitor closely',
  'cannot tell yet',
  'acceptable',
];

/** More of them is no help to whoever waits. */
const MOST_NEEDED = 9_999;

/**
 * Alarms that are all OK are no row: they have a line of their own.
 * @param deciding the check that gave the reason; among equals it comes first
 */
export function liveChecks(checks: readonly CheckReading[], deciding: string | null): readonly LiveCheck[] {
  return checks
    .filter(({ check, action }) => check !== 'alarms' || action !== 'acceptable')
    .toSorted(
      (a, b) =>
        RANKS.indexOf(a.action) - RANKS.indexOf(b.action) ||
        Number(b.check === deciding) - Number(a.check === deciding) ||
        (b.evidence ?? 0) - (a.evidence ?? 0),
    )
    .map(checkRow);
}

function checkRow(reading: CheckReading): LiveCheck {
  const { metric, canary, stable, allowed, sample } = cellsOf(reading);
  return {
    label: metric,
    canary,
    stable,
    allowed,
    interval: intervalText(reading.interval),
    sample,
    verdict: markOf(reading),
  };
}

function markOf({ action, stillNeeded }: CheckReading): LiveVerdict {
  const mark = MARKS[action];
  if (action !== 'cannot tell yet' || stillNeeded === null || stillNeeded > MOST_NEEDED) return mark;
  const needs = `needs ${formatCount(stillNeeded)}`;
  return { ...mark, word: `${needs} more`, briefWord: needs };
}

function intervalText(interval: CheckReading['interval']): string {
  if (interval === null) return '–';
  return interval.map((value) => roundSignificant(value, Math.abs(value) >= 100 ? 3 : 2)).join('–');
}

const ALARM_MARKS: Readonly<Record<'OK' | 'ALARM' | 'INSUFFICIENT_DATA' | 'MISSING', LiveMark>> = {
  OK: { icon: '✔', word: 'OK', tone: 'good' },
  ALARM: { icon: '✖', word: 'IN ALARM', tone: 'bad' },
  INSUFFICIENT_DATA: { icon: '…', word: 'no data', tone: 'caution' },
  MISSING: { icon: '!', word: 'missing', tone: 'caution' },
};

/** As the newest look saw them, or as one told of itself since; those that are not OK first. */
export function liveAlarms({ look, acceptedAlarms, interrupt }: LiveFacts): readonly LiveAlarm[] {
  return (look?.alarms ?? [])
    .map((alarm) => {
      const { name } = alarm;
      const isLoud = interrupt?.kind === 'alarm' && interrupt.source === name;
      const state = isLoud ? 'ALARM' : alarm.state;
      const updatedAtMs = isLoud ? (interrupt.causedAtMs ?? interrupt.atMs) : alarm.updatedAtMs;
      const isAccepted = acceptedAlarms.includes(name);
      const since = state === 'OK' || updatedAtMs === null ? '' : ` since ${ukClock(updatedAtMs)}`;
      const mark = ALARM_MARKS[state];
      const word = `${mark.word}${since}${isAccepted ? ', accepted' : ''}`;
      return { name, verdict: { ...mark, word, tone: isAccepted ? ('caution' as const) : mark.tone } };
    })
    .toSorted((a, b) => Number(a.verdict.icon === '✔') - Number(b.verdict.icon === '✔'));
}
