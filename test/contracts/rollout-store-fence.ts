// The promises of a rollout store about the lease and the way forward.
import { expect, it } from 'vitest';
import { FencedError, Interrupted, InvalidDocumentError } from '../../src/core/errors.ts';
import type { RolloutStore } from '../../src/ports.ts';
import {
  intent,
  interruptBy,
  outcome,
  preparedRollout,
  rolledBack,
  rolloutRow,
  START_MS,
  TARGET_ID,
} from '../support/rollout-fixtures.ts';
import { kindsOf, writesOf } from './audit-reading.ts';

export function leasePromises(store: () => RolloutStore): void {
  it('belongs to nobody at first', async () => {
    expect(await store().readFence(TARGET_ID)).toEqual({ owner: null, epoch: 0, mode: 'CLOSED' });
  });

  it('is taken once, and again by its owner without a new epoch', async () => {
    await store().openRollout(rolloutRow('r1'));
    expect(await store().takeLease(TARGET_ID, 'r1')).toEqual({ taken: true, epoch: 1 });
    expect(await store().takeLease(TARGET_ID, 'r1')).toEqual({ taken: true, epoch: 1 });
    expect(await store().readFence(TARGET_ID)).toEqual({ owner: 'r1', epoch: 1, mode: 'FORWARD' });
  });

  it('is refused to everybody else, who learns its owner', async () => {
    await preparedRollout(store(), 'r1');
    await store().openRollout(rolloutRow('r2'));
    expect(await store().takeLease(TARGET_ID, 'r2')).toEqual({ taken: false, owner: 'r1' });
  });

  it('goes to exactly one of two that race', async () => {
    await store().openRollout(rolloutRow('r1'));
    await store().openRollout(rolloutRow('r2'));
    const answers = await Promise.all([
      store().takeLease(TARGET_ID, 'r1'),
      store().takeLease(TARGET_ID, 'r2'),
    ]);
    expect(answers.filter((answer) => answer.taken)).toEqual([{ taken: true, epoch: 1 }]);
    const owner = answers[0].taken ? 'r1' : 'r2';
    expect(answers).toContainEqual({ taken: false, owner });
    expect(await store().readFence(TARGET_ID)).toEqual({ owner, epoch: 1, mode: 'FORWARD' });
  });

  it('is one per target', async () => {
    await store().openRollout(rolloutRow('r1'));
    await store().openRollout(rolloutRow('r2', { targetId: 'lambda-alias/search/live' }));
    await store().takeLease(TARGET_ID, 'r1');
    expect(await store().takeLease('lambda-alias/search/live', 'r2')).toEqual({ taken: true, epoch: 1 });
  });

  it('gets a higher epoch each time that it is taken anew', async () => {
    await preparedRollout(store(), 'r1');
    await rolledBack(store(), 'r1');
    await store().openRollout(rolloutRow('r2'));
    expect(await store().takeLease(TARGET_ID, 'r2')).toEqual({ taken: true, epoch: 3 });
  });

  it('is not taken by a rollout that has ended', async () => {
    await preparedRollout(store(), 'r1');
    await rolledBack(store(), 'r1');
    await expect(store().takeLease(TARGET_ID, 'r1')).rejects.toThrow(FencedError);
    expect(await store().readFence(TARGET_ID)).toEqual({ owner: null, epoch: 2, mode: 'CLOSED' });
  });

  it('is not taken by a rollout that nobody opened: nobody would find it to give it back', async () => {
    await expect(store().takeLease(TARGET_ID, 'r1')).rejects.toThrow(InvalidDocumentError);
    expect((await store().readFence(TARGET_ID)).owner).toBeNull();
  });

  it('goes to exactly one of many rollouts that start at once', async () => {
    const ids = Array.from({ length: 6 }, (_, index) => `r${index}`);
    const answers = await Promise.all(
      ids.map(async (id) => {
        await store().openRollout(rolloutRow(id));
        return store().takeLease(TARGET_ID, id);
      }),
    );
    const { owner } = await store().readFence(TARGET_ID);
    expect(answers.map((answer) => answer.taken)).toEqual(ids.map((id) => id === owner));
    const audits = await Promise.all(ids.map((id) => kindsOf(store(), id)));
    expect(audits).toEqual(ids.map((id) => (id === owner ? ['opened', 'leased'] : ['opened'])));
  });
}

export function forwardPromises(store: () => RolloutStore): void {
  it('makes phase, weight and intent durable before a shift', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    await store().authoriseShift(rollout, intent(rollout, 1, 5));
    expect(await store().readRow('r1')).toMatchObject({
      phase: 'SHIFTING',
      authorisedWeightPercent: 5,
      stageIndex: 0,
    });
    expect(await writesOf(store(), 'r1')).toEqual([intent(rollout, 1, 5)]);
  });

  it('authorises a shift once for all its retries', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    await store().authoriseShift(rollout, intent(rollout, 1, 5));
    await store().authoriseShift(rollout, { ...intent(rollout, 1, 5), atMs: START_MS + 30_000 });
    expect(await writesOf(store(), 'r1')).toEqual([intent(rollout, 1, 5)]);
  });

  it('bakes after the shift was read back', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    await store().authoriseShift(rollout, intent(rollout, 1, 5));
    await store().recordShifted(rollout, outcome(rollout, 1, 5));
    await store().recordShifted(rollout, outcome(rollout, 1, 5));
    expect((await store().readRow('r1'))?.phase).toBe('BAKING');
    expect(await writesOf(store(), 'r1')).toEqual([intent(rollout, 1, 5), outcome(rollout, 1, 5)]);
  });

  it('remembers the highest weight that was ever authorised', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    for (const [seq, weightPercent] of [
      [1, 5],
      [2, 50],
      [3, 20],
    ] as const) {
      await store().authoriseShift(rollout, intent(rollout, seq, weightPercent));
      await store().recordShifted(rollout, outcome(rollout, seq, weightPercent));
    }
    expect(await store().readRow('r1')).toMatchObject({ authorisedWeightPercent: 50, stageIndex: 2 });
  });

  it('is not taken back to its bake by the late record of an earlier shift', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    await store().authoriseShift(rollout, intent(rollout, 1, 5));
    await store().recordShifted(rollout, outcome(rollout, 1, 5));
    await store().authoriseShift(rollout, intent(rollout, 2, 50));
    await store().recordShifted(rollout, outcome(rollout, 1, 5));
    expect((await store().readRow('r1'))?.phase).toBe('SHIFTING');
  });

  it('refuses a shift after an interrupt, and writes nothing', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    await store().latch('r1', interruptBy('Checkout5xx'));
    await expect(store().authoriseShift(rollout, intent(rollout, 1, 5))).rejects.toThrow(Interrupted);
    expect(await store().readRow('r1')).toMatchObject({ phase: 'PREPARED', authorisedWeightPercent: 0 });
    expect(await writesOf(store(), 'r1')).toEqual([]);
  });

  it('refuses the retry of an authorised shift once an interrupt is latched', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    await store().authoriseShift(rollout, intent(rollout, 1, 5));
    await store().latch('r1', interruptBy('Checkout5xx'));
    await expect(store().authoriseShift(rollout, intent(rollout, 1, 5))).rejects.toThrow(Interrupted);
  });

  it('refuses a shift, also a retried one, after the way back was opened', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    await store().authoriseShift(rollout, intent(rollout, 1, 5));
    await store().beginRevert('r1');
    await expect(store().authoriseShift(rollout, intent(rollout, 1, 5))).rejects.toThrow(FencedError);
    await expect(store().authoriseShift(rollout, intent(rollout, 2, 50))).rejects.toThrow(FencedError);
    const raised = { ...rollout, epoch: rollout.epoch + 1 };
    await expect(store().authoriseShift(raised, intent(raised, 2, 50))).rejects.toThrow(FencedError);
    expect(await store().readRow('r1')).toMatchObject({ phase: 'REVERTING', authorisedWeightPercent: 5 });
  });

  it('refuses a shift at another epoch than that of the lease', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    const stale = { ...rollout, epoch: rollout.epoch + 1 };
    await expect(store().authoriseShift(stale, intent(stale, 1, 5))).rejects.toThrow(FencedError);
  });

  it('refuses a shift to a rollout whose lease is over, also when another one has it', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    await rolledBack(store(), 'r1');
    await expect(store().authoriseShift(rollout, intent(rollout, 1, 5))).rejects.toThrow(FencedError);
    const { epoch } = await preparedRollout(store(), 'r2');
    await expect(store().authoriseShift({ ...rollout, epoch }, intent(rollout, 1, 5))).rejects.toThrow(
      FencedError,
    );
    expect((await store().readRow('r1'))?.phase).toBe('ROLLED_BACK');
  });

  it('refuses a shift after the promotion was committed', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    await store().commitPromotion(rollout);
    await expect(store().authoriseShift(rollout, intent(rollout, 1, 5))).rejects.toThrow(FencedError);
    expect((await store().readRow('r1'))?.phase).toBe('PROMOTING');
  });

  it('keeps the outcome of a shift that a rollback overtook, and stays on the way back', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    await store().authoriseShift(rollout, intent(rollout, 1, 5));
    await store().beginRevert('r1');
    await store().recordShifted(rollout, outcome(rollout, 1, 5));
    expect((await store().readRow('r1'))?.phase).toBe('REVERTING');
    expect(await writesOf(store(), 'r1')).toEqual([intent(rollout, 1, 5), outcome(rollout, 1, 5)]);
  });

  it('lets exactly one win when a shift and an interrupt race', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    const [shift] = await Promise.allSettled([
      store().authoriseShift(rollout, intent(rollout, 1, 5)),
      store().latch('r1', interruptBy('Checkout5xx')),
    ]);
    const row = await store().readRow('r1');
    expect(row?.interrupt).toEqual(interruptBy('Checkout5xx'));
    expect(row?.phase).toBe(shift.status === 'fulfilled' ? 'SHIFTING' : 'PREPARED');
  });
}
