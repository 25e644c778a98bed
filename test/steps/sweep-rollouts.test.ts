// The sweeper: finds without any event what was left open.
import { describe, expect, it, vi } from 'vitest';
import { factsOf } from '../../src/core/audit/facts.ts';
import { IncompleteError, TransientError } from '../../src/core/errors.ts';
import { kindOf } from '../../src/core/targets/index.ts';
import { shiftTraffic } from '../../src/steps/shift-traffic.ts';
import { sweepRollouts } from '../../src/steps/sweep-rollouts.ts';
import { shiftedAlbWorld } from '../support/alb-step-world.ts';
import { EXECUTION, ROLLOUT_ID, START_MS, startedWorld } from '../support/step-world.ts';

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

  it('takes over nothing that ended after the index was asked', async () => {
    const { world, rollout } = await startedWorld();
    await shiftTraffic.run(rollout, world.ports);
    const listed = [await world.row()];
    world.executions.end(EXECUTION, 'TIMED_OUT');
    await sweepRollouts.run({}, world.ports);
    const told = world.eventNames().length;
    const store = { ...world.ports.store, listActive: async () => listed };
    expect(await sweepRollouts.run({}, { ...world.ports, store })).toEqual({ settled: [] });
    expect(world.eventNames()).toHaveLength(told);
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

  it('gives a row that hangs up in time to say that it was here', async () => {
    const { world } = await startedWorld();
    world.stopSweeper();
    world.advance(60);
    const ports = {
      ...world.ports,
      executions: { ...world.ports.executions, status: () => new Promise<never>(() => {}) },
      clock: { ...world.ports.clock, sleep: () => Promise.resolve() },
    };
    await expect(sweepRollouts.run({}, ports)).rejects.toThrow(`${ROLLOUT_ID}: no answer within 80 s`);
    expect(await world.ports.store.readLastSweep()).toBe(START_MS + 60_000);
  });

  it('leaves open what only time can settle, and does not count it as a failure', async () => {
    const { world, rollout } = await shiftedAlbWorld('in-place');
    world.executions.end(EXECUTION, 'FAILED');
    expect(await sweepRollouts.run({}, world.ports)).toEqual({ settled: [] });
    expect(world.canaryPercent()).toBe(0);
    const { target } = rollout.spec;
    world.advance(kindOf(target).quarantineSeconds(target, 'restored') + 1);
    expect(await sweepRollouts.run({}, world.ports)).toEqual({ settled: [ROLLOUT_ID] });
  });

  it('does the same when two of it run at once as when one does', async () => {
    const { world, rollout } = await startedWorld();
    await shiftTraffic.run(rollout, world.ports);
    world.executions.end(EXECUTION, 'FAILED');
    await Promise.all([sweepRollouts.run({}, world.ports), sweepRollouts.run({}, world.ports)]);
    expect(await world.row()).toMatchObject({ outcome: 'ROLLED_BACK' });
    const ends = factsOf(await world.ports.store.readAudit(ROLLOUT_ID), 'ended');
    expect(ends).toHaveLength(1);
  });

  it('stops before it takes back, so that nobody goes on meanwhile', async () => {
    const { world, rollout } = await startedWorld();
    await shiftTraffic.run(rollout, world.ports);
    world.advance((rollout.deadlineAtMs - rollout.startedAtMs) / 1000 + 901);
    const order: string[] = [];
    const ports = {
      ...world.ports,
      executions: {
        ...world.ports.executions,
        stop: async (arn: string, cause: string) => {
          order.push('stop');
          await world.ports.executions.stop(arn, cause);
        },
      },
      store: {
        ...world.ports.store,
        beginRevert: (rolloutId: string) => {
          order.push('revert');
          return world.ports.store.beginRevert(rolloutId);
        },
      },
    };
    await sweepRollouts.run({}, ports);
    expect(order).toEqual(['stop', 'revert']);
  });
});

describe('the mark of the sweeper', () => {
  it('is left by every sweep that could list rollouts, also when a row failed', async () => {
    const { world, rollout } = await startedWorld();
    world.stopSweeper();
    await shiftTraffic.run(rollout, world.ports);
    world.advance(60);
    await sweepRollouts.run({}, world.ports);
    expect(await world.ports.store.readLastSweep()).toBe(START_MS + 60_000);
    world.executions.end(EXECUTION, 'FAILED');
    world.hooks.before = () => {
      throw new TransientError('throttled');
    };
    world.advance(60);
    await expect(sweepRollouts.run({}, world.ports)).rejects.toThrow('throttled');
    expect(await world.ports.store.readLastSweep()).toBe(START_MS + 120_000);
  });

  it('is not left by one that could not', async () => {
    const { world } = await startedWorld();
    world.stopSweeper();
    const before = await world.ports.store.readLastSweep();
    world.advance(60);
    const listActive = () => Promise.reject(new TransientError('away'));
    const store = { ...world.ports.store, listActive };
    await expect(sweepRollouts.run({}, { ...world.ports, store })).rejects.toThrow('away');
    expect(await world.ports.store.readLastSweep()).toBe(before);
  });
});
