// Alarm events: believed, latched, then told to the bake.
import { describe, expect, it } from 'vitest';
import { bake } from '../../src/steps/bake.ts';
import { handleAlarmEvent } from '../../src/steps/handle-alarm-event.ts';
import { ROLLOUT_ID, START_MS, startedWorld } from '../support/step-world.ts';

function alarmEvent(atMs: number, change: { alarmName?: string; value?: string } = {}) {
  const { alarmName = 'Checkout5xx', value = 'ALARM' } = change;
  const timestamp = new Date(atMs).toISOString().replace('Z', '+0000');
  return { detail: { alarmName, state: { value, timestamp, reason: 'Threshold crossed' } } };
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
    expect((await world.row()).interrupt).toMatchObject({ kind: 'alarm', source: 'Checkout5xx' });
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
    ['from before the start', alarmEvent(START_MS - 1000)],
    ['of another alarm', alarmEvent(START_MS + 1000, { alarmName: 'Basket5xx' })],
    ['that went to OK', alarmEvent(START_MS + 1000, { value: 'OK' })],
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
});
