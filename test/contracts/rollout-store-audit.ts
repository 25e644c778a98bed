// The promise of a rollout store that its transitions and its audit are one: each leaves its fact, once, or nothing.
import { describe, expect, it } from 'vitest';
import { firstBroken } from '../../src/audit-chain.ts';
import type { AuditFact } from '../../src/core/audit/facts.ts';
import { openGate, shutGate } from '../../src/core/gates.ts';
import type { RolloutStore } from '../../src/ports.ts';
import {
  intent,
  interruptBy,
  judgedFact,
  outcome,
  preparedRollout,
  ROLLED_BACK,
  rolledBack,
  rolloutDocument,
  rolloutRow,
  START_MS,
  signalBy,
  TARGET_ID,
} from '../support/rollout-fixtures.ts';
import { TRANSITIONS } from './store-transitions.ts';

export interface AuditedStore {
  readonly store: RolloutStore;
  /** The next write takes effect, and whoever asked for it hears that the connection broke. */
  readonly loseNextAnswer: () => void;
}

export function auditPromises(underTest: () => AuditedStore): void {
  const store = (): RolloutStore => underTest().store;

  /** The audit, once it was seen to be whole. */
  async function wholeAudit(rolloutId: string): Promise<readonly AuditFact[]> {
    const head = await store().readAuditHead(rolloutId);
    const audit = await store().readAudit(rolloutId);
    expect(firstBroken(audit, head)).toBeNull();
    expect(audit.map(({ n }) => n)).toEqual(audit.map((_entry, index) => index));
    return audit.map(({ fact }) => fact);
  }

  describe.each(TRANSITIONS)('$name', ({ ready, act, fact }) => {
    it('leaves its fact once, however often it is repeated', async () => {
      const rollout = await ready(store());
      const standing = await wholeAudit('r1');
      await act(store(), rollout);
      await act(store(), rollout);
      expect(await wholeAudit('r1')).toEqual([...standing, fact(rollout)]);
    });

    it('leaves its fact once when its answer is lost and it is asked again', async () => {
      const rollout = await ready(store());
      const standing = await wholeAudit('r1');
      underTest().loseNextAnswer();
      await act(store(), rollout).catch(() => act(store(), rollout));
      expect(await wholeAudit('r1')).toEqual([...standing, fact(rollout)]);
    });

    it('leaves its fact once when it is asked twice at the same time', async () => {
      const rollout = await ready(store());
      const standing = await wholeAudit('r1');
      await Promise.all([act(store(), rollout), act(store(), rollout)]);
      expect(await wholeAudit('r1')).toEqual([...standing, fact(rollout)]);
    });
  });

  it('tells a whole rollout in the order in which it happened', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    await store().authoriseShift(rollout, intent(rollout, 1, 5));
    await store().recordShifted(rollout, outcome(rollout, 1, 5));
    await store().recordFact('r1', judgedFact(START_MS + 60_000));
    await store().latch('r1', interruptBy('Checkout5xx'));
    await rolledBack(store(), 'r1');
    expect((await wholeAudit('r1')).map(({ kind }) => kind)).toEqual([
      'opened',
      'leased',
      'prepared',
      'intent',
      'outcome',
      'judged',
      'latched',
      'reverting',
      'ended',
    ]);
  });

  it('keeps the first finding of the gates and the first preparation, while the row keeps the newest', async () => {
    await store().openRollout(rolloutRow('r1'));
    const shut = shutGate('alarms-quiet', {
      code: 'alarm-firing',
      what: 'Checkout5xx fires',
      where: 'Checkout5xx',
      got: 'ALARM',
      allowed: 'OK',
      fix: 'Wait until it is quiet',
    });
    await store().recordGates('r1', [shut]);
    await store().recordGates('r1', [openGate('alarms-quiet', 'Quiet.')]);
    const { epoch } = await preparedRollout(store(), 'r1');
    const withHandle = rolloutDocument('r1', { epoch, handle: { rule: 'arn:rule/1' } });
    await store().recordPrepared({ ...withHandle, acceptedAlarms: [{ name: 'Old5xx', reason: 'The fix.' }] });
    const facts = await wholeAudit('r1');
    expect(facts.find(({ kind }) => kind === 'gated')).toMatchObject({ gates: [{ open: false }] });
    expect(facts.find(({ kind }) => kind === 'prepared')).toMatchObject({ acceptedAlarms: [] });
    expect(await store().readRow('r1')).toMatchObject({
      gates: [{ open: true }],
      rollout: { handle: { rule: 'arn:rule/1' }, acceptedAlarms: [{ name: 'Old5xx' }] },
    });
  });

  it('leaves nothing of what was refused', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    await store().openRollout(rolloutRow('r2'));
    await store().latch('r1', interruptBy('Checkout5xx'));
    const standing = [await wholeAudit('r1'), await wholeAudit('r2')];
    const later = { ...rolloutRow('r1'), startedAtMs: START_MS + 1 };
    const stale = { ...rollout, epoch: rollout.epoch + 1 };
    const refused = await Promise.allSettled([
      store().authoriseShift(rollout, intent(rollout, 1, 5)),
      store().authoriseShift(stale, intent(stale, 1, 5)),
      store().commitPromotion(rollout),
      store().close('r1', ROLLED_BACK),
      store().beginRevert('r2'),
    ]);
    expect(refused.map(({ status }) => status)).toEqual(refused.map(() => 'rejected'));
    expect(await store().openRollout(later)).toBe(false);
    expect(await store().takeLease(TARGET_ID, 'r2')).toMatchObject({ taken: false });
    expect(await store().latch('r1', interruptBy('Other'))).toMatchObject({ source: 'Checkout5xx' });
    expect([await wholeAudit('r1'), await wholeAudit('r2')]).toEqual(standing);
  });

  it('leaves nothing after the end but what came of earlier writes', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    await rolledBack(store(), 'r1');
    const standing = await wholeAudit('r1');
    await store().beginRevert('r1');
    await store().recordGates('r1', [openGate('alarms-quiet', 'Quiet.')]);
    await store().latch('r1', interruptBy('ana', 'abort'));
    await store().signal('r1', signalBy('ana', 'pause'));
    await store().close('r1', { ...ROLLED_BACK, atMs: START_MS + 99_000 });
    await Promise.allSettled([
      store().recordPrepared(rollout),
      store().takeLease(TARGET_ID, 'r1'),
      store().commitPromotion(rollout),
    ]);
    expect(await wholeAudit('r1')).toEqual(standing);
    expect((await store().readRow('r1'))?.gates).toBeNull();
  });

  it('stays whole when everything happens at once, and tells what won', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    const settled = await Promise.allSettled([
      store().authoriseShift(rollout, intent(rollout, 1, 5)),
      store().latch('r1', interruptBy('Checkout5xx')),
      store().latch('r1', interruptBy('ana', 'abort')),
      store().signal('r1', signalBy('ana', 'pause')),
      store().recordFact('r1', judgedFact(START_MS)),
      store().recordFact('r1', judgedFact(START_MS + 60_000)),
      store().commitPromotion(rollout),
      store().beginRevert('r1'),
    ]);
    const facts = await wholeAudit('r1');
    const kinds = facts.map(({ kind }) => kind);
    const has = (kind: AuditFact['kind']): boolean => kinds.includes(kind);
    const row = await store().readRow('r1');
    expect(has('intent')).toBe(settled[0].status === 'fulfilled');
    expect(has('committed')).toBe(row?.phase === 'PROMOTING');
    expect(has('reverting')).toBe(row?.phase === 'REVERTING');
    expect(has('committed')).not.toBe(has('reverting'));
    expect(has('latched')).toBe(row?.interrupt !== null);
    expect(has('signalled')).toBe(row?.signals.paused !== null);
    expect(kinds.filter((kind) => kind === 'judged')).toHaveLength(2);
  });

  it('finds a place for each of many that append at the same time', async () => {
    await preparedRollout(store(), 'r1');
    const many = Array.from({ length: 8 }, (_unused, index) => judgedFact(START_MS + index));
    await Promise.all(many.map((fact) => store().recordFact('r1', fact)));
    const judged = (await wholeAudit('r1')).filter(({ kind }) => kind === 'judged');
    expect(judged).toHaveLength(8);
    expect(judged).toEqual(expect.arrayContaining(many));
  });

  it('is empty where there is no rollout', async () => {
    expect(await store().readAudit('r1')).toEqual([]);
    expect(await store().readAuditHead('r1')).toEqual({ n: 0, hash: '' });
  });
}
