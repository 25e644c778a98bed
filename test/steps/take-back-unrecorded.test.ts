// The way back while the record is away: traffic first, no end without the record, and a gap in it afterwards.
import { describe, expect, it } from 'vitest';
import { type AuditEntry, factsOf } from '../../src/core/audit/facts.ts';
import { FencedError, IncompleteError, TransientError } from '../../src/core/errors.ts';
import type { Rollout } from '../../src/core/rollout.ts';
import type { Ports, RolloutStore } from '../../src/ports.ts';
import { runStep } from '../../src/runtime/run-step.ts';
import { commitPromotion } from '../../src/steps/commit-promotion.ts';
import { finishPromotion } from '../../src/steps/finish-promotion.ts';
import { rollBack } from '../../src/steps/roll-back.ts';
import { shiftTraffic } from '../../src/steps/shift-traffic.ts';
import { startRollout } from '../../src/steps/start-rollout.ts';
import { EXECUTION, ROLLOUT_ID, START_INPUT, type StepWorld, startedWorld } from '../support/step-world.ts';

const AWAY = () => Promise.reject(new TransientError('table away'));

async function shiftedWorld() {
  const { world, rollout } = await startedWorld();
  return { world, rollout: await shiftTraffic.run(rollout, world.ports) };
}

function without(world: StepWorld, ...methods: readonly (keyof RolloutStore)[]): Ports {
  const away = Object.fromEntries(methods.map((method) => [method, AWAY]));
  return { ...world.ports, store: { ...world.ports.store, ...away } };
}

function audit(world: StepWorld): Promise<readonly AuditEntry[]> {
  return world.ports.store.readAudit(ROLLOUT_ID);
}

async function gaps(world: StepWorld): Promise<readonly string[]> {
  return factsOf(await audit(world), 'gap').map(({ why }) => why);
}

function revision(world: StepWorld): string | undefined {
  return world.lambda.peek('checkout-api', 'live')?.revisionId;
}

describe('a way back that the record does not know of', () => {
  it('leaves a gap that says what was found, when the record is back', async () => {
    const { world, rollout } = await shiftedWorld();
    const attempt = rollBack.run({ ...rollout }, without(world, 'beginRevert'));
    await expect(attempt).rejects.toBeInstanceOf(IncompleteError);
    expect(world.liveWeights()).toEqual({ '41': 1 });
    expect(factsOf(await audit(world), 'reverting')).toEqual([]);
    await rollBack.run({ ...rollout }, world.ports);
    expect(await gaps(world)).toEqual([expect.stringMatching(/had 0 % where the record left 10 %/)]);
  });

  it('leaves one also where it moved no traffic: its tag is on the target', async () => {
    const { world, rollout } = await startedWorld();
    await rollBack.run({ ...rollout }, without(world, 'beginRevert')).catch(() => undefined);
    await rollBack.run({ ...rollout }, world.ports);
    expect(await gaps(world)).toEqual([expect.stringContaining(`${ROLLOUT_ID}/2/1`)]);
  });

  it('leaves one where somebody had changed the weight by hand', async () => {
    const { world, rollout } = await shiftedWorld();
    world.lambda.edit('checkout-api', 'live', { additionalWeights: { '42': 0.35 } });
    await rollBack.run({ ...rollout }, world.ports);
    expect(await gaps(world)).toEqual([expect.stringMatching(/had 35 % where the record left 10 %/)]);
  });

  it('is never the end: each method of the store that is away keeps it open', async () => {
    for (const method of ['beginRevert', 'recordFact', 'readAudit', 'close'] as const) {
      const { world, rollout } = await shiftedWorld();
      await expect(rollBack.run({ ...rollout }, without(world, method))).rejects.toThrow();
      expect(world.liveWeights()).toEqual({ '41': 1 });
      expect((await world.row()).outcome).toBeNull();
      expect((await rollBack.run({ ...rollout }, world.ports)).outcome).toBe('ROLLED_BACK');
    }
  });

  it('leaves a third version alone', async () => {
    const { world, rollout } = await shiftedWorld();
    world.lambda.edit('checkout-api', 'live', { functionVersion: '43', additionalWeights: {} });
    const attempt = rollBack.run({ ...rollout }, without(world, 'beginRevert'));
    await expect(attempt).rejects.toThrow(/third version/);
    expect(world.liveWeights()).toEqual({ '43': 1 });
  });

  it('takes back what came after an earlier try of its own', async () => {
    const { world, rollout } = await shiftedWorld();
    const ports = without(world, 'beginRevert');
    await rollBack.run({ ...rollout }, ports).catch(() => undefined);
    world.lambda.edit('checkout-api', 'live', { additionalWeights: { '42': 0.1 } });
    await rollBack.run({ ...rollout }, ports).catch(() => undefined);
    expect(world.liveWeights()).toEqual({ '41': 1 });
  });
});

describe('a try after the end, while the record is away', () => {
  async function endedWorld(): Promise<{ readonly world: StepWorld; readonly rollout: Rollout }> {
    const { world, rollout } = await shiftedWorld();
    await rollBack.run({ ...rollout }, world.ports);
    return { world, rollout };
  }

  it('finds its own way back on the target and leaves it as it is', async () => {
    const { world, rollout } = await endedWorld();
    const before = revision(world);
    const attempt = rollBack.run({ ...rollout }, without(world, 'beginRevert'));
    await expect(attempt).rejects.toBeInstanceOf(IncompleteError);
    expect(revision(world)).toBe(before);
  });

  it('finds it too when its document has lost its epoch', async () => {
    const { world, rollout } = await endedWorld();
    const before = revision(world);
    const { epoch: _lost, ...document } = rollout;
    const attempt = runStep(rollBack, without(world, 'beginRevert'), document);
    await expect(attempt).rejects.toBeInstanceOf(IncompleteError);
    expect(revision(world)).toBe(before);
  });

  // a promotion raises no epoch, so the next rollout's is the one that this one's way back would have
  it('takes nothing from the rollout after a promotion, not even one that tries the old version again', async () => {
    const { world, rollout } = await shiftedWorld();
    await finishPromotion.run(await commitPromotion.run(rollout, world.ports), world.ports);
    const execution = `${EXECUTION}-back`;
    world.executions.begin(execution);
    const request = { ...START_INPUT.request, version: '41' };
    const back = await startRollout.run({ ...START_INPUT, request, execution }, world.ports);
    await shiftTraffic.run(back, world.ports);
    expect(world.liveWeights()).toEqual({ '42': 1, '41': 0.1 });
    const attempt = rollBack.run({ ...rollout }, without(world, 'beginRevert'));
    await expect(attempt).rejects.toBeInstanceOf(FencedError);
    expect(world.liveWeights()).toEqual({ '42': 1, '41': 0.1 });
  });

  it.each([
    ['whole', {}],
    ['that lost its epoch', { epoch: 0 }],
  ])(
    'with a document %s takes nothing from a newer rollout of the very same versions',
    async (_what, change) => {
      const { world, rollout } = await endedWorld();
      const execution = `${EXECUTION}-again`;
      world.executions.begin(execution);
      const again = await startRollout.run({ ...START_INPUT, execution }, world.ports);
      await shiftTraffic.run(again, world.ports);
      const attempt = rollBack.run({ ...rollout, ...change }, without(world, 'beginRevert'));
      await expect(attempt).rejects.toBeInstanceOf(FencedError);
      expect(world.liveWeights()).toEqual({ '41': 1, '42': 0.1 });
    },
  );
});
