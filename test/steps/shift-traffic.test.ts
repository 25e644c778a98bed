// Step «Shift traffic»: authorised, written once, read back.
import { describe, expect, it } from 'vitest';
import { factsOf } from '../../src/core/audit/facts.ts';
import {
  DriftError,
  FencedError,
  Interrupted,
  SupersededError,
  TransientError,
} from '../../src/core/errors.ts';
import type { Retrier, TaskState } from '../../src/core/states-language.ts';
import { workflow } from '../../src/core/workflow.ts';
import { rollBack } from '../../src/steps/roll-back.ts';
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
    const audit = await world.ports.store.readAudit(ROLLOUT_ID);
    expect(factsOf(audit, 'intent').at(-1)).toMatchObject({ action: 'shift', seq: 1, stageIndex: 0 });
    expect(factsOf(audit, 'outcome').at(-1)).toMatchObject({
      action: 'shift',
      seq: 1,
      live: { canaryPercent: 10 },
      found: null,
    });
    expect(await world.row()).toMatchObject({ phase: 'BAKING', authorisedWeightPercent: 10, stageIndex: 0 });
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

  it('keeps its hands off a third version', async () => {
    const { world, rollout } = await startedWorld();
    const first = await shiftTraffic.run(rollout, world.ports);
    world.lambda.edit('checkout-api', 'live', { functionVersion: '43', additionalWeights: {} });
    await expect(shiftTraffic.run(first, world.ports)).rejects.toBeInstanceOf(SupersededError);
    expect(world.liveWeights()).toEqual({ '43': 1 });
  });
});

describe('a weight that somebody changed by hand', () => {
  async function firstStage() {
    const { world, rollout } = await startedWorld();
    return { world, rollout: await shiftTraffic.run(rollout, world.ports) };
  }

  it.each([
    ['lowered', { '42': 0.02 }, 2],
    ['taken away', {}, 0],
  ])('is an abort when it was %s, latched with both numbers', async (_how, additionalWeights, found) => {
    const { world, rollout } = await firstStage();
    world.lambda.edit('checkout-api', 'live', { additionalWeights });
    await expect(shiftTraffic.run(rollout, world.ports)).rejects.toBeInstanceOf(Interrupted);
    const { interrupt } = await world.row();
    expect(interrupt).toMatchObject({ kind: 'abort', source: 'by hand', causedAtMs: null });
    expect(interrupt?.reason.sentence).toContain(`from 10 % to ${found} %`);
    expect(world.eventNames()).toContain('interrupt-latched');
    expect((await rollBack.run({ ...rollout }, world.ports)).outcome).toBe('ABORTED');
    expect(world.liveWeights()).toEqual({ '41': 1 });
  });

  it('is drift when it was raised, and nobody’s wish to stop', async () => {
    const { world, rollout } = await firstStage();
    world.lambda.edit('checkout-api', 'live', { additionalWeights: { '42': 0.4 } });
    await expect(shiftTraffic.run(rollout, world.ports)).rejects.toBeInstanceOf(DriftError);
    expect((await world.row()).interrupt).toBeNull();
    expect(world.liveWeights()).toEqual({ '41': 1, '42': 0.4 });
  });

  it('is nobody’s wish when the way back lowered it while a shift was still under way', async () => {
    const { world, rollout } = await firstStage();
    await rollBack.run({ ...rollout }, world.ports);
    await expect(shiftTraffic.run(rollout, world.ports)).rejects.toBeInstanceOf(FencedError);
    expect(await world.row()).toMatchObject({ outcome: 'ROLLED_BACK', interrupt: null });
    expect(world.liveWeights()).toEqual({ '41': 1 });
  });
});

describe('how long a way is tried', () => {
  const { States } = workflow({ tickSeconds: 60 });

  it.each(['Start rollout', 'Shift traffic', 'Judge canary', 'Commit promotion'] as const)(
    '%s is given up within a minute',
    (state) => {
      const waits = (States[state] as TaskState).Retry?.map(longestWaitSeconds) ?? [];
      expect(Math.max(...waits)).toBeGreaterThan(0);
      expect(waits.reduce((sum, seconds) => sum + seconds, 0)).toBeLessThan(60);
    },
  );

  it.each(['Roll back', 'Abandon rollout', 'Settle promotion', 'Finish promotion'] as const)(
    '%s is never given up, with capped and jittered waits',
    (state) => {
      expect((States[state] as TaskState).Retry?.at(-1)).toMatchObject({
        ErrorEquals: ['States.ALL'],
        MaxAttempts: 99_999_999,
        JitterStrategy: 'FULL',
        MaxDelaySeconds: expect.any(Number),
      });
    },
  );

  it('traffic is tried to be taken back at least every half minute', () => {
    expect((States['Roll back'] as TaskState).Retry?.at(-1)?.MaxDelaySeconds).toBe(30);
  });
});

/** All waits of one retrier, were each as long as full jitter allows. */
function longestWaitSeconds({ IntervalSeconds, BackoffRate, MaxAttempts, MaxDelaySeconds }: Retrier): number {
  return Array.from({ length: MaxAttempts }, (_unused, attempt) =>
    Math.min(MaxDelaySeconds, IntervalSeconds * BackoffRate ** attempt),
  ).reduce((sum, seconds) => sum + seconds, 0);
}
