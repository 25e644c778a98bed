// The sweeper: finds without any event what was left open.
import { describe, expect, it, vi } from 'vitest';
import { IncompleteError, TransientError } from '../../src/core/errors.ts';
import { shiftTraffic } from '../../src/steps/shift-traffic.ts';
import { sweepRollouts } from '../../src/steps/sweep-rollouts.ts';
import { EXECUTION, ROLLOUT_ID, startedWorld } from '../support/step-world.ts';

describe('the sweeper', () => {
  it('leaves a running rollout alone', async () => {
    const { world } = await startedWorld();
    expect(await sweepRollouts.run({}, world.ports)).toEqual({ settled: [] });
  });

  it('takes back what a dead execution left, and then finds nothing', async () => {
    const { world, rollout } = await startedWorld();
    await shiftTraffic.run(rollout, world.ports);
    world.executions.end(EXECUTION, 'TIMED_OUT');
    expect(await sweepRollouts.run({}, world.ports)).toEqual({ settled: [ROLLOUT_ID] });
    expect(world.liveWeights()).toEqual({ '41': 1 });
    expect(await sweepRollouts.run({}, world.ports)).toEqual({ settled: [] });
  });

  it('stops an execution that is far past its deadline', async () => {
    const { world, rollout } = await startedWorld();
    await shiftTraffic.run(rollout, world.ports);
    world.advance((rollout.deadlineAtMs - rollout.startedAtMs) / 1000 + 901);
    expect(await sweepRollouts.run({}, world.ports)).toEqual({ settled: [ROLLOUT_ID] });
    expect(await world.ports.executions.status(EXECUTION)).toBe('ABORTED');
    expect(world.liveWeights()).toEqual({ '41': 1 });
  });

  it('fails loudly after it tried every rollout', async () => {
    const { world, rollout } = await startedWorld();
    await shiftTraffic.run(rollout, world.ports);
    world.executions.end(EXECUTION, 'FAILED');
    world.hooks.before = (api) => {
      if (api === 'UpdateAlias') throw new TransientError('throttled');
    };
    await expect(sweepRollouts.run({}, world.ports)).rejects.toBeInstanceOf(IncompleteError);
    world.hooks.before = undefined;
    expect(await sweepRollouts.run({}, world.ports)).toEqual({ settled: [ROLLOUT_ID] });
  });

  it('is not kept from one rollout by another whose target hangs', async () => {
    const { world, rollout } = await startedWorld();
    await shiftTraffic.run(rollout, world.ports);
    world.executions.end(EXECUTION, 'FAILED');
    const row = await world.row();
    const stuck = { ...row, rolloutId: 'stuck', executionArn: 'arn:stuck' };
    const ports = {
      ...world.ports,
      store: { ...world.ports.store, listActive: async () => [stuck, row] },
      executions: {
        ...world.ports.executions,
        status: (arn: string) =>
          arn === 'arn:stuck' ? new Promise<never>(() => {}) : world.ports.executions.status(arn),
      },
    };
    void sweepRollouts.run({}, ports);
    await vi.waitFor(() => expect(world.liveWeights()).toEqual({ '41': 1 }));
  });
});
