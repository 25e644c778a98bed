// The promise of a rollout store that no rollout ends as what it was not: from where which end may be reached.
import { describe, expect, it } from 'vitest';
import { FencedError } from '../../src/core/errors.ts';
import type { End, Phase } from '../../src/core/phase.ts';
import { plainReason } from '../../src/core/verdict.ts';
import type { RolloutStore } from '../../src/ports.ts';
import {
  intent,
  outcome,
  preparedRollout,
  rolloutRow,
  START_MS,
  TARGET_ID,
} from '../support/rollout-fixtures.ts';

type Open = Exclude<Phase, End>;

const LEGAL: Readonly<Record<Open, readonly End[]>> = {
  PENDING: ['REJECTED'],
  PREPARED: [],
  SHIFTING: [],
  BAKING: [],
  PROMOTING: ['PROMOTED', 'SUPERSEDED'],
  REVERTING: ['ROLLED_BACK', 'ABORTED', 'SUPERSEDED', 'REJECTED'],
};
const ENDS: readonly End[] = ['PROMOTED', 'ROLLED_BACK', 'ABORTED', 'SUPERSEDED', 'REJECTED'];

async function bringTo(store: RolloutStore, phase: Open): Promise<void> {
  if (phase === 'PENDING') {
    await store.openRollout(rolloutRow('r1'));
    await store.takeLease(TARGET_ID, 'r1');
    return;
  }
  const rollout = await preparedRollout(store, 'r1');
  if (phase === 'SHIFTING' || phase === 'BAKING') await store.authoriseShift(rollout, intent(rollout, 1, 5));
  if (phase === 'BAKING') await store.recordShifted(rollout, outcome(rollout, 1, 5));
  if (phase === 'PROMOTING') await store.commitPromotion(rollout);
  if (phase === 'REVERTING') await store.beginRevert('r1');
}

export function legalEndPromises(store: () => RolloutStore): void {
  describe.each(Object.keys(LEGAL) as Open[])('from %s', (phase) => {
    it.each(ENDS)('%s is reached or refused whole', async (end) => {
      await bringTo(store(), phase);
      const before = [
        await store().readRow('r1'),
        await store().readFence(TARGET_ID),
        await store().readAudit('r1'),
      ];
      const closing = store().close('r1', {
        outcome: end,
        reason: plainReason('Over.'),
        atMs: START_MS + 9000,
      });
      if (LEGAL[phase].includes(end)) {
        await closing;
        expect((await store().readRow('r1'))?.phase).toBe(end);
        expect((await store().readFence(TARGET_ID)).mode).toBe('CLOSED');
        return;
      }
      await expect(closing).rejects.toThrow(FencedError);
      expect([
        await store().readRow('r1'),
        await store().readFence(TARGET_ID),
        await store().readAudit('r1'),
      ]).toEqual(before);
      expect(await store().readApprovedVersion(TARGET_ID)).toBeNull();
    });
  });
}
