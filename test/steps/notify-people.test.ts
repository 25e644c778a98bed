// Telling people: the event is kept with the record and told by its severity.
import { describe, expect, it } from 'vitest';
import { TransientError } from '../../src/core/errors.ts';
import { rolloutEvent } from '../../src/core/events.ts';
import { notifyPeople } from '../../src/steps/notify-people.ts';
import { ROLLOUT_ID, START_MS, sampleRollout, stepWorld } from '../support/step-world.ts';

const EVENT = rolloutEvent(
  sampleRollout(),
  'rollout-rolled-back',
  START_MS,
  'checkout-api:live is back on 41',
  {
    weightPercent: 0,
  },
);

describe('notifying', () => {
  it('keeps the story and tells by severity, for the service’s own channel', async () => {
    const world = await stepWorld({ spec: { notify: 'checkout-team' } });
    await notifyPeople.run({ detail: EVENT }, world.ports);
    expect(await world.ports.store.readEvents(ROLLOUT_ID)).toEqual([EVENT]);
    expect(world.messages).toEqual([
      { severity: 2, subject: 'checkout: rollout rolled back', channel: 'checkout-team', event: EVENT },
    ]);
  });

  it('keeps an event once when the bus delivers it twice', async () => {
    const world = await stepWorld();
    await notifyPeople.run({ detail: EVENT }, world.ports);
    await notifyPeople.run({ detail: EVENT }, world.ports);
    expect(await world.ports.store.readEvents(ROLLOUT_ID)).toHaveLength(1);
  });

  it('refuses a word that is not on the list', () => {
    expect(notifyPeople.input.safeParse({ detail: { ...EVENT, event: 'all-good' } }).success).toBe(false);
  });

  it('tells people also while the record is away, and asks to be tried again', async () => {
    const world = await stepWorld();
    const store = { ...world.ports.store, recordEvent: () => Promise.reject(new TransientError('away')) };
    await expect(notifyPeople.run({ detail: EVENT }, { ...world.ports, store })).rejects.toThrow('away');
    expect(world.messages).toHaveLength(1);
  });

  it.each(['rollback-delayed', 'promotion-delayed', 'stable-unhealthy', 'taken-over'] as const)(
    'tells of %s, which is tried again, every five minutes, and keeps every try',
    async (name) => {
      const world = await stepWorld();
      for (const minute of [0, 1, 4, 6, 7]) {
        const event = rolloutEvent(sampleRollout(), name, START_MS + minute * 60_000, 'throttled');
        await notifyPeople.run({ detail: event }, world.ports);
      }
      expect(world.messages.map(({ event }) => (event.atMs - START_MS) / 60_000)).toEqual([0, 6]);
      expect(await world.ports.store.readEvents(ROLLOUT_ID)).toHaveLength(5);
    },
  );
});
