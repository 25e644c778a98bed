// Alarm events: believed, latched, then told to the bake.
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidDocumentError, TransientError } from '../../src/core/errors.ts';
import type { Ports } from '../../src/ports.ts';
import { runStep } from '../../src/runtime/run-step.ts';
import { bake } from '../../src/steps/bake.ts';
import { handleAlarmEvent } from '../../src/steps/handle-alarm-event.ts';
import { startRollout } from '../../src/steps/start-rollout.ts';
import { rolloutRow } from '../support/rollout-fixtures.ts';
import { ROLLOUT_ID, START_INPUT, START_MS, startedWorld, stepWorld } from '../support/step-world.ts';

interface Told {
  readonly alarmName?: string;
  readonly value?: string;
  readonly timestamp?: string;
}

/** Source of the form of the timestamp: CloudWatch user guide, «Alarm events and EventBridge». */
function alarmEvent(atMs: number, change: Told = {}) {
  const timestamp = new Date(atMs).toISOString().replace('Z', '+0000');
  const { alarmName = 'Checkout5xx', value = 'ALARM' } = change;
  return {
    detail: {
      alarmName,
      state: { value, reason: 'Threshold crossed', timestamp: change.timestamp ?? timestamp },
    },
  };
}

describe('an alarm event', () => {
  it('wakes the bake of a rollout that lists the alarm', async () => {
    const { world, rollout } = await startedWorld();
    const wait = world.tokens.register('token-1');
    await bake.run({ rollout, token: 'token-1' }, world.ports);
    world.advance(30);
    const answer = await handleAlarmEvent.run(alarmEvent(START_MS + 20_000), world.ports);
    expect(answer).toEqual({ interrupted: [ROLLOUT_ID] });
    await expect(wait).rejects.toMatchObject({ name: 'Interrupted' });
  });

  it('is latched with when the alarm fired, by the alarm’s own clock, and with when it was heard', async () => {
    const { world } = await startedWorld();
    world.advance(30);
    await handleAlarmEvent.run(alarmEvent(START_MS + 20_000), world.ports);
    expect((await world.row()).interrupt).toMatchObject({
      kind: 'alarm',
      source: 'Checkout5xx',
      atMs: START_MS + 30_000,
      causedAtMs: START_MS + 20_000,
    });
  });

  it('changes nothing when it comes twice', async () => {
    const { world } = await startedWorld();
    await handleAlarmEvent.run(alarmEvent(START_MS + 1000), world.ports);
    const { interrupt } = await world.row();
    world.advance(5);
    await handleAlarmEvent.run(alarmEvent(START_MS + 1000), world.ports);
    expect((await world.row()).interrupt).toEqual(interrupt);
    expect(world.eventNames().filter((event) => event === 'interrupt-latched')).toHaveLength(1);
  });

  it.each([
    ['from before the start', alarmEvent(START_MS - 1)],
    ['from a day before, delivered late', alarmEvent(START_MS - 86_400_000)],
    ['of another alarm', alarmEvent(START_MS + 1000, { alarmName: 'Basket5xx' })],
    ['that went to OK', alarmEvent(START_MS + 1000, { value: 'OK' })],
    ['that says it is from tomorrow, of an alarm that is quiet', alarmEvent(START_MS + 86_400_000)],
  ])('%s is dropped', async (_what, event) => {
    const { world } = await startedWorld();
    expect(await handleAlarmEvent.run(event, world.ports)).toEqual({ interrupted: [] });
    expect((await world.row()).interrupt).toBeNull();
  });

  it('that is old is believed only when the alarm still says so', async () => {
    const { world } = await startedWorld();
    world.advance(3600);
    expect(await handleAlarmEvent.run(alarmEvent(START_MS + 1000), world.ports)).toEqual({ interrupted: [] });
    world.alarms.set('Checkout5xx', 'ALARM', 'again', START_MS + 3_590_000);
    expect(await handleAlarmEvent.run(alarmEvent(START_MS + 1000), world.ports)).toEqual({
      interrupted: [ROLLOUT_ID],
    });
  });

  // a slow bake waits for 15 minutes, and only a look can tell whether the alarm was quiet in between
  it('of an alarm that a person accepted is looked into at once, and interrupts nothing by itself', async () => {
    const world = await stepWorld();
    world.alarms.set('Checkout5xx', 'ALARM', 'since yesterday', START_MS - 1000);
    const request = { ...START_INPUT.request, acceptAlarms: { Checkout5xx: 'this release fixes it' } };
    const rollout = await startRollout.run({ ...START_INPUT, request }, world.ports);
    const wait = world.tokens.register('token-1');
    await bake.run({ rollout, token: 'token-1' }, world.ports);
    expect(await handleAlarmEvent.run(alarmEvent(START_MS + 1000), world.ports)).toEqual({ interrupted: [] });
    await expect(wait).resolves.toBeUndefined();
    expect((await world.row()).interrupt).toBeNull();
  });

  it('wakes nobody where it is not believed', async () => {
    const world = await stepWorld();
    const request = { ...START_INPUT.request, acceptAlarms: { Checkout5xx: 'this release fixes it' } };
    const rollout = await startRollout.run({ ...START_INPUT, request }, world.ports);
    let isOver = false;
    void world.tokens.register('token-1').then(() => {
      isOver = true;
    });
    await bake.run({ rollout, token: 'token-1' }, world.ports);
    await handleAlarmEvent.run(alarmEvent(START_MS + 86_400_000), world.ports);
    await handleAlarmEvent.run(alarmEvent(START_MS - 1), world.ports);
    expect(isOver).toBe(false);
  });

  it('reaches every rollout that lists the alarm, although one record cannot be written; then it is tried again', async () => {
    const { world } = await startedWorld();
    const { store } = world.ports;
    await store.openRollout(
      rolloutRow('broken', { startedAtMs: START_MS, targetId: 'lambda-alias/search/live' }),
    );
    const rows = await store.listActive();
    const broken: Ports = {
      ...world.ports,
      store: {
        ...store,
        listActive: async () => rows.toSorted((a, b) => (a.rolloutId < b.rolloutId ? -1 : 1)),
        latch: async (rolloutId, interrupt) => {
          if (rolloutId === 'broken') throw new TransientError('no answer');
          return store.latch(rolloutId, interrupt);
        },
      },
    };
    await expect(handleAlarmEvent.run(alarmEvent(START_MS + 1000), broken)).rejects.toThrow(TransientError);
    expect((await world.row()).interrupt).toMatchObject({ source: 'Checkout5xx' });
    expect(await handleAlarmEvent.run(alarmEvent(START_MS + 1000), world.ports)).toEqual({
      interrupted: expect.arrayContaining([ROLLOUT_ID, 'broken']),
    });
  });
});

describe('a malformed event', () => {
  it.each([
    ['a timestamp that is none', alarmEvent(START_MS, { timestamp: 'soon' })],
    ['an empty timestamp', alarmEvent(START_MS, { timestamp: '' })],
    ['no detail', {}],
    ['no state', { detail: { alarmName: 'Checkout5xx' } }],
    ['nothing at all', null],
  ])('with %s is refused by name, and nothing is latched', async (_what, event) => {
    const { world } = await startedWorld();
    await expect(runStep(handleAlarmEvent, world.ports, event)).rejects.toBeInstanceOf(InvalidDocumentError);
    expect((await world.row()).interrupt).toBeNull();
  });

  it('of any shape is refused by name or interrupts nothing', async () => {
    const { world } = await startedWorld();
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (event) => {
        const answer = await runStep(handleAlarmEvent, world.ports, event).catch((error: unknown) => error);
        if (!(answer instanceof InvalidDocumentError)) expect(answer).toEqual({ interrupted: [] });
        expect((await world.row()).interrupt).toBeNull();
      }),
    );
  });
});
