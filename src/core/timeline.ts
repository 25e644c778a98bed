// Events as a story: the entries that reports and tools show, and the word and icon for each kind of event.
import type { EventName, RolloutEvent } from './events.ts';
import type { TimelineEntry } from './report.ts';
import { isoTime } from './uk-time.ts';

/** How an entry is to be felt; shown as a colour, but never as a colour alone. */
export type Tone = 'good' | 'neutral' | 'caution' | 'bad';

export interface EventLook {
  /** One column wide in a terminal. */
  readonly icon: string;
  /** At most 12 characters. */
  readonly word: string;
  readonly tone: Tone;
}

export const EVENT_LOOKS: Readonly<Record<EventName, EventLook>> = {
  'rollout-started': { icon: '▶', word: 'started', tone: 'neutral' },
  'rollout-rejected': { icon: '✖', word: 'rejected', tone: 'bad' },
  'gate-waived': { icon: '!', word: 'gate waived', tone: 'caution' },
  'traffic-shifted': { icon: '↗', word: 'shifted', tone: 'neutral' },
  'canary-held': { icon: '…', word: 'held', tone: 'caution' },
  'check-alerted': { icon: '!', word: 'alert', tone: 'caution' },
  'canary-cleared': { icon: '✔', word: 'cleared', tone: 'good' },
  'canary-inconclusive': { icon: '?', word: 'inconclusive', tone: 'caution' },
  'decision-needed': { icon: '?', word: 'asking', tone: 'caution' },
  'stage-passed': { icon: '✔', word: 'passed', tone: 'good' },
  'stage-advanced-unproven': { icon: '!', word: 'unproven', tone: 'caution' },
  'canary-failed': { icon: '✖', word: 'failed', tone: 'bad' },
  'interrupt-latched': { icon: '!', word: 'interrupted', tone: 'bad' },
  'rollout-paused': { icon: '‖', word: 'paused', tone: 'caution' },
  'rollout-resumed': { icon: '▶', word: 'resumed', tone: 'neutral' },
  'stage-approved': { icon: '✔', word: 'approved', tone: 'good' },
  'promotion-requested': { icon: '»', word: 'hurried', tone: 'caution' },
  'stable-unhealthy': { icon: '!', word: 'stable down', tone: 'bad' },
  'drift-after-end': { icon: '!', word: 'drift', tone: 'bad' },
  'budget-exhausted': { icon: '!', word: 'out of time', tone: 'bad' },
  'promotion-committed': { icon: '●', word: 'committed', tone: 'neutral' },
  'rollout-promoted': { icon: '✔', word: 'promoted', tone: 'good' },
  'rollback-started': { icon: '↩', word: 'rolling back', tone: 'bad' },
  'rollback-delayed': { icon: '!', word: 'delayed', tone: 'bad' },
  'rollout-rolled-back': { icon: '↩', word: 'rolled back', tone: 'bad' },
  'rollout-aborted': { icon: '■', word: 'aborted', tone: 'caution' },
  'rollout-superseded': { icon: '!', word: 'superseded', tone: 'bad' },
  'promotion-delayed': { icon: '!', word: 'delayed', tone: 'bad' },
  'taken-over': { icon: '●', word: 'taken over', tone: 'caution' },
};

/** Oldest first. Events of the same instant keep the order in which they came. The data cannot rename the event. */
export function timelineOf(events: readonly RolloutEvent[]): readonly TimelineEntry[] {
  return events
    .toSorted((a, b) => a.atMs - b.atMs)
    .map(({ atMs, event, sentence, data }) => {
      const own = { at: isoTime(atMs), event, sentence };
      // spread twice: the words come first for a reader, and the data still cannot rename them
      return { ...own, ...data, ...own };
    });
}
