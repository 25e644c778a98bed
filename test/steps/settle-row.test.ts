// What guard and sweeper make of a row: by its phase, from a document of any release, and told like the steps tell it.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { factsOf } from '../../src/core/audit/facts.ts';
import { IncompleteError, InvalidDocumentError, TransientError } from '../../src/core/errors.ts';
import type { Rollout } from '../../src/core/rollout.ts';
import type { Ports, RolloutRow } from '../../src/ports.ts';
import { commitPromotion } from '../../src/steps/commit-promotion.ts';
import { guardRollout } from '../../src/steps/guard-rollout.ts';
import { settleRow } from '../../src/steps/settle-row.ts';
import { shiftTraffic } from '../../src/steps/shift-traffic.ts';
import { sweepRollouts } from '../../src/steps/sweep-rollouts.ts';
import { shiftedAlbWorld } from '../support/alb-step-world.ts';
import { rolloutRow } from '../support/rollout-fixtures.ts';
import { EXECUTION, ROLLOUT_ID, type StepWorld, startedWorld, stepWorld } from '../support/step-world.ts';

/** As the first release wrote it, before alarms could be accepted. */
const DOCUMENT_V1: unknown = JSON.parse(
  readFileSync(new URL('../fixtures/rollout-document-v1.json', import.meta.url), 'utf8'),
);

const EVENT = { detail: { executionArn: EXECUTION, status: 'FAILED' } };
const WHY = 'The execution ended (FAILED) and left its rollout open';

/** The same world, whose rows carry this document. */
function withStored(world: { readonly ports: Ports }, document: unknown): Ports {
  const { store } = world.ports;
  const old = (row: RolloutRow): RolloutRow => ({ ...row, rollout: document as Rollout });
  return {
    ...world.ports,
    store: {
      ...store,
      readRow: async (rolloutId) => {
        const row = await store.readRow(rolloutId);
        return row === null ? null : old(row);
      },
      listActive: async () => (await store.listActive()).map(old),
      listWatched: async () => (await store.listWatched()).map(old),
    },
  };
}

async function deadWorld(reach: (world: StepWorld, rollout: Rollout) => Promise<unknown>) {
  const { world, rollout } = await startedWorld();
  await reach(world, rollout);
  world.executions.end(EXECUTION, 'FAILED');
  return world;
}

const shifted = (world: StepWorld, rollout: Rollout) => shiftTraffic.run(rollout, world.ports);
const committed = async (world: StepWorld, rollout: Rollout) =>
  commitPromotion.run(await shifted(world, rollout), world.ports);

const ACTORS: readonly [string, (ports: Ports) => Promise<unknown>][] = [
  ['guard', (ports) => guardRollout.run(EVENT, ports)],
  ['sweeper', (ports) => sweepRollouts.run({}, ports)],
];

describe.each(ACTORS)('the %s with a document of an earlier release', (_name, act) => {
  it('rolls back', async () => {
    const world = await deadWorld(shifted);
    await act(withStored(world, DOCUMENT_V1));
    expect(world.liveWeights()).toEqual({ '41': 1 });
    expect(await world.row()).toMatchObject({ outcome: 'ROLLED_BACK' });
  });

  it('finishes a committed promotion', async () => {
    const world = await deadWorld(committed);
    await act(withStored(world, DOCUMENT_V1));
    expect(world.liveWeights()).toEqual({ '42': 1 });
    expect(await world.row()).toMatchObject({ outcome: 'PROMOTED' });
  });

  it('rolls back a load balancer from before there was a choice of modes', async () => {
    const { world, rollout } = await shiftedAlbWorld('rule-per-rollout');
    world.executions.end(EXECUTION, 'FAILED');
    const { mode: _later, ...target } = { mode: null, ...rollout.spec.target };
    const { acceptedAlarms: _too, ...document } = { ...rollout, spec: { ...rollout.spec, target } };
    await act(withStored(world, document));
    expect(world.canaryPercent()).toBe(0);
    expect(await world.row()).toMatchObject({ outcome: 'ROLLED_BACK' });
  });

  it('takes what a later release added for what it is: nothing of ours', async () => {
    const world = await deadWorld(shifted);
    await act(withStored(world, { ...(DOCUMENT_V1 as object), schemaVersion: 2, judge: 'new', more: [] }));
    expect(await world.row()).toMatchObject({ outcome: 'ROLLED_BACK' });
  });
});

describe('settling', () => {
  it('refuses a document of which not even the target can be read, and moves nothing', async () => {
    const world = await deadWorld(shifted);
    const ports = withStored(world, { rolloutId: ROLLOUT_ID });
    const attempt = settleRow({ ...(await world.row()), rollout: {} as Rollout }, WHY, ports);
    await expect(attempt).rejects.toBeInstanceOf(InvalidDocumentError);
    expect(world.liveWeights()).toEqual({ '41': 1, '42': 0.1 });
    await expect(sweepRollouts.run({}, ports)).rejects.toBeInstanceOf(IncompleteError);
  });

  it('ends a start that prepared nothing, gives the lease back and tells it', async () => {
    const world = await stepWorld();
    await world.ports.store.openRollout(rolloutRow(ROLLOUT_ID));
    const row = await world.row();
    await world.ports.store.takeLease(row.targetId, ROLLOUT_ID);
    expect(await settleRow(row, WHY, world.ports)).toBe(true);
    expect(await world.row()).toMatchObject({ outcome: 'REJECTED' });
    expect((await world.ports.store.readFence(row.targetId)).owner).toBeNull();
    expect(world.eventNames()).toEqual(['rollout-rejected']);
  });

  it('goes on with the numbers of the writes that are on record', async () => {
    const world = await deadWorld(async (its, rollout) => {
      const first = await shifted(its, rollout);
      return shifted(its, first);
    });
    await settleRow(await world.row(), WHY, world.ports);
    const restores = factsOf(await world.ports.store.readAudit(ROLLOUT_ID), 'outcome').filter(
      ({ action }) => action === 'restore',
    );
    expect(restores).toMatchObject([{ epoch: 2, seq: 3 }]);
  });

  it('repeats a promotion under its number, however often the pointer cannot be moved', async () => {
    const world = await deadWorld(committed);
    world.hooks.before = (api) => {
      if (api === 'UpdateAlias') throw new TransientError('throttled');
    };
    for (let minute = 0; minute < 5; minute += 1) {
      await expect(settleRow(await world.row(), WHY, world.ports)).rejects.toThrow('throttled');
    }
    world.hooks.before = undefined;
    await settleRow(await world.row(), WHY, world.ports);
    const audit = await world.ports.store.readAudit(ROLLOUT_ID);
    const promotes = factsOf(audit, 'intent').filter(({ action }) => action === 'promote');
    expect(promotes.map(({ seq }) => seq)).toEqual([2]);
    expect(world.eventNames()).toContain('promotion-delayed');
  });

  it('is done when a promotion gave way to a third version', async () => {
    const world = await deadWorld(committed);
    world.lambda.edit('checkout-api', 'live', { functionVersion: '43', additionalWeights: {} });
    expect(await settleRow(await world.row(), WHY, world.ports)).toBe(true);
    expect(await world.row()).toMatchObject({ outcome: 'SUPERSEDED' });
    expect(world.liveWeights()).toEqual({ '43': 1 });
  });
});
