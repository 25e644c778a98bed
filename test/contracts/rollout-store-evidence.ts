// The promises of a rollout store about evidence: facts that no transition writes, and the published story.
import { expect, it } from 'vitest';
import { firstBroken } from '../../src/audit-chain.ts';
import type { GapFact, IntentFact } from '../../src/core/audit/facts.ts';
import { FencedError, InvalidDocumentError } from '../../src/core/errors.ts';
import type { RolloutStore } from '../../src/ports.ts';
import {
  intent,
  judgedFact,
  outcome,
  preparedRollout,
  rolledBack,
  START_MS,
  storyEvent,
} from '../support/rollout-fixtures.ts';
import { kindsOf, writesOf } from './audit-reading.ts';

const GAP: GapFact = { kind: 'gap', atMs: START_MS + 5000, why: 'The record was away.' };

export function factPromises(store: () => RolloutStore): void {
  it('keeps facts in the order in which they were recorded, with every number as it was', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    const facts = [judgedFact(START_MS + 60_000), GAP, judgedFact(START_MS + 900), intent(rollout, 7, 0)];
    for (const fact of facts) await store().recordFact('r1', fact);
    const audit = await store().readAudit('r1');
    expect(audit.slice(-facts.length).map(({ fact }) => fact)).toEqual(facts);
    expect(firstBroken(audit, await store().readAuditHead('r1'))).toBeNull();
  });

  it('keeps the first fact of a key', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    const first = intent(rollout, 1, 5);
    await store().recordFact('r1', first);
    await store().recordFact('r1', { ...first, atMs: first.atMs + 1 });
    await store().recordFact('r1', { ...first, weightPercent: 50 });
    expect(await writesOf(store(), 'r1')).toEqual([first]);
  });

  it('keeps a restore beside the shift that it overtook, although both count the same write', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    const shift = intent(rollout, 1, 5);
    const raised = intent({ ...rollout, epoch: rollout.epoch + 1 }, 1, 0);
    const restore: IntentFact = { ...raised, action: 'restore', stageIndex: null };
    await store().authoriseShift(rollout, shift);
    await store().recordFact('r1', restore);
    expect(await writesOf(store(), 'r1')).toEqual([shift, restore]);
  });

  it('keeps more facts than fit one page of a table', async () => {
    await preparedRollout(store(), 'r1');
    // a page of DynamoDB is 1 MB
    const doubts = ['x'.repeat(100_000)];
    const seen = Array.from({ length: 15 }, (_unused, index) => ({
      ...judgedFact(START_MS + index * 60_000),
      doubts,
    }));
    for (const fact of seen) await store().recordFact('r1', fact);
    const audit = await store().readAudit('r1');
    expect(audit.slice(-seen.length).map(({ fact }) => fact)).toEqual(seen);
    expect(firstBroken(audit, await store().readAuditHead('r1'))).toBeNull();
  });

  it('announces no write of a rollout that has ended, not even one that was announced before', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    await store().recordFact('r1', intent(rollout, 1, 5));
    await rolledBack(store(), 'r1');
    const before = await store().readAudit('r1');
    await expect(store().recordFact('r1', intent(rollout, 2, 50))).rejects.toThrow(FencedError);
    await expect(store().recordFact('r1', intent(rollout, 1, 5))).rejects.toThrow(FencedError);
    expect(await store().readAudit('r1')).toEqual(before);
  });

  it('takes what came of earlier writes also after the end', async () => {
    const rollout = await preparedRollout(store(), 'r1');
    await rolledBack(store(), 'r1');
    for (const fact of [outcome(rollout, 1, 5), judgedFact(START_MS), GAP])
      await store().recordFact('r1', fact);
    expect((await kindsOf(store(), 'r1')).slice(-4)).toEqual(['ended', 'outcome', 'judged', 'gap']);
  });

  it('begins no audit of a rollout that nobody opened', async () => {
    await expect(store().recordFact('r1', GAP)).rejects.toThrow(InvalidDocumentError);
    await expect(store().recordFact('r1', judgedFact(START_MS))).rejects.toThrow(InvalidDocumentError);
    expect(await store().readAudit('r1')).toEqual([]);
    expect(await store().readAuditHead('r1')).toEqual({ n: 0, hash: '' });
  });

  it('keeps the audits of rollouts apart', async () => {
    await preparedRollout(store(), 'r1');
    expect(await store().readAudit('r11')).toEqual([]);
    expect(await store().readAudit('r')).toEqual([]);
  });

  it('keeps what it was given, whatever the caller does with it later', async () => {
    await preparedRollout(store(), 'r1');
    const doubts = ['too little is known'];
    await store().recordFact('r1', { ...judgedFact(START_MS), doubts });
    doubts.push('changed afterwards');
    expect((await store().readAudit('r1')).at(-1)?.fact).toMatchObject({ doubts: ['too little is known'] });
  });
}

export function storyPromises(store: () => RolloutStore): void {
  it('is empty for a rollout that left none', async () => {
    expect(await store().readEvents('r1')).toEqual([]);
  });

  it('keeps the story once, oldest first', async () => {
    const started = storyEvent('r1', 'rollout-started', START_MS);
    const shifted = storyEvent('r1', 'traffic-shifted', START_MS + 1000);
    const again = storyEvent('r1', 'traffic-shifted', START_MS + 600_000);
    for (const event of [again, shifted, started, shifted]) await store().recordEvent(event);
    expect(await store().readEvents('r1')).toEqual([started, shifted, again]);
  });

  it('tells two events of the same instant apart', async () => {
    await store().recordEvent(storyEvent('r1', 'stage-passed', START_MS));
    await store().recordEvent(storyEvent('r1', 'promotion-committed', START_MS));
    expect((await store().readEvents('r1')).map(({ event }) => event).toSorted()).toEqual([
      'promotion-committed',
      'stage-passed',
    ]);
  });

  it('keeps the stories of rollouts apart, and their audits out of them', async () => {
    await preparedRollout(store(), 'r1');
    await store().recordEvent(storyEvent('r1', 'rollout-started', START_MS));
    expect(await store().readEvents('r11')).toEqual([]);
    expect(await store().readEvents('r1')).toHaveLength(1);
  });
}
