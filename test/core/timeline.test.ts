// The timeline: order, instants, and that an event's data cannot pretend to be another event.
import { describe, expect, it } from 'vitest';
import { EVENTS, type EventName, type RolloutEvent } from '../../src/core/events.ts';
import { EVENT_LOOKS, timelineOf } from '../../src/core/timeline.ts';

function event(name: EventName, atMs: number, data: RolloutEvent['data'] = {}): RolloutEvent {
  return { event: name, atMs, rolloutId: 'r1', service: 'checkout', sentence: `said ${name}`, data };
}

describe('timelineOf', () => {
  it('sorts by time and keeps the order of events of one instant', () => {
    const entries = timelineOf([
      event('rollout-rolled-back', 2000),
      event('canary-failed', 1000),
      event('rollback-started', 1000),
    ]);
    expect(entries.map((entry) => entry.event)).toEqual([
      'canary-failed',
      'rollback-started',
      'rollout-rolled-back',
    ]);
    expect(entries[0]?.at).toBe('1970-01-01T00:00:01.000Z');
  });

  it('carries the data along but never lets it rename the event', () => {
    const [entry] = timelineOf([
      event('traffic-shifted', 0, {
        weightPercent: 5,
        event: 'rollout-promoted',
        at: 'never',
        sentence: 'x',
      }),
    ]);
    expect(entry).toEqual({
      weightPercent: 5,
      event: 'traffic-shifted',
      at: '1970-01-01T00:00:00.000Z',
      sentence: 'said traffic-shifted',
    });
  });

  it('has an icon one column wide and a word of at most 12 letters for every event', () => {
    expect(Object.keys(EVENT_LOOKS).sort()).toEqual(Object.keys(EVENTS).sort());
    for (const { icon, word } of Object.values(EVENT_LOOKS)) {
      expect([...icon]).toHaveLength(1);
      expect(word.length).toBeLessThanOrEqual(12);
    }
  });
});
