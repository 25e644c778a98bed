// Which number a write takes, by what the record knows of earlier writes.
import { describe, expect, it } from 'vitest';
import type { AuditEntry, IntentFact, OutcomeFact, WriteAction } from '../../src/core/audit/facts.ts';
import { writeNumber } from '../../src/steps/write-number.ts';

type Told = readonly [kind: 'intent' | 'outcome', action: WriteAction, epoch: number, seq: number];

function audit(...told: readonly Told[]): readonly AuditEntry[] {
  return told.map(([kind, action, epoch, seq], index) => {
    const write = { action, epoch, seq, weightPercent: 0, atMs: index };
    const fact: IntentFact | OutcomeFact =
      kind === 'intent' ? { ...write, kind, stageIndex: null } : { ...write, kind, live: null, found: null };
    return { n: index, previous: '', hash: String(index), fact };
  });
}

describe('the number of a write', () => {
  it('is the next one by document and record, whichever knows of more', () => {
    const shifted = audit(['intent', 'shift', 1, 2], ['outcome', 'shift', 1, 2]);
    expect(writeNumber(shifted, { action: 'promote', epoch: 1, writes: 1 })).toBe(3);
    expect(writeNumber(shifted, { action: 'promote', epoch: 1, writes: 4 })).toBe(5);
  });

  it('stays the one that it was announced under until its outcome is known', () => {
    const announced = audit(['intent', 'promote', 1, 3]);
    expect(writeNumber(announced, { action: 'promote', epoch: 1, writes: 2 })).toBe(3);
    const done = audit(['intent', 'promote', 1, 3], ['outcome', 'promote', 1, 3]);
    expect(writeNumber(done, { action: 'promote', epoch: 1, writes: 2 })).toBe(4);
  });

  // a shift that nobody heard of again may still land, and is told from what came after it by its number
  it('is never that of another write whose outcome is not known', () => {
    const lost = audit(['intent', 'shift', 1, 3]);
    expect(writeNumber(lost, { action: 'promote', epoch: 1, writes: 2 })).toBe(4);
    expect(writeNumber(lost, { action: 'restore', epoch: 2, writes: 2 })).toBe(4);
  });

  it('is not that of the same write under an earlier epoch', () => {
    const before = audit(['intent', 'restore', 1, 3]);
    expect(writeNumber(before, { action: 'restore', epoch: 2, writes: 2 })).toBe(4);
  });
});
