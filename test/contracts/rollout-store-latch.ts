// The promises of a rollout store about the latch and the token.
import { expect, it } from 'vitest';
import type { RolloutStore } from '../../src/ports.ts';
import {
  interruptBy,
  preparedRollout,
  ROLLED_BACK,
  rolledBack,
  rolloutRow,
} from '../support/rollout-fixtures.ts';
import { kindsOf } from './audit-reading.ts';

const ALARM = interruptBy('Checkout5xx');
const ABORT = interruptBy('ana', 'abort');

export function latchPromises(store: () => RolloutStore): void {
  it('is set once: the first alarm stands and is the answer to all later ones', async () => {
    await preparedRollout(store(), 'r1');
    expect(await store().latch('r1', ALARM)).toEqual(ALARM);
    expect(await store().latch('r1', interruptBy('Other'))).toEqual(ALARM);
    expect(await store().latch('r1', interruptBy('sweeper', 'guard'))).toEqual(ALARM);
    expect((await store().readRow('r1'))?.interrupt).toEqual(ALARM);
  });

  it.each([
    ['an alarm', ALARM],
    ['the guard', interruptBy('sweeper', 'guard')],
  ])('gives the place of %s to a person who aborts, and the audit keeps both', async (_who, weaker) => {
    await preparedRollout(store(), 'r1');
    await store().latch('r1', weaker);
    expect(await store().latch('r1', ABORT)).toEqual(ABORT);
    expect((await store().readRow('r1'))?.interrupt).toEqual(ABORT);
    const latched = (await store().readAudit('r1')).flatMap(({ fact }) =>
      fact.kind === 'latched' ? [fact.interrupt] : [],
    );
    expect(latched).toEqual([weaker, ABORT]);
  });

  it('keeps an abort, whoever comes after', async () => {
    await preparedRollout(store(), 'r1');
    await store().latch('r1', ABORT);
    expect(await store().latch('r1', ALARM)).toEqual(ABORT);
    expect(await store().latch('r1', interruptBy('bea', 'abort'))).toEqual(ABORT);
    expect((await kindsOf(store(), 'r1')).filter((kind) => kind === 'latched')).toHaveLength(1);
  });

  it('takes exactly one of two alarms that race, and tells both which', async () => {
    await preparedRollout(store(), 'r1');
    const answers = await Promise.all([
      store().latch('r1', ALARM),
      store().latch('r1', interruptBy('Other')),
    ]);
    expect(answers[0]).not.toBeNull();
    expect(answers[1]).toEqual(answers[0]);
  });

  it('ends with the abort when an alarm and a person race', async () => {
    await preparedRollout(store(), 'r1');
    const [, aborted] = await Promise.all([store().latch('r1', ALARM), store().latch('r1', ABORT)]);
    expect(aborted).toEqual(ABORT);
    expect((await store().readRow('r1'))?.interrupt).toEqual(ABORT);
  });

  it('can be set before anything was prepared, and on the way back', async () => {
    await store().openRollout(rolloutRow('r1'));
    expect(await store().latch('r1', ABORT)).toEqual(ABORT);
    await preparedRollout(store(), 'r2');
    await store().beginRevert('r2');
    expect(await store().latch('r2', ABORT)).toEqual(ABORT);
  });

  // on the way back, too: an abort is how a person takes traffic back onto a stable version that looks unhealthy
  it('gives way to an abort while the way back lasts, and to nothing weaker', async () => {
    await preparedRollout(store(), 'r1');
    await store().latch('r1', ALARM);
    await store().beginRevert('r1');
    expect(await store().latch('r1', ABORT)).toEqual(ABORT);
    expect(await store().latch('r1', ALARM)).toEqual(ABORT);
    expect((await store().readRow('r1'))?.interrupt).toEqual(ABORT);
  });

  it('cannot be set after the point of no return', async () => {
    await store().commitPromotion(await preparedRollout(store(), 'r1'));
    expect(await store().latch('r1', ABORT)).toBeNull();
    expect((await store().readRow('r1'))?.interrupt).toBeNull();
    expect(await kindsOf(store(), 'r1')).not.toContain('latched');
  });

  it('cannot be set on a rollout that nobody opened', async () => {
    expect(await store().latch('r1', ABORT)).toBeNull();
    expect(await store().readAudit('r1')).toEqual([]);
  });

  it('cannot be set on a rollout that has ended, and answers null also when one was set before', async () => {
    await preparedRollout(store(), 'r1');
    await rolledBack(store(), 'r1');
    expect(await store().latch('r1', ALARM)).toBeNull();
    await preparedRollout(store(), 'r2');
    await store().latch('r2', ALARM);
    await rolledBack(store(), 'r2');
    expect(await store().latch('r2', ABORT)).toBeNull();
  });
}

export function tokenPromises(store: () => RolloutStore): void {
  const token = async (): Promise<string | null | undefined> => (await store().readRow('r1'))?.token;

  it('keeps the newest token', async () => {
    await preparedRollout(store(), 'r1');
    await store().putToken('r1', 'token-1', 10);
    await store().putToken('r1', 'token-2', 11);
    expect(await token()).toBe('token-2');
  });

  it('drops a token that comes too late: a bake that is over must not be woken in place of the one that waits', async () => {
    await preparedRollout(store(), 'r1');
    await store().putToken('r1', 'token-2', 11);
    await store().putToken('r1', 'token-1', 10);
    expect(await token()).toBe('token-2');
  });

  it('takes the token of a retry, which has the same order', async () => {
    await preparedRollout(store(), 'r1');
    await store().putToken('r1', 'token-1', 10);
    await store().putToken('r1', 'token-1b', 10);
    expect(await token()).toBe('token-1b');
  });

  it('keeps the token of the highest order when several race', async () => {
    await preparedRollout(store(), 'r1');
    await Promise.all([12, 14, 13].map((order) => store().putToken('r1', `token-${order}`, order)));
    expect(await token()).toBe('token-14');
  });

  it('leaves no trace of itself in the row but the token', async () => {
    await preparedRollout(store(), 'r1');
    const before = await store().readRow('r1');
    await store().putToken('r1', 'token-1', 10);
    expect(await store().readRow('r1')).toEqual({ ...before, token: 'token-1' });
  });

  it('is of no use to a rollout that has ended, and a defect where there is none', async () => {
    await preparedRollout(store(), 'r1');
    await store().beginRevert('r1');
    await store().close('r1', ROLLED_BACK);
    await store().putToken('r1', 'token-1', 10);
    expect(await token()).toBeNull();
    await expect(store().putToken('r2', 'token-1', 10)).rejects.toThrow('no record of r2');
  });

  it('shows an interrupt to whoever put its token first and reads then', async () => {
    await preparedRollout(store(), 'r1');
    const stop = async (): Promise<string | null> => {
      await store().latch('r1', ALARM);
      return (await store().readRow('r1'))?.token ?? null;
    };
    const bake = async (): Promise<boolean> => {
      await store().putToken('r1', 'token-1', 10);
      return (await store().readRow('r1'))?.interrupt !== null;
    };
    const [tokenSeen, interruptSeen] = await Promise.all([stop(), bake()]);
    expect(tokenSeen === 'token-1' || interruptSeen).toBe(true);
  });
}
