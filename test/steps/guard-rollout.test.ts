// The guard: an execution ended without closing its rollout.
import { describe, expect, it } from 'vitest';
import { factsOf } from '../../src/core/audit/facts.ts';
import { runStep } from '../../src/runtime/run-step.ts';
import { commitPromotion } from '../../src/steps/commit-promotion.ts';
import { guardRollout } from '../../src/steps/guard-rollout.ts';
import { shiftTraffic } from '../../src/steps/shift-traffic.ts';
import { EXECUTION, ROLLOUT_ID, startedWorld } from '../support/step-world.ts';

const EVENT = { detail: { executionArn: EXECUTION, status: 'ABORTED' } };

describe('the guard', () => {
  it('takes traffic back when an execution was stopped in mid-rollout', async () => {
    const { world, rollout } = await startedWorld();
    await shiftTraffic.run(rollout, world.ports);
    world.executions.end(EXECUTION, 'ABORTED');
    expect(await guardRollout.run(EVENT, world.ports)).toEqual({ settled: true });
    expect(world.liveWeights()).toEqual({ '41': 1 });
    expect(await world.row()).toMatchObject({ outcome: 'ROLLED_BACK' });
    expect(world.eventNames()).toContain('taken-over');
  });

  it('finishes a committed promotion instead', async () => {
    const { world, rollout } = await startedWorld();
    await commitPromotion.run(await shiftTraffic.run(rollout, world.ports), world.ports);
    world.executions.end(EXECUTION, 'FAILED');
    await guardRollout.run(EVENT, world.ports);
    expect(world.liveWeights()).toEqual({ '42': 1 });
    expect(await world.row()).toMatchObject({ outcome: 'PROMOTED' });
    const outcomes = factsOf(await world.ports.store.readAudit(ROLLOUT_ID), 'outcome');
    expect(outcomes.at(-1)).toMatchObject({ action: 'promote', seq: 2 });
  });

  it('closes nothing that was prepared after it read the record', async () => {
    const { world } = await startedWorld();
    world.executions.end(EXECUTION, 'ABORTED');
    const before = { ...(await world.row()), phase: 'PENDING' as const, rollout: null };
    const store = { ...world.ports.store, readRow: async () => before };
    const guard = guardRollout.run(EVENT, { ...world.ports, store });
    await expect(guard).rejects.toThrow('PREPARED: it cannot end as REJECTED');
    expect(await guardRollout.run(EVENT, world.ports)).toEqual({ settled: true });
    expect(await world.row()).toMatchObject({ outcome: 'ROLLED_BACK' });
  });

  it('leaves a running execution and a closed rollout alone, however often it is told', async () => {
    const { world, rollout } = await startedWorld();
    await shiftTraffic.run(rollout, world.ports);
    expect(await guardRollout.run(EVENT, world.ports)).toEqual({ settled: false });
    expect(world.liveWeights()).toEqual({ '41': 1, '42': 0.1 });
    world.executions.end(EXECUTION, 'ABORTED');
    await guardRollout.run(EVENT, world.ports);
    expect(await guardRollout.run(EVENT, world.ports)).toEqual({ settled: false });
  });

  it('leaves another machine’s execution of the same name alone', async () => {
    const { world } = await startedWorld();
    const executionArn = EXECUTION.replace(':stepshift:', ':other:');
    expect(await guardRollout.run({ detail: { executionArn, status: 'FAILED' } }, world.ports)).toEqual({
      settled: false,
    });
  });

  it('is not misled by an event that claims an end while the execution runs', async () => {
    const { world, rollout } = await startedWorld();
    await shiftTraffic.run(rollout, world.ports);
    for (const status of ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'made up']) {
      const event = { detail: { executionArn: EXECUTION, status } };
      expect(await guardRollout.run(event, world.ports)).toEqual({ settled: false });
    }
    expect(world.liveWeights()).toEqual({ '41': 1, '42': 0.1 });
    expect(world.eventNames()).not.toContain('taken-over');
  });

  it('does the same for two copies of an event at once as for one', async () => {
    const { world, rollout } = await startedWorld();
    await shiftTraffic.run(rollout, world.ports);
    world.executions.end(EXECUTION, 'ABORTED');
    await Promise.all([guardRollout.run(EVENT, world.ports), guardRollout.run(EVENT, world.ports)]);
    expect(await world.row()).toMatchObject({ outcome: 'ROLLED_BACK' });
    const audit = await world.ports.store.readAudit(ROLLOUT_ID);
    expect(factsOf(audit, 'ended')).toHaveLength(1);
    expect(factsOf(audit, 'reverting')).toHaveLength(1);
  });

  it('takes an event with the whole input of the execution in it', async () => {
    const { world } = await startedWorld();
    const event = { detail: { ...EVENT.detail, input: 'x'.repeat(200_000) } };
    expect(await runStep(guardRollout, world.ports, event)).toEqual({ settled: false });
  });
});
