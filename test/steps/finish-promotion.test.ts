// Step «Finish promotion»: moves the last pointer, closes, never undoes.
import { describe, expect, it } from 'vitest';
import { factsOf } from '../../src/core/audit/facts.ts';
import { FencedError, SupersededError, TransientError } from '../../src/core/errors.ts';
import type { Rollout } from '../../src/core/rollout.ts';
import { commitPromotion } from '../../src/steps/commit-promotion.ts';
import { finishPromotion } from '../../src/steps/finish-promotion.ts';
import { rollBack } from '../../src/steps/roll-back.ts';
import { shiftTraffic } from '../../src/steps/shift-traffic.ts';
import { startRollout } from '../../src/steps/start-rollout.ts';
import { EXECUTION, ROLLOUT_ID, START_INPUT, type StepWorld, startedWorld } from '../support/step-world.ts';

async function committedWorld() {
  const { world, rollout } = await startedWorld();
  const shifted = await shiftTraffic.run(rollout, world.ports);
  return { world, rollout: await commitPromotion.run(shifted, world.ports) };
}

describe('finishing', () => {
  it('puts all traffic on the new version and approves it', async () => {
    const { world, rollout } = await committedWorld();
    const end = await finishPromotion.run(rollout, world.ports);
    expect(end).toMatchObject({ outcome: 'PROMOTED', stage: { weightPercent: 100 } });
    expect(world.liveWeights()).toEqual({ '42': 1 });
    const row = await world.row();
    expect(row).toMatchObject({ phase: 'PROMOTED', outcome: 'PROMOTED' });
    expect(await world.ports.store.readApprovedVersion(row.targetId)).toBe('42');
    expect((await world.ports.store.readFence(row.targetId)).owner).toBeNull();
  });

  it('tells loudly when it has to try again, and then ends the same', async () => {
    const { world, rollout } = await committedWorld();
    world.hooks.before = (api) => {
      if (api === 'UpdateAlias') throw new TransientError('throttled');
    };
    await expect(finishPromotion.run(rollout, world.ports)).rejects.toThrow('throttled');
    expect(world.eventNames()).toContain('promotion-delayed');
    world.hooks.before = undefined;
    expect((await finishPromotion.run(rollout, world.ports)).outcome).toBe('PROMOTED');
    expect((await finishPromotion.run(rollout, world.ports)).outcome).toBe('PROMOTED');
    const audit = await world.ports.store.readAudit(ROLLOUT_ID);
    expect(audit.map(({ fact }) => fact.kind).slice(-4)).toEqual(['committed', 'intent', 'outcome', 'ended']);
    expect(factsOf(audit, 'outcome').at(-1)).toMatchObject({
      action: 'promote',
      seq: 2,
      live: { canaryPercent: 100 },
      found: null,
    });
  });

  it('gives way to a third version, writes nothing, and says who won', async () => {
    const { world, rollout } = await committedWorld();
    world.lambda.edit('checkout-api', 'live', { functionVersion: '43', additionalWeights: {} });
    await expect(finishPromotion.run(rollout, world.ports)).rejects.toBeInstanceOf(SupersededError);
    expect(world.liveWeights()).toEqual({ '43': 1 });
    expect(await world.row()).toMatchObject({ outcome: 'SUPERSEDED' });
    const outcomes = factsOf(await world.ports.store.readAudit(ROLLOUT_ID), 'outcome');
    expect(outcomes.at(-1)).toMatchObject({ action: 'promote', live: null, strangers: ['43'] });
    const end = await rollBack.run({ ...rollout }, world.ports);
    expect(end.outcome).toBe('SUPERSEDED');
    expect(end.reason.sentence).toMatch(/while version 42 was being promoted/);
    expect(world.liveWeights()).toEqual({ '43': 1 });
  });

  // an emergency stop in the moment of the commit must not be answered with all traffic on the new version
  it('gives way to a person who took all traffic back by hand', async () => {
    const { world, rollout } = await committedWorld();
    world.lambda.edit('checkout-api', 'live', { additionalWeights: {} });
    await expect(finishPromotion.run(rollout, world.ports)).rejects.toThrow('back to version 41 by hand');
    expect(world.liveWeights()).toEqual({ '41': 1 });
    const row = await world.row();
    expect(row).toMatchObject({ outcome: 'SUPERSEDED' });
    expect(await world.ports.store.readApprovedVersion(row.targetId)).toBeNull();
  });

  it('records a later try apart from one that was read back before somebody moved the target', async () => {
    const { world, rollout } = await committedWorld();
    const close = () => Promise.reject(new TransientError('table away'));
    const ports = { ...world.ports, store: { ...world.ports.store, close } };
    await expect(finishPromotion.run(rollout, ports)).rejects.toThrow('table away');
    world.lambda.edit('checkout-api', 'live', { functionVersion: '41' });
    await expect(finishPromotion.run(rollout, world.ports)).rejects.toBeInstanceOf(SupersededError);
    const outcomes = factsOf(await world.ports.store.readAudit(ROLLOUT_ID), 'outcome').slice(-2);
    expect(outcomes).toMatchObject([
      { seq: 2, live: { canaryPercent: 100 } },
      { seq: 3, live: null },
    ]);
  });

  it('goes on when a person only lowered the weight', async () => {
    const { world, rollout } = await committedWorld();
    world.lambda.edit('checkout-api', 'live', { additionalWeights: { '42': 0.001 } });
    expect((await finishPromotion.run(rollout, world.ports)).outcome).toBe('PROMOTED');
  });

  it('never moves a target again that a later rollout owns, however late it is retried', async () => {
    const { world, rollout } = await committedWorld();
    await finishPromotion.run(rollout, world.ports);
    const execution = `${EXECUTION}-back`;
    world.executions.begin(execution);
    const request = { service: 'checkout', version: '41' };
    const back = await startRollout.run({ ...START_INPUT, execution, request }, world.ports);
    await shiftTraffic.run(back, world.ports);
    const before = world.liveWeights();
    expect((await finishPromotion.run(rollout, world.ports)).outcome).toBe('PROMOTED');
    expect(world.liveWeights()).toEqual(before);
  });

  it.each([
    ['somebody else’s', { owner: 'somebody-else', epoch: 1 }],
    ['its own again, at a later epoch', { owner: ROLLOUT_ID, epoch: 2 }],
  ])('asks the fence between reading the target and writing it: the lease is %s', async (_whose, lease) => {
    const { world, rollout } = await committedWorld();
    const store = { ...world.ports.store, readFence: async () => ({ ...lease, mode: 'FORWARD' as const }) };
    await expect(finishPromotion.run(rollout, { ...world.ports, store })).rejects.toBeInstanceOf(FencedError);
    expect(world.liveWeights()).toEqual({ '41': 1, '42': 0.1 });
  });

  it.each<[string, (world: StepWorld, rollout: Rollout) => Promise<unknown>]>([
    ['is still tried', async () => {}],
    ['is being taken back', async (world) => world.ports.store.beginRevert(ROLLOUT_ID)],
  ])('refuses a rollout that %s: nothing was committed, nothing is written', async (_what, reach) => {
    const { world, rollout } = await startedWorld();
    const shifted = await shiftTraffic.run(rollout, world.ports);
    await reach(world, shifted);
    const before = await world.ports.store.readAudit(ROLLOUT_ID);
    await expect(finishPromotion.run(shifted, world.ports)).rejects.toBeInstanceOf(FencedError);
    expect(world.liveWeights()).toEqual({ '41': 1, '42': 0.1 });
    expect(await world.ports.store.readAudit(ROLLOUT_ID)).toEqual(before);
    expect(world.eventNames()).not.toContain('promotion-delayed');
  });

  it('cannot take a rollout that was taken back to its promoted end', async () => {
    const { world, rollout } = await startedWorld();
    const shifted = await shiftTraffic.run(rollout, world.ports);
    await rollBack.run({ ...shifted }, world.ports);
    await expect(finishPromotion.run(shifted, world.ports)).rejects.toBeInstanceOf(SupersededError);
    expect(await world.row()).toMatchObject({ outcome: 'ROLLED_BACK' });
    expect(world.liveWeights()).toEqual({ '41': 1 });
  });

  it('tells when the record is away, and tells the end once', async () => {
    const { world, rollout } = await committedWorld();
    const readRow = () => Promise.reject(new TransientError('table away'));
    const store = { ...world.ports.store, readRow };
    await expect(finishPromotion.run(rollout, { ...world.ports, store })).rejects.toThrow('table away');
    expect(world.eventNames().at(-1)).toBe('promotion-delayed');
    await finishPromotion.run(rollout, world.ports);
    expect(world.eventNames().filter((event) => event === 'rollout-promoted')).toHaveLength(1);
  });
});
