// The record of a way back: announced before it is written, numbered anew after an outcome, marked where it has a gap.
import { describe, expect, it } from 'vitest';
import { type AuditEntry, factsOf } from '../../src/core/audit/facts.ts';
import { TransientError } from '../../src/core/errors.ts';
import type { Ports, RolloutStore } from '../../src/ports.ts';
import { rollBack } from '../../src/steps/roll-back.ts';
import { shiftTraffic } from '../../src/steps/shift-traffic.ts';
import { ROLLOUT_ID, type StepWorld, startedWorld } from '../support/step-world.ts';

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

function restoresIn(entries: readonly AuditEntry[], kind: 'intent' | 'outcome') {
  return factsOf(entries, kind).filter(({ action }) => action === 'restore');
}

describe('the record of a way back', () => {
  it('has the fence first, then the intent, then what was found and what was left', async () => {
    const { world, rollout } = await shiftedWorld();
    await rollBack.run({ ...rollout }, world.ports);
    const entries = await audit(world);
    expect(entries.slice(-4).map(({ fact }) => fact.kind)).toEqual([
      'reverting',
      'intent',
      'outcome',
      'ended',
    ]);
    const write = { action: 'restore', epoch: 2, seq: 2, weightPercent: 0 };
    expect(restoresIn(entries, 'intent')).toMatchObject([{ ...write, stageIndex: null }]);
    expect(restoresIn(entries, 'outcome')).toMatchObject([
      { ...write, found: { canaryPercent: 10 }, live: { canaryPercent: 0 } },
    ]);
    expect(factsOf(entries, 'gap')).toEqual([]);
  });

  it('has an outcome without traffic where a third version was left alone', async () => {
    const { world, rollout } = await shiftedWorld();
    world.lambda.edit('checkout-api', 'live', { functionVersion: '43', additionalWeights: {} });
    await rollBack.run({ ...rollout }, world.ports);
    expect(restoresIn(await audit(world), 'outcome')).toMatchObject([{ found: null, live: null }]);
  });

  it('gives no number twice when the document is older than the record', async () => {
    const { world, rollout } = await shiftedWorld();
    await expect(rollBack.run({ ...rollout }, without(world, 'recordFact'))).rejects.toThrow('record');
    await rollBack.run({ ...rollout, writes: 0 }, world.ports);
    expect(restoresIn(await audit(world), 'intent').map(({ seq }) => seq)).toEqual([2]);
  });

  it('keeps one number for tries without an outcome', async () => {
    const { world, rollout } = await shiftedWorld();
    world.hooks.before = (api) => {
      if (api === 'UpdateAlias') throw new TransientError('throttled');
    };
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await expect(rollBack.run({ ...rollout }, world.ports)).rejects.toThrow('throttled');
    }
    world.hooks.before = undefined;
    await rollBack.run({ ...rollout }, world.ports);
    const entries = await audit(world);
    expect(restoresIn(entries, 'intent').map(({ seq }) => seq)).toEqual([2]);
    expect(restoresIn(entries, 'outcome').map(({ seq }) => seq)).toEqual([2]);
  });

  it('takes the next number when a try ended between its outcome and the end', async () => {
    const { world, rollout } = await shiftedWorld();
    await expect(rollBack.run({ ...rollout }, without(world, 'close'))).rejects.toThrow('table away');
    await rollBack.run({ ...rollout }, world.ports);
    const entries = await audit(world);
    expect(restoresIn(entries, 'outcome').map(({ seq }) => seq)).toEqual([2, 3]);
    expect(world.lambda.peek('checkout-api', 'live')?.description).toContain(`${ROLLOUT_ID}/2/3`);
  });
});

describe('two who take the same rollout back at once', () => {
  // found by the hunt: the later one wrote the target after the other one had ended the rollout
  it('lets only one of them write after the end', async () => {
    const { world, rollout } = await shiftedWorld();
    const read = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    let isHeld = false;
    world.hooks.after = async (api) => {
      if (api !== 'GetAlias' || isHeld) return;
      isHeld = true;
      read.resolve();
      await go.promise;
    };
    const late = rollBack.run({ ...rollout }, world.ports);
    await read.promise;
    const first = await rollBack.run({ ...rollout }, world.ports);
    expect(first.outcome).toBe('ROLLED_BACK');
    // the next rollout has shifted in the meantime: to the late one its alias looks as it did before
    const next = {
      functionVersion: '41',
      additionalWeights: { '42': 0.25 },
      description: 'stepshift next/3/1',
    };
    world.lambda.edit('checkout-api', 'live', next);
    go.resolve();
    expect((await late).outcome).toBe('ROLLED_BACK');
    expect(world.lambda.peek('checkout-api', 'live')).toMatchObject(next);
    expect(world.eventNames()).not.toContain('rollback-delayed');
  });
});
