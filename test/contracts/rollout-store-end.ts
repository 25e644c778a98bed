// The promises of a rollout store about the way back, the point of no return and the end.
import { expect, it } from 'vitest';
import { FencedError, Interrupted } from '../../src/core/errors.ts';
import type { RolloutStore } from '../../src/ports.ts';
import {
  intent,
  interruptBy,
  preparedRollout,
  ROLLED_BACK,
  rolledBack,
  rolloutRow,
  START_MS,
  TARGET_ID,
} from '../support/rollout-fixtures.ts';

const { reason } = ROLLED_BACK;
const PROMOTED = { outcome: 'PROMOTED', reason, atMs: START_MS + 9000 } as const;

export function revertPromises(store: () => RolloutStore): void {
  it('raises the epoch once, closes the way forward and says who opened it', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    const first = await store().beginRevert('r1');
    expect(first).toMatchObject({ state: 'reverting', isFirst: true, epoch: rollout.epoch + 1 });
    expect(first.row).toMatchObject({ rolloutId: 'r1', phase: 'REVERTING', rollout });
    expect(await store().beginRevert('r1')).toMatchObject({
      state: 'reverting',
      isFirst: false,
      epoch: rollout.epoch + 1,
    });
    expect(await store().readFence(TARGET_ID)).toEqual({
      owner: 'r1',
      epoch: rollout.epoch + 1,
      mode: 'REVERT',
    });
  });

  it('is opened by exactly one of two that race', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    const answers = await Promise.all([store().beginRevert('r1'), store().beginRevert('r1')]);
    expect(answers.map((answer) => answer.state === 'reverting' && answer.isFirst).toSorted()).toEqual([
      false,
      true,
    ]);
    expect((await store().readFence(TARGET_ID)).epoch).toBe(rollout.epoch + 1);
  });

  it('brings the interrupt that asked for it', async () => {
    await preparedRollout(store(), 'r1');
    await store().latch('r1', interruptBy('Checkout5xx'));
    expect((await store().beginRevert('r1')).row.interrupt).toEqual(interruptBy('Checkout5xx'));
  });

  it('is not open after the point of no return', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    await store().commitPromotion(rollout);
    expect(await store().beginRevert('r1')).toMatchObject({
      state: 'promoting',
      row: { phase: 'PROMOTING' },
    });
    expect(await store().readFence(TARGET_ID)).toEqual({
      owner: 'r1',
      epoch: rollout.epoch,
      mode: 'FORWARD',
    });
  });

  it('is over once the rollout has ended, and touches nobody who came after', async () => {
    await preparedRollout(store(), 'r1');
    await rolledBack(store(), 'r1');
    const second = await preparedRollout(store(), 'r2');
    expect(await store().beginRevert('r1')).toMatchObject({ state: 'closed', row: { phase: 'ROLLED_BACK' } });
    expect(await store().readFence(TARGET_ID)).toEqual({ owner: 'r2', epoch: second.epoch, mode: 'FORWARD' });
  });

  it('is refused to a rollout that never had the lease, whose owner goes on', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    await store().openRollout(rolloutRow('r2'));
    await expect(store().beginRevert('r2')).rejects.toThrow(FencedError);
    expect((await store().readRow('r2'))?.phase).toBe('PENDING');
    await store().authoriseShift(rollout, intent(rollout, 1, 5));
    expect((await store().readRow('r1'))?.phase).toBe('SHIFTING');
  });

  it('beats a promotion or loses to it, never both', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    const [commit, revert] = await Promise.allSettled([
      store().commitPromotion(rollout),
      store().beginRevert('r1'),
    ]);
    const row = await store().readRow('r1');
    const isPromoting = commit.status === 'fulfilled';
    expect(row?.phase).toBe(isPromoting ? 'PROMOTING' : 'REVERTING');
    expect(revert).toMatchObject({ value: { state: isPromoting ? 'promoting' : 'reverting' } });
  });
}

export function endPromises(store: () => RolloutStore): void {
  it('commits a promotion, also when it is asked twice', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    await store().commitPromotion(rollout);
    await store().commitPromotion(rollout);
    expect((await store().readRow('r1'))?.phase).toBe('PROMOTING');
    await store().close('r1', PROMOTED);
    await store().commitPromotion(rollout);
    expect((await store().readRow('r1'))?.phase).toBe('PROMOTED');
  });

  it('commits no promotion after an interrupt', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    await store().latch('r1', interruptBy('ana', 'abort'));
    await expect(store().commitPromotion(rollout)).rejects.toThrow(Interrupted);
    expect((await store().readRow('r1'))?.phase).toBe('PREPARED');
  });

  it('commits no promotion on the way back or at another epoch', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    await expect(store().commitPromotion({ ...rollout, epoch: rollout.epoch + 1 })).rejects.toThrow(
      FencedError,
    );
    await store().beginRevert('r1');
    await expect(store().commitPromotion(rollout)).rejects.toThrow(FencedError);
    expect((await store().readRow('r1'))?.phase).toBe('REVERTING');
  });

  it('either latches an interrupt or commits the promotion when both race', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    const [commit, latched] = await Promise.all([
      store()
        .commitPromotion(rollout)
        .then(() => 'committed')
        .catch((error: Error) => error.name),
      store().latch('r1', interruptBy('ana', 'abort')),
    ]);
    expect([commit, latched]).toEqual(
      commit === 'committed' ? ['committed', null] : ['Interrupted', interruptBy('ana', 'abort')],
    );
  });

  it('closes with outcome and reason, releases the lease and forgets the token', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    await store().putToken('r1', 'token-1', 1);
    await store().beginRevert('r1');
    await store().close('r1', ROLLED_BACK);
    expect(await store().readRow('r1')).toMatchObject({
      phase: 'ROLLED_BACK',
      outcome: 'ROLLED_BACK',
      reason,
      endedAtMs: START_MS + 9000,
      token: null,
      rollout,
    });
    expect(await store().readFence(TARGET_ID)).toEqual({
      owner: null,
      epoch: rollout.epoch + 1,
      mode: 'CLOSED',
    });
  });

  it('keeps its first end', async () => {
    await preparedRollout(store(), 'r1');
    await rolledBack(store(), 'r1');
    await store().close('r1', ROLLED_BACK);
    await store().close('r1', { ...PROMOTED, atMs: START_MS + 10_000 });
    expect(await store().readRow('r1')).toMatchObject({ phase: 'ROLLED_BACK', endedAtMs: START_MS + 9000 });
    expect(await store().readApprovedVersion(TARGET_ID)).toBeNull();
  });

  it('leaves the fence of another rollout alone', async () => {
    const owner = await preparedRollout(store(), 'r1');
    await store().openRollout(rolloutRow('r2'));
    await store().close('r2', { ...ROLLED_BACK, outcome: 'REJECTED' });
    expect((await store().readRow('r2'))?.phase).toBe('REJECTED');
    expect(await store().readFence(TARGET_ID)).toEqual({ owner: 'r1', epoch: owner.epoch, mode: 'FORWARD' });
  });

  it('closed a second time, leaves the fence of the next rollout alone', async () => {
    await preparedRollout(store(), 'r1');
    await rolledBack(store(), 'r1');
    const next = await preparedRollout(store(), 'r2');
    await store().close('r1', ROLLED_BACK);
    expect(await store().readFence(TARGET_ID)).toEqual({ owner: 'r2', epoch: next.epoch, mode: 'FORWARD' });
  });

  it('keeps the version of the last promotion as the approved one', async () => {
    expect(await store().readApprovedVersion(TARGET_ID)).toBeNull();
    await store().commitPromotion(await preparedRollout(store(), 'r1'));
    await store().close('r1', PROMOTED);
    expect(await store().readApprovedVersion(TARGET_ID)).toBe('42');
    await preparedRollout(store(), 'r2');
    await rolledBack(store(), 'r2');
    expect(await store().readApprovedVersion(TARGET_ID)).toBe('42');
    expect(await store().readApprovedVersion('lambda-alias/search/live')).toBeNull();
  });
}
