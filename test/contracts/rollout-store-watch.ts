// The promises of a rollout store about the lists that the sweeper works through, and about the sweeper's mark.
import { expect, it, vi } from 'vitest';
import { plainReason } from '../../src/core/verdict.ts';
import type { RolloutRow, RolloutStore } from '../../src/ports.ts';
import { preparedRollout, rolledBack, rolloutRow, START_MS } from '../support/rollout-fixtures.ts';

export function watchPromises(store: () => RolloutStore): void {
  const ids = (rows: readonly RolloutRow[]): string[] => rows.map((row) => row.rolloutId).toSorted();

  it('lists an ended rollout as watched and no longer as active, until its watch is over', async () => {
    await preparedRollout(store(), 'r1');
    await rolledBack(store(), 'r1');
    await store().openRollout(rolloutRow('r2'));
    await vi.waitFor(async () => {
      expect(ids(await store().listActive())).toEqual(['r2']);
      expect(ids(await store().listWatched())).toEqual(['r1']);
    });
    await store().endWatch('r1');
    await store().endWatch('r1');
    await vi.waitFor(async () => expect(await store().listWatched()).toEqual([]));
    expect((await store().readRow('r1'))?.phase).toBe('ROLLED_BACK');
  });

  it('lists whole rows, as they stand', async () => {
    await preparedRollout(store(), 'r1');
    const row = await store().readRow('r1');
    await vi.waitFor(async () => expect(await store().listActive()).toEqual([row]));
    await rolledBack(store(), 'r1');
    const ended = await store().readRow('r1');
    await vi.waitFor(async () => expect(await store().listWatched()).toEqual([ended]));
  });

  it('watches a rollout that was refused as well', async () => {
    await store().openRollout(rolloutRow('r1'));
    await store().close('r1', { outcome: 'REJECTED', reason: plainReason('Refused.'), atMs: START_MS + 5 });
    await vi.waitFor(async () => expect(ids(await store().listWatched())).toEqual(['r1']));
  });

  it('never hides a rollout that has not ended from the sweeper', async () => {
    await preparedRollout(store(), 'r1');
    await store().endWatch('r1');
    await store().endWatch('r2');
    await vi.waitFor(async () => expect(ids(await store().listActive())).toEqual(['r1']));
    await rolledBack(store(), 'r1');
    await vi.waitFor(async () => expect(ids(await store().listWatched())).toEqual(['r1']));
  });
}

export function sweepPromises(store: () => RolloutStore): void {
  it('is unknown before the first sweep', async () => {
    expect(await store().readLastSweep()).toBeNull();
  });

  it('is the newest one after it', async () => {
    await store().recordSweep(START_MS);
    await store().recordSweep(START_MS + 60_000);
    await store().recordSweep(START_MS + 60_000);
    expect(await store().readLastSweep()).toBe(START_MS + 60_000);
  });
}
