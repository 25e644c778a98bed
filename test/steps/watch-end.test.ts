// After an end the sweeper looks for half an hour whether the target is still as it was left; it writes nothing.
import { describe, expect, it } from 'vitest';
import { TransientError } from '../../src/core/errors.ts';
import type { Rollout } from '../../src/core/rollout.ts';
import { abandonRollout } from '../../src/steps/abandon-rollout.ts';
import { commitPromotion } from '../../src/steps/commit-promotion.ts';
import { finishPromotion } from '../../src/steps/finish-promotion.ts';
import { rollBack } from '../../src/steps/roll-back.ts';
import { shiftTraffic } from '../../src/steps/shift-traffic.ts';
import { startRollout } from '../../src/steps/start-rollout.ts';
import { sweepRollouts } from '../../src/steps/sweep-rollouts.ts';
import { EXECUTION, ROLLOUT_ID, START_INPUT, type StepWorld, startedWorld } from '../support/step-world.ts';

type End = (world: StepWorld, rollout: Rollout) => Promise<unknown>;

const ROLLED_BACK: End = async (world, rollout) =>
  rollBack.run({ ...(await shiftTraffic.run(rollout, world.ports)) }, world.ports);

const PROMOTED: End = async (world, rollout) => {
  const shifted = await shiftTraffic.run(rollout, world.ports);
  return finishPromotion.run(await commitPromotion.run(shifted, world.ports), world.ports);
};

const REJECTED: End = async (world) => abandonRollout.run(START_INPUT, world.ports);

const SUPERSEDED: End = async (world, rollout) => {
  world.lambda.edit('checkout-api', 'live', { functionVersion: '43', additionalWeights: {} });
  return rollBack.run({ ...rollout }, world.ports);
};

async function endedWorld(end: End): Promise<StepWorld> {
  const { world, rollout } = await startedWorld();
  await end(world, rollout);
  world.executions.end(EXECUTION, 'FAILED');
  return world;
}

function split(world: StepWorld, functionVersion: string, additionalWeights: Record<string, number>): void {
  world.lambda.edit('checkout-api', 'live', { functionVersion, additionalWeights });
}

function drifts(world: StepWorld): number {
  return world.eventNames().filter((event) => event === 'drift-after-end').length;
}

async function sweepFor(world: StepWorld, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    world.advance(60);
    await sweepRollouts.run({}, world.ports);
  }
}

const watched = async (world: StepWorld) =>
  (await world.ports.store.listWatched()).map(({ rolloutId }) => rolloutId);

describe('watching an end', () => {
  it.each([
    ['rolled back', ROLLED_BACK],
    ['promoted', PROMOTED],
    ['rejected', REJECTED],
  ])(
    'says nothing about a rollout that was %s and stays so, and ends after half an hour',
    async (_how, end) => {
      const world = await endedWorld(end);
      await sweepFor(world, 30);
      expect(await watched(world)).toEqual([ROLLOUT_ID]);
      await sweepFor(world, 1);
      expect(await watched(world)).toEqual([]);
      expect(drifts(world)).toBe(0);
    },
  );

  it.each<[string, End, string, Record<string, number>]>([
    ['rolled back: the new version has traffic again', ROLLED_BACK, '41', { '42': 0.1 }],
    ['rolled back: a third version is live', ROLLED_BACK, '43', {}],
    ['promoted: the old version has traffic again', PROMOTED, '42', { '41': 0.5 }],
    ['rejected: the new version is live', REJECTED, '42', {}],
  ])('tells a difference once and writes nothing: %s', async (_what, end, primary, additional) => {
    const world = await endedWorld(end);
    split(world, primary, additional);
    const before = world.lambda.peek('checkout-api', 'live');
    await sweepFor(world, 5);
    expect(drifts(world)).toBe(1);
    expect(world.lambda.peek('checkout-api', 'live')).toEqual(before);
    expect(await watched(world)).toEqual([]);
  });

  it('is not for a target that was left to somebody else', async () => {
    const world = await endedWorld(SUPERSEDED);
    await sweepFor(world, 1);
    expect(await watched(world)).toEqual([]);
    expect(drifts(world)).toBe(0);
  });

  it.each<[string, number, End]>([
    ['runs', 0, async () => {}],
    // its own watch tells of it then
    ['has ended', 1, async (world, back) => rollBack.run({ ...back }, world.ports)],
  ])('is over when a newer rollout has the target, also when that one %s', async (_what, told, reach) => {
    const world = await endedWorld(PROMOTED);
    const execution = `${EXECUTION}-back`;
    world.executions.begin(execution);
    const request = { service: 'checkout', version: '41' };
    const back = await startRollout.run({ ...START_INPUT, execution, request }, world.ports);
    await reach(world, await shiftTraffic.run(back, world.ports));
    split(world, '42', { '41': 0.1 });
    await sweepRollouts.run({}, world.ports);
    expect(drifts(world)).toBe(told);
    expect(await watched(world)).not.toContain(ROLLOUT_ID);
  });

  it('is tried again when the target cannot be read, and keeps nobody else waiting', async () => {
    const world = await endedWorld(ROLLED_BACK);
    split(world, '41', { '42': 0.1 });
    world.hooks.before = () => {
      throw new TransientError('throttled');
    };
    await expect(sweepRollouts.run({}, world.ports)).rejects.toThrow(`${ROLLOUT_ID}: throttled`);
    expect(await watched(world)).toEqual([ROLLOUT_ID]);
    world.hooks.before = undefined;
    await sweepRollouts.run({}, world.ports);
    expect(drifts(world)).toBe(1);
  });

  it('ends in time also where the stored document cannot be read, so that it is not complained of for ever', async () => {
    const world = await endedWorld(ROLLED_BACK);
    const { store } = world.ports;
    const listWatched = async () =>
      (await store.listWatched()).map((row) => ({ ...row, rollout: {} as unknown as Rollout }));
    const ports = { ...world.ports, store: { ...store, listWatched } };
    await expect(sweepRollouts.run({}, ports)).rejects.toThrow(/cannot be read/);
    world.advance(31 * 60);
    await sweepRollouts.run({}, ports);
    expect(await watched(world)).toEqual([]);
  });

  it('is no reason not to settle what is still open', async () => {
    const { world, rollout } = await startedWorld();
    await shiftTraffic.run(rollout, world.ports);
    world.executions.end(EXECUTION, 'FAILED');
    const listWatched = () => Promise.reject(new TransientError('index away'));
    const store = { ...world.ports.store, listWatched };
    await expect(sweepRollouts.run({}, { ...world.ports, store })).rejects.toThrow('index away');
    expect(await world.row()).toMatchObject({ outcome: 'ROLLED_BACK' });
  });
});
