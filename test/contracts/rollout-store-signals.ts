// The promises of a rollout store about what people say to a rollout short of stopping it.
import { expect, it } from 'vitest';
import { FencedError, Interrupted, Paused } from '../../src/core/errors.ts';
import { NO_SIGNALS } from '../../src/core/signals.ts';
import type { RolloutStore } from '../../src/ports.ts';
import {
  intent,
  interruptBy,
  preparedRollout,
  rolledBack,
  rolloutRow,
  signalBy,
} from '../support/rollout-fixtures.ts';
import { kindsOf } from './audit-reading.ts';

const PAUSE = signalBy('ana', 'pause', 1000);
const { signal: _name, stageIndex: _stage, ...ANA } = PAUSE;

export function signalPromises(store: () => RolloutStore): void {
  it('stands in the row and is the answer', async () => {
    await preparedRollout(store(), 'r1');
    expect((await store().readRow('r1'))?.signals).toEqual(NO_SIGNALS);
    expect(await store().signal('r1', PAUSE)).toEqual({ ...NO_SIGNALS, paused: ANA });
    expect((await store().readRow('r1'))?.signals).toEqual({ ...NO_SIGNALS, paused: ANA });
  });

  it('adds up: pause, approve, promote, resume', async () => {
    await preparedRollout(store(), 'r1');
    for (const name of ['pause', 'approve', 'promote', 'resume'] as const) {
      await store().signal('r1', signalBy('ana', name));
    }
    expect(await store().signal('r1', { ...signalBy('bea', 'approve', 9000), stageIndex: 1 })).toMatchObject({
      paused: null,
      promoted: { actor: 'ana' },
      approvals: [
        { actor: 'ana', stageIndex: 0 },
        { actor: 'bea', stageIndex: 1 },
      ],
    });
  });

  it('keeps all of several that race', async () => {
    await preparedRollout(store(), 'r1');
    await Promise.all([
      store().signal('r1', PAUSE),
      store().signal('r1', signalBy('bea', 'promote')),
      store().signal('r1', signalBy('cem', 'approve')),
    ]);
    expect((await store().readRow('r1'))?.signals).toMatchObject({
      paused: { actor: 'ana' },
      promoted: { actor: 'bea' },
      approvals: [{ actor: 'cem' }],
    });
  });

  it('says nothing new when it is heard again, not even after another one undid it', async () => {
    await preparedRollout(store(), 'r1');
    await store().signal('r1', PAUSE);
    await store().signal('r1', signalBy('bea', 'resume', 2000));
    expect(await store().signal('r1', PAUSE)).toEqual(NO_SIGNALS);
    expect((await store().readRow('r1'))?.signals).toEqual(NO_SIGNALS);
    expect((await kindsOf(store(), 'r1')).filter((kind) => kind === 'signalled')).toHaveLength(2);
  });

  it('can be given before anything was prepared', async () => {
    await store().openRollout(rolloutRow('r1'));
    expect(await store().signal('r1', PAUSE)).toMatchObject({ paused: ANA });
  });

  it('comes too late on the way back, after the point of no return and after the end', async () => {
    await preparedRollout(store(), 'r1');
    await store().beginRevert('r1');
    expect(await store().signal('r1', PAUSE)).toBeNull();
    await rolledBack(store(), 'r1');
    expect(await store().signal('r1', PAUSE)).toBeNull();
    await store().commitPromotion(await preparedRollout(store(), 'r2'));
    expect(await store().signal('r2', PAUSE)).toBeNull();
    expect(await store().signal('r3', PAUSE)).toBeNull();
    for (const id of ['r1', 'r2', 'r3']) {
      expect(await kindsOf(store(), id)).not.toContain('signalled');
      expect((await store().readRow(id))?.signals ?? NO_SIGNALS).toEqual(NO_SIGNALS);
    }
  });
}

/** Whoever pauses hears that it is kept; from then on nothing may go on that was not on its way before. */
export function pausePromises(store: () => RolloutStore): void {
  it('refuses the point of no return, and leaves nothing of it', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    await store().signal('r1', PAUSE);
    await expect(store().commitPromotion(rollout)).rejects.toThrow(Paused);
    expect((await store().readRow('r1'))?.phase).toBe('PREPARED');
    expect(await kindsOf(store(), 'r1')).not.toContain('committed');
  });

  it('refuses a shift that was not authorised before, and leaves nothing of it', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    await store().authoriseShift(rollout, intent(rollout, 1, 5));
    await store().signal('r1', PAUSE);
    await expect(store().authoriseShift(rollout, intent(rollout, 2, 50))).rejects.toThrow(Paused);
    expect(await store().readRow('r1')).toMatchObject({ authorisedWeightPercent: 5, stageIndex: 0 });
    expect(await kindsOf(store(), 'r1')).toEqual(['opened', 'leased', 'prepared', 'intent', 'signalled']);
  });

  it('is over with the resume', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    await store().signal('r1', PAUSE);
    await store().signal('r1', signalBy('ben', 'resume'));
    await store().authoriseShift(rollout, intent(rollout, 2, 50));
    await store().commitPromotion(rollout);
    expect((await store().readRow('r1'))?.phase).toBe('PROMOTING');
  });

  it('comes too late for a shift that was authorised before: its write may be on its way', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    await store().authoriseShift(rollout, intent(rollout, 2, 50));
    await store().signal('r1', PAUSE);
    await store().authoriseShift(rollout, intent(rollout, 2, 50));
    await store().latch('r1', interruptBy('Checkout5xx'));
    await expect(store().authoriseShift(rollout, intent(rollout, 2, 50))).rejects.toThrow(Interrupted);
  });

  it('does not keep a rollout from its first stage, where it can be judged while it waits', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    await store().signal('r1', PAUSE);
    await store().authoriseShift(rollout, intent(rollout, 1, 5));
    expect((await store().readRow('r1'))?.phase).toBe('SHIFTING');
  });

  it('is told last: a wish to stop and a shut fence say more', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    await store().signal('r1', PAUSE);
    const stale = { ...rollout, epoch: rollout.epoch + 1 };
    await expect(store().commitPromotion(stale)).rejects.toThrow(FencedError);
    await store().latch('r1', interruptBy('Checkout5xx'));
    await expect(store().commitPromotion(rollout)).rejects.toThrow(Interrupted);
    await store().beginRevert('r1');
    await expect(store().authoriseShift(rollout, intent(rollout, 2, 50))).rejects.toThrow(Interrupted);
  });

  it('keeps nobody from the way back', async () => {
    await preparedRollout(store(), 'r1');
    await store().signal('r1', PAUSE);
    await rolledBack(store(), 'r1');
    expect((await store().readRow('r1'))?.phase).toBe('ROLLED_BACK');
  });

  it('wins or loses against the point of no return, and never both', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    const [committed, kept] = await Promise.allSettled([
      store().commitPromotion(rollout),
      store().signal('r1', PAUSE),
    ]);
    const standing = kept.status === 'fulfilled' ? kept.value : null;
    expect(standing === null).toBe(committed.status === 'fulfilled');
  });
}
