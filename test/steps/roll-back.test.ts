// Step «Roll back»: makes traffic safe with the target alone, then makes the record say so.
import { describe, expect, it } from 'vitest';
import { factsOf } from '../../src/core/audit/facts.ts';
import { FencedError, IncompleteError, InvalidDocumentError, TransientError } from '../../src/core/errors.ts';
import type { TaskState } from '../../src/core/states-language.ts';
import { plainReason } from '../../src/core/verdict.ts';
import { workflow } from '../../src/core/workflow.ts';
import type { MemoryEvents } from '../../src/sim/memory-events.ts';
import { commitPromotion } from '../../src/steps/commit-promotion.ts';
import { rollBack } from '../../src/steps/roll-back.ts';
import { shiftTraffic } from '../../src/steps/shift-traffic.ts';
import { ROLLOUT_ID, START_MS, startedWorld } from '../support/step-world.ts';

async function shiftedWorld() {
  const { world, rollout } = await startedWorld();
  return { world, rollout: await shiftTraffic.run(rollout, world.ports) };
}

const AWAY = () => Promise.reject(new TransientError('table away'));

describe('rolling back', () => {
  it('is not over while the target still shows traffic on the new version', async () => {
    const { world, rollout } = await shiftedWorld();
    const router = world.ports.routers['lambda-alias'];
    const restore: typeof router.restore = async (order, authorise) => {
      const restored = await router.restore(order, authorise);
      return { ...restored, live: { ...restored.live, canaryPercent: 10 } };
    };
    const routers = { ...world.ports.routers, 'lambda-alias': { ...router, restore } };
    await expect(rollBack.run({ ...rollout }, { ...world.ports, routers })).rejects.toThrow(/read back 10 %/);
    expect((await world.row()).outcome).toBeNull();
  });

  it('stops at a lease that is somebody else’s although the record says that it has not ended', async () => {
    const { world, rollout } = await shiftedWorld();
    const readFence = async () => ({ owner: 'other', epoch: 9, mode: 'FORWARD' as const });
    const ports = { ...world.ports, store: { ...world.ports.store, readFence } };
    await expect(rollBack.run({ ...rollout }, ports)).rejects.toBeInstanceOf(FencedError);
    expect(world.liveWeights()).toEqual({ '41': 1, '42': 0.1 });
  });

  it('is repeated under the number that it announced, also by somebody who counts fewer writes', async () => {
    const { world, rollout } = await shiftedWorld();
    const { store } = world.ports;
    const recordFact: typeof store.recordFact = (rolloutId, fact) =>
      fact.kind === 'outcome' ? AWAY() : store.recordFact(rolloutId, fact);
    const ports = { ...world.ports, store: { ...store, recordFact } };
    await expect(rollBack.run({ ...rollout, writes: 5 }, ports)).rejects.toThrow('table away');
    await rollBack.run({ ...rollout }, world.ports);
    const restores = factsOf(await store.readAudit(ROLLOUT_ID), 'intent').filter(
      ({ action }) => action === 'restore',
    );
    expect(restores.map(({ seq }) => seq)).toEqual([6]);
  });

  it('takes all traffic to stable and closes with the reason of the verdict', async () => {
    const { world, rollout } = await shiftedWorld();
    const reason = plainReason('31 of 2,140 failed', 'errors');
    const end = await rollBack.run({ ...rollout, reason }, world.ports);
    expect(end).toMatchObject({ outcome: 'ROLLED_BACK', reason });
    expect(world.liveWeights()).toEqual({ '41': 1 });
    expect(await world.row()).toMatchObject({ phase: 'ROLLED_BACK', reason });
    expect(world.eventNames().slice(-2)).toEqual(['rollback-started', 'rollout-rolled-back']);
  });

  it('writes even when the weight is 0 already, so that a shift in flight loses its race', async () => {
    const { world, rollout } = await startedWorld();
    const before = world.lambda.peek('checkout-api', 'live')?.revisionId;
    await rollBack.run({ ...rollout }, world.ports);
    expect(world.lambda.peek('checkout-api', 'live')?.revisionId).not.toBe(before);
  });

  it('is an abort when a person latched it, with their words', async () => {
    const { world, rollout } = await shiftedWorld();
    const reason = plainReason('Aborted by ana: wrong build');
    await world.ports.store.latch(ROLLOUT_ID, {
      kind: 'abort',
      source: 'ana',
      atMs: START_MS,
      causedAtMs: null,
      reason,
    });
    const failure = { Error: 'Interrupted', Cause: 'Aborted by ana: wrong build' };
    expect(await rollBack.run({ ...rollout, failure }, world.ports)).toMatchObject({
      outcome: 'ABORTED',
      reason,
    });
    expect(world.eventNames().at(-1)).toBe('rollout-aborted');
  });

  it('makes traffic safe without the store, and is not done before the record is', async () => {
    const { world, rollout } = await shiftedWorld();
    const store = { ...world.ports.store, beginRevert: AWAY, readRow: AWAY, close: AWAY, recordFact: AWAY };
    const attempt = rollBack.run({ ...rollout }, { ...world.ports, store });
    await expect(attempt).rejects.toBeInstanceOf(IncompleteError);
    expect(world.liveWeights()).toEqual({ '41': 1 });
    expect((await world.row()).outcome).toBeNull();
    expect((await rollBack.run({ ...rollout }, world.ports)).outcome).toBe('ROLLED_BACK');
  });

  it('needs no more of the document than target and versions', async () => {
    const { world, rollout } = await shiftedWorld();
    const { rolloutId, stable, canary } = rollout;
    const spec = { service: 'checkout', target: rollout.spec.target };
    const end = await rollBack.run(
      rollBack.input.parse({ rolloutId, spec, stable, canary, judge: 'rubbish' }),
      world.ports,
    );
    expect(end.outcome).toBe('ROLLED_BACK');
    expect(world.liveWeights()).toEqual({ '41': 1 });
  });

  it('keeps its hands off a third version', async () => {
    const { world, rollout } = await shiftedWorld();
    world.lambda.edit('checkout-api', 'live', { functionVersion: '43', additionalWeights: {} });
    expect((await rollBack.run({ ...rollout }, world.ports)).outcome).toBe('SUPERSEDED');
    expect(world.liveWeights()).toEqual({ '43': 1 });
  });

  it('tells who aborted it', async () => {
    const { world, rollout } = await shiftedWorld();
    const reason = plainReason('Aborted by ana');
    const abort = { kind: 'abort', source: 'ana', atMs: START_MS, causedAtMs: null, reason } as const;
    await world.ports.store.latch(ROLLOUT_ID, abort);
    await rollBack.run({ ...rollout }, world.ports);
    const end = (world.ports.events as MemoryEvents).published.at(-1);
    expect(end).toMatchObject({ event: 'rollout-aborted', data: { actor: 'ana' } });
  });

  it('names the third version, and tells of no way back that a look had found to be superfluous', async () => {
    const { world, rollout } = await shiftedWorld();
    world.lambda.edit('checkout-api', 'live', { functionVersion: '43', additionalWeights: {} });
    const failure = {
      Error: 'SupersededError',
      Cause: '{"errorMessage":"checkout-api:live routes to version 43"}',
    };
    const { reason } = await rollBack.run({ ...rollout, failure }, world.ports);
    expect(reason.sentence).toBe(
      'Somebody moved checkout-api:live to version 43, which is neither version 41 nor 42; it was left as it is.',
    );
    expect(world.eventNames()).not.toContain('rollback-started');
    const outcomes = factsOf(await world.ports.store.readAudit(ROLLOUT_ID), 'outcome');
    expect(outcomes.at(-1)).toMatchObject({ action: 'restore', live: null, strangers: ['43'] });
  });

  it('tells of the way back all the same, where the third version was gone by then', async () => {
    const { world, rollout } = await shiftedWorld();
    const failure = {
      Error: 'SupersededError',
      Cause: '{"errorMessage":"checkout-api:live routes to version 43"}',
    };
    expect((await rollBack.run({ ...rollout, failure }, world.ports)).outcome).toBe('ROLLED_BACK');
    expect(world.eventNames().slice(-2)).toEqual(['rollback-started', 'rollout-rolled-back']);
  });

  it('tells loudly when an attempt failed, and every attempt can be the last', async () => {
    const { world, rollout } = await shiftedWorld();
    world.hooks.before = (api) => {
      if (api === 'UpdateAlias') throw new TransientError('throttled');
    };
    await expect(rollBack.run({ ...rollout }, world.ports)).rejects.toBeInstanceOf(TransientError);
    expect(world.eventNames()).toContain('rollback-delayed');
    world.hooks.before = undefined;
    await rollBack.run({ ...rollout }, world.ports);
    expect(world.eventNames().filter((event) => event === 'rollback-started')).toHaveLength(1);
  });

  it('stays finished: a second run answers the first one’s end', async () => {
    const { world, rollout } = await shiftedWorld();
    await rollBack.run({ ...rollout }, world.ports);
    const revision = world.lambda.peek('checkout-api', 'live')?.revisionId;
    expect((await rollBack.run({ ...rollout }, world.ports)).outcome).toBe('ROLLED_BACK');
    expect(world.lambda.peek('checkout-api', 'live')?.revisionId).toBe(revision);
  });

  it('never undoes a committed promotion', async () => {
    const { world, rollout } = await shiftedWorld();
    await commitPromotion.run(rollout, world.ports);
    await expect(rollBack.run({ ...rollout }, world.ports)).rejects.toBeInstanceOf(IncompleteError);
    expect(world.liveWeights()).toEqual({ '41': 1, '42': 0.1 });
  });

  it('says what failed when it was not the canary', async () => {
    const { world, rollout } = await shiftedWorld();
    const failure = { Error: 'PermissionError', Cause: '{"errorMessage":"may not UpdateAlias"}' };
    const end = await rollBack.run({ ...rollout, failure }, world.ports);
    expect(end.reason.sentence).toBe('The rollout could not go on (PermissionError): may not UpdateAlias.');
  });

  it('does not wait for a store that hangs', async () => {
    const { world, rollout } = await shiftedWorld();
    const hanging = { ...world.ports.store, beginRevert: () => new Promise<never>(() => {}) };
    const clock = { ...world.ports.clock, sleep: () => Promise.resolve() };
    const attempt = rollBack.run({ ...rollout }, { ...world.ports, store: hanging, clock });
    await expect(attempt).rejects.toBeInstanceOf(IncompleteError);
    expect(world.liveWeights()).toEqual({ '41': 1 });
  });

  it('tells the end again when the try that closed it told nobody', async () => {
    const { world, rollout } = await shiftedWorld();
    const silent = { publish: () => Promise.resolve() };
    await rollBack.run({ ...rollout }, { ...world.ports, events: silent });
    expect(world.eventNames()).not.toContain('rollout-rolled-back');
    await rollBack.run({ ...rollout }, world.ports);
    expect(world.eventNames()).toContain('rollout-rolled-back');
  });

  it('tells the end that is on record when another actor was first, and tells it alike', async () => {
    const { world, rollout } = await shiftedWorld();
    const { store } = world.ports;
    const reason = plainReason('The sweeper was here');
    const close: typeof store.close = async (rolloutId, end) => {
      await store.close(rolloutId, { outcome: 'ABORTED', reason, atMs: START_MS + 1000 });
      await store.close(rolloutId, end);
    };
    const end = await rollBack.run({ ...rollout }, { ...world.ports, store: { ...store, close } });
    expect(end).toEqual({ rolloutId: ROLLOUT_ID, outcome: 'ABORTED', reason });
    expect(world.eventNames()).toContain('rollout-aborted');
    expect(world.eventNames()).not.toContain('rollout-rolled-back');
  });

  it('passes no document on, so that its size keeps no rollback from ending', async () => {
    const { world, rollout } = await shiftedWorld();
    const failure = { Error: 'Error', Cause: 'x'.repeat(30_000) };
    const end = await rollBack.run(
      rollBack.input.parse({ ...rollout, failure, more: 'y'.repeat(30_000) }),
      world.ports,
    );
    expect(Object.keys(end).sort()).toEqual(['outcome', 'reason', 'rolloutId']);
  });
});

describe('what is not ours to take back', () => {
  it('is a target whose lease is somebody else’s', async () => {
    const { world, rollout } = await shiftedWorld();
    const beginRevert = () => Promise.reject(new FencedError('the lease is somebody-else’s'));
    const store = { ...world.ports.store, beginRevert };
    const attempt = rollBack.run({ ...rollout }, { ...world.ports, store });
    await expect(attempt).rejects.toBeInstanceOf(FencedError);
    expect(world.liveWeights()).toEqual({ '41': 1, '42': 0.1 });
  });

  it('is a rollout that is not on record: a forged document moves nothing', async () => {
    const { world, rollout } = await shiftedWorld();
    const attempt = rollBack.run({ ...rollout, rolloutId: 'somebody-elses' }, world.ports);
    await expect(attempt).rejects.toBeInstanceOf(InvalidDocumentError);
    expect(world.liveWeights()).toEqual({ '41': 1, '42': 0.1 });
  });

  it('is a rollout that has ended, whatever epoch an old document claims', async () => {
    const { world, rollout } = await shiftedWorld();
    await rollBack.run({ ...rollout }, world.ports);
    const revision = world.lambda.peek('checkout-api', 'live')?.revisionId;
    for (const epoch of [0, 1, 7]) {
      expect((await rollBack.run({ ...rollout, epoch }, world.ports)).outcome).toBe('ROLLED_BACK');
    }
    expect(world.lambda.peek('checkout-api', 'live')?.revisionId).toBe(revision);
  });

  it('is a document that cannot be read: the execution fails at once, and guard and sweeper go by the record', () => {
    const { Retry } = workflow({ tickSeconds: 60 }).States['Roll back'] as TaskState;
    expect(Retry?.[0]).toMatchObject({ ErrorEquals: ['InvalidDocumentError'], MaxAttempts: 0 });
  });
});
