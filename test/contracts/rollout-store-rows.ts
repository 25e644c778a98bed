// The promises of a rollout store about services, rows and preparation.
import { expect, it } from 'vitest';
import { FencedError } from '../../src/core/errors.ts';
import { openGate, shutGate } from '../../src/core/gates.ts';
import { NO_SIGNALS } from '../../src/core/signals.ts';
import { plainReason } from '../../src/core/verdict.ts';
import type { RolloutStore } from '../../src/ports.ts';
import {
  executionArn,
  intent,
  interruptBy,
  preparedRollout,
  rolloutDocument,
  rolloutRow,
  SPEC,
  START_MS,
  serviceRecord,
  TARGET_ID,
} from '../support/rollout-fixtures.ts';

export function servicePromises(store: () => RolloutStore): void {
  it('knows no service until one is registered', async () => {
    expect(await store().readService('checkout')).toBeNull();
  });

  it('gives new rollouts the newest record of a service', async () => {
    await store().putService(serviceRecord('a'));
    await store().putService(serviceRecord('b', { ...SPEC, maxHoldSeconds: 60 }));
    await store().putService(serviceRecord('b', { ...SPEC, maxHoldSeconds: 60 }));
    expect(await store().readService('checkout')).toEqual(
      serviceRecord('b', { ...SPEC, maxHoldSeconds: 60 }),
    );
  });

  it('goes back to an older record when that is put again', async () => {
    await store().putService(serviceRecord('a'));
    await store().putService(serviceRecord('b'));
    await store().putService(serviceRecord('a'));
    expect((await store().readService('checkout'))?.specDigest).toBe('a'.repeat(64));
  });

  it('gives a target to one service, and passes it on only from whom it was found with', async () => {
    const claim = (service: string, from: string | null) => store().claimTarget(TARGET_ID, service, from);
    expect(await claim('checkout', null)).toBe('checkout');
    expect(await claim('checkout', null)).toBe('checkout');
    expect(await claim('search', null)).toBe('checkout');
    expect(await claim('search', 'somebody')).toBe('checkout');
    expect(await claim('search', 'checkout')).toBe('search');
    expect(await claim('checkout', null)).toBe('search');
    expect(await store().claimTarget(`${TARGET_ID}-other`, 'checkout', null)).toBe('checkout');
  });

  it('gives a target to one of many that ask at once', async () => {
    const names = ['a', 'b', 'c', 'd'];
    const owners = await Promise.all(names.map((name) => store().claimTarget(TARGET_ID, name, null)));
    expect(new Set(owners).size).toBe(1);
    expect(names).toContain(owners[0]);
  });

  it('keeps services apart and removes one, also twice', async () => {
    const search: ReturnType<typeof serviceRecord> = serviceRecord('c', { ...SPEC, service: 'search' });
    await store().putService(serviceRecord('a'));
    await store().putService(search);
    await store().removeService('checkout');
    await store().removeService('checkout');
    expect(await store().readService('checkout')).toBeNull();
    expect(await store().readService('search')).toEqual(search);
  });
}

export function rowPromises(store: () => RolloutStore): void {
  it('reads what was opened, and null for a rollout that nobody opened', async () => {
    expect(await store().openRollout(rolloutRow('r1'))).toBe(true);
    expect(await store().readRow('r1')).toEqual(rolloutRow('r1'));
    expect(await store().readRow('r2')).toBeNull();
  });

  it('opens once for the same execution and start, and leaves the row as it went on', async () => {
    await preparedRollout(store(), 'r1');
    expect(await store().openRollout(rolloutRow('r1'))).toBe(true);
    expect((await store().readRow('r1'))?.phase).toBe('PREPARED');
  });

  it('refuses a name that an older rollout had, and leaves that row alone', async () => {
    await store().openRollout(rolloutRow('r1'));
    const later = { startedAtMs: START_MS + 1 };
    expect(await store().openRollout(rolloutRow('r1', later))).toBe(false);
    expect(await store().openRollout(rolloutRow('r1', { executionArn: `${executionArn('r1')}x` }))).toBe(
      false,
    );
    expect(await store().readRow('r1')).toEqual(rolloutRow('r1'));
  });

  it('gives the row to exactly one of two rollouts of the same name', async () => {
    const answers = await Promise.all([
      store().openRollout(rolloutRow('r1', { startedAtMs: START_MS + 1 })),
      store().openRollout(rolloutRow('r1', { startedAtMs: START_MS + 2 })),
    ]);
    expect(answers.toSorted()).toEqual([false, true]);
  });

  it('keeps the newest finding of the gates', async () => {
    const shut = shutGate('target-whole', {
      code: 'alias-already-split',
      what: 'checkout-api:live is split already',
      where: 'checkout-api:live',
      got: '10 % to version 40',
      allowed: 'one version',
      fix: 'Undo the split, then start again',
    });
    await store().openRollout(rolloutRow('r1'));
    await store().recordGates('r1', [shut]);
    await store().recordGates('r1', [openGate('target-readable', 'It can be read.'), shut]);
    expect((await store().readRow('r1'))?.gates).toEqual([
      openGate('target-readable', 'It can be read.'),
      shut,
    ]);
  });

  it('keeps everything that it was opened with', async () => {
    const row = rolloutRow('r1', {
      acceptedAlarms: [{ name: 'Checkout5xx', reason: 'This is the fix.' }],
      authorisedWeightPercent: 12.5,
      stageIndex: 1,
      token: 'token-1',
      interrupt: interruptBy('Checkout5xx'),
      signals: { ...NO_SIGNALS, paused: { actor: 'ana', atMs: START_MS, message: '' } },
      rollout: rolloutDocument('r1'),
    });
    await store().openRollout(row);
    expect(await store().readRow('r1')).toEqual(row);
  });

  it('keeps what it was given, whatever the caller does with it later', async () => {
    const alarms = ['Checkout5xx'];
    await store().openRollout(rolloutRow('r1', { alarms }));
    alarms.push('Other');
    expect((await store().readRow('r1'))?.alarms).toEqual(['Checkout5xx']);
  });
}

export function preparationPromises(store: () => RolloutStore): void {
  it('stores the document, the newest one when it is called again', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    expect(await store().readRow('r1')).toMatchObject({ phase: 'PREPARED', rollout });
    const withHandle = { ...rollout, handle: { rule: 'arn:rule/1' } };
    await store().recordPrepared(withHandle);
    await store().recordPrepared(withHandle);
    expect(await store().readRow('r1')).toMatchObject({ phase: 'PREPARED', rollout: withHandle });
  });

  it('never takes a rollout that went on back to its preparation', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    await store().authoriseShift(rollout, intent(rollout, 1, 5));
    await store().recordPrepared({ ...rollout, handle: { rule: 'late' } });
    expect(await store().readRow('r1')).toMatchObject({ phase: 'SHIFTING', rollout });
  });

  // what guard and sweeper go by is the document in the row: with another stable version in it they would take traffic
  // back to a version that this rollout never came from, or take the right one for a stranger
  it.each([
    ['stable version', { stable: { version: '40', ref: '40' } }],
    ['name of stable on the target', { stable: { version: '41', ref: 'arn:other' } }],
    ['canary version', { canary: { version: '43', ref: '43' } }],
  ])('is for the versions that it was made for first: another %s is refused', async (_what, change) => {
    const rollout = await preparedRollout(store(), 'r1');
    await expect(store().recordPrepared({ ...rollout, ...change })).rejects.toThrow(FencedError);
    expect((await store().readRow('r1'))?.rollout).toEqual(rollout);
    await store().authoriseShift(rollout, intent(rollout, 1, 5));
    await expect(store().recordPrepared({ ...rollout, ...change })).rejects.toThrow(FencedError);
  });

  it('goes to one of two that race with different versions, and the other one hears of it', async () => {
    await store().openRollout(rolloutRow('r1'));
    await store().takeLease(TARGET_ID, 'r1');
    const sides = ['40', '41'].map((version) => ({ version, ref: version }));
    const answers = await Promise.allSettled(
      sides.map((stable) => store().recordPrepared(rolloutDocument('r1', { stable }))),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const kept = sides[answers.findIndex(({ status }) => status === 'fulfilled')];
    expect((await store().readRow('r1'))?.rollout?.stable).toEqual(kept);
  });

  it('cannot be prepared any more once the way back was opened', async () => {
    await store().openRollout(rolloutRow('r1'));
    await store().takeLease(TARGET_ID, 'r1');
    await store().beginRevert('r1');
    await expect(store().recordPrepared(rolloutDocument('r1'))).rejects.toThrow(FencedError);
    expect(await store().readRow('r1')).toMatchObject({ phase: 'REVERTING', rollout: null });
  });

  it('cannot be prepared any more once it has ended', async () => {
    await store().openRollout(rolloutRow('r1'));
    await store().close('r1', { outcome: 'REJECTED', reason: plainReason('Refused.'), atMs: START_MS + 5 });
    await expect(store().recordPrepared(rolloutDocument('r1'))).rejects.toThrow(FencedError);
    expect((await store().readRow('r1'))?.phase).toBe('REJECTED');
  });
}
