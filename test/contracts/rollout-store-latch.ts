// The promises of a rollout store about the latch and the token.
import { expect, it } from 'vitest';
import { plainReason } from '../../src/core/verdict.ts';
import type { RolloutStore } from '../../src/ports.ts';
import { interruptBy, preparedRollout, rolloutRow, START_MS } from '../support/rollout-fixtures.ts';

const ROLLED_BACK = {
  outcome: 'ROLLED_BACK',
  reason: plainReason('It was worse.', 'errors'),
  atMs: START_MS + 9000,
} as const;

export function latchPromises(store: () => RolloutStore): void {
  it('is set once: the first interrupt stands and is the answer to all later ones', async () => {
    await preparedRollout(store(), 'r1');
    const first = interruptBy('Checkout5xx');
    expect(await store().latch('r1', first)).toEqual(first);
    expect(await store().latch('r1', interruptBy('ana', 'abort'))).toEqual(first);
    expect((await store().readRow('r1'))?.interrupt).toEqual(first);
  });

  it('takes exactly one of two that race, and tells both which', async () => {
    await preparedRollout(store(), 'r1');
    const answers = await Promise.all([
      store().latch('r1', interruptBy('Checkout5xx')),
      store().latch('r1', interruptBy('ana', 'abort')),
    ]);
    expect(answers[0]).not.toBeNull();
    expect(answers[1]).toEqual(answers[0]);
  });

  it('can be set before anything was prepared, and on the way back', async () => {
    await store().openRollout(rolloutRow('r1'));
    expect(await store().latch('r1', interruptBy('ana', 'abort'))).not.toBeNull();
    await preparedRollout(store(), 'r2');
    await store().beginRevert('r2');
    expect(await store().latch('r2', interruptBy('ana', 'abort'))).toEqual(interruptBy('ana', 'abort'));
  });

  it('cannot be set after the point of no return', async () => {
    await store().commitPromotion(await preparedRollout(store(), 'r1'));
    expect(await store().latch('r1', interruptBy('Checkout5xx'))).toBeNull();
    expect((await store().readRow('r1'))?.interrupt).toBeNull();
  });

  it('cannot be set on a rollout that has ended, and answers null also when one was set before', async () => {
    await preparedRollout(store(), 'r1');
    await store().close('r1', ROLLED_BACK);
    expect(await store().latch('r1', interruptBy('Checkout5xx'))).toBeNull();
    await preparedRollout(store(), 'r2');
    await store().latch('r2', interruptBy('Checkout5xx'));
    await store().close('r2', ROLLED_BACK);
    expect(await store().latch('r2', interruptBy('Checkout5xx'))).toBeNull();
  });

  it('keeps the newest token', async () => {
    await preparedRollout(store(), 'r1');
    await store().putToken('r1', 'token-1');
    await store().putToken('r1', 'token-2');
    expect((await store().readRow('r1'))?.token).toBe('token-2');
  });

  it('shows an interrupt to whoever put its token first and reads then', async () => {
    await preparedRollout(store(), 'r1');
    const stop = async (): Promise<string | null> => {
      await store().latch('r1', interruptBy('Checkout5xx'));
      return (await store().readRow('r1'))?.token ?? null;
    };
    const bake = async (): Promise<boolean> => {
      await store().putToken('r1', 'token-1');
      return (await store().readRow('r1'))?.interrupt !== null;
    };
    const [tokenSeen, interruptSeen] = await Promise.all([stop(), bake()]);
    expect(tokenSeen === 'token-1' || interruptSeen).toBe(true);
  });
}
