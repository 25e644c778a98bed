// The guard: an execution ended without closing its rollout.
import { describe, expect, it } from 'vitest';
import { commitPromotion } from '../../src/steps/commit-promotion.ts';
import { guardRollout } from '../../src/steps/guard-rollout.ts';
import { shiftTraffic } from '../../src/steps/shift-traffic.ts';
import { EXECUTION, startedWorld } from '../support/step-world.ts';

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
    const writes = await world.ports.store.readWrites('checkout-42-1');
    expect(writes.filter(({ action }) => action === 'promote').map(({ seq }) => seq)).toEqual([2, 2]);
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
});
