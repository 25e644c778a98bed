// Step «Shift traffic»: authorised, written once, read back.
import { describe, expect, it } from 'vitest';
import {
  DriftError,
  FencedError,
  Interrupted,
  SupersededError,
  TransientError,
} from '../../src/core/errors.ts';
import { shiftTraffic } from '../../src/steps/shift-traffic.ts';
import { ABORT, ROLLOUT_ID, START_MS, startedWorld } from '../support/step-world.ts';

describe('shifting', () => {
  it('moves to the next stage, keeps intent and outcome, and notes when', async () => {
    const { world, rollout } = await startedWorld();
    world.advance(7);
    const after = await shiftTraffic.run(rollout, world.ports);
    expect(after).toMatchObject({
      writes: 1,
      next: 'bake',
      stage: { index: 0, weightPercent: 10, enteredAtMs: START_MS + 7000 },
    });
    expect(after.shifts).toEqual([{ atMs: START_MS + 7000, weightPercent: 10 }]);
    expect(world.liveWeights()).toEqual({ '41': 1, '42': 0.1 });
    const writes = await world.ports.store.readWrites(ROLLOUT_ID);
    expect(writes.filter(({ action }) => action === 'shift').map(({ kind }) => kind)).toEqual([
      'intent',
      'outcome',
    ]);
    expect(await world.row()).toMatchObject({ phase: 'BAKING', authorisedWeightPercent: 10 });
  });

  it('does not write twice when it is retried after a lost answer', async () => {
    const { world, rollout } = await startedWorld();
    await shiftTraffic.run(rollout, world.ports);
    const revision = world.lambda.peek('checkout-api', 'live')?.revisionId;
    await shiftTraffic.run(rollout, world.ports);
    expect(world.lambda.peek('checkout-api', 'live')?.revisionId).toBe(revision);
  });

  it('writes nothing once somebody wanted to stop', async () => {
    const { world, rollout } = await startedWorld();
    await world.ports.store.latch(ROLLOUT_ID, ABORT);
    await expect(shiftTraffic.run(rollout, world.ports)).rejects.toBeInstanceOf(Interrupted);
    expect(world.liveWeights()).toEqual({ '41': 1 });
  });

  it('writes nothing once the way back is open', async () => {
    const { world, rollout } = await startedWorld();
    await world.ports.store.beginRevert(ROLLOUT_ID);
    await expect(shiftTraffic.run(rollout, world.ports)).rejects.toBeInstanceOf(FencedError);
    expect(world.liveWeights()).toEqual({ '41': 1 });
  });

  it('writes nothing without a durable intent', async () => {
    const { world, rollout } = await startedWorld();
    const store = {
      ...world.ports.store,
      authoriseShift: () => Promise.reject(new TransientError('table away')),
    };
    await expect(shiftTraffic.run(rollout, { ...world.ports, store })).rejects.toThrow('table away');
    expect(world.liveWeights()).toEqual({ '41': 1 });
  });

  it('keeps its hands off a third version and off a weight that somebody else set', async () => {
    const { world, rollout } = await startedWorld();
    const first = await shiftTraffic.run(rollout, world.ports);
    world.lambda.edit('checkout-api', 'live', { additionalWeights: { '42': 0.02 } });
    await expect(shiftTraffic.run(first, world.ports)).rejects.toBeInstanceOf(DriftError);
    world.lambda.edit('checkout-api', 'live', { functionVersion: '43', additionalWeights: {} });
    await expect(shiftTraffic.run(first, world.ports)).rejects.toBeInstanceOf(SupersededError);
    expect(world.liveWeights()).toEqual({ '43': 1 });
  });
});
