// What a way back finds on the target is either explained by the audit or marked as a gap.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_CHAIN, nextEntry } from '../../../src/audit-chain.ts';
import type { AuditEntry, AuditFact, WriteAction } from '../../../src/core/audit/facts.ts';
import { unexplained } from '../../../src/core/audit/unrecorded.ts';
import type { LiveTraffic } from '../../../src/core/live-traffic.ts';

const OPENED: AuditFact = {
  kind: 'opened',
  atMs: 0,
  rolloutId: 'r1',
  executionArn: 'arn:r1',
  service: 'checkout',
  version: '42',
  specDigest: 'd',
  targetId: 't',
  deadlineAtMs: 1,
};

function audit(...facts: readonly AuditFact[]): readonly AuditEntry[] {
  return [OPENED, ...facts].map((fact, n) => ({ ...nextEntry(NO_CHAIN, fact), n }));
}

function live(canaryPercent: number, writtenBy: string | null = null): LiveTraffic {
  return { canaryPercent, stablePercent: 100 - canaryPercent, strangers: [], writtenBy };
}

interface Write {
  readonly action: WriteAction;
  readonly epoch: number;
  readonly seq: number;
  readonly weightPercent: number;
}

function intent(write: Write): AuditFact {
  return { kind: 'intent', atMs: 1, stageIndex: null, ...write };
}

function outcome(write: Write, left: LiveTraffic | null): AuditFact {
  return { kind: 'outcome', atMs: 2, found: null, live: left, ...write };
}

const PREPARE: Write = { action: 'prepare', epoch: 1, seq: 0, weightPercent: 0 };
const SHIFT: Write = { action: 'shift', epoch: 1, seq: 1, weightPercent: 10 };
const NEXT_SHIFT: Write = { action: 'shift', epoch: 1, seq: 2, weightPercent: 50 };
const RESTORE: Write = { action: 'restore', epoch: 2, seq: 3, weightPercent: 0 };

const SHIFTED = [intent(SHIFT), outcome(SHIFT, live(10, 'r1/1/1'))];

describe('what a way back finds', () => {
  it.each<[string, readonly AuditFact[], LiveTraffic]>([
    ['nothing was shifted yet', [intent(PREPARE), outcome(PREPARE, null)], live(0)],
    ['the target still carries the tag of an older rollout', [], live(0, 'r0/7/3')],
    ['the last shift, as it was read back', SHIFTED, live(10, 'r1/1/1')],
    ['a shift whose outcome was lost', [intent(SHIFT)], live(10, 'r1/1/1')],
    ['a shift that was announced and never sent', [...SHIFTED, intent(NEXT_SHIFT)], live(10, 'r1/1/1')],
    ['a shift that landed late', [...SHIFTED, intent(NEXT_SHIFT), intent(RESTORE)], live(50, 'r1/1/2')],
    [
      'an earlier try of the way back that is on record',
      [...SHIFTED, intent(RESTORE), outcome(RESTORE, live(0, 'r1/2/3'))],
      live(0, 'r1/2/3'),
    ],
    ['a target that cannot carry a tag', SHIFTED, live(10)],
  ])('is explained: %s', (_what, facts, found) => {
    expect(unexplained(audit(...facts), found)).toBeNull();
  });

  it.each<[string, readonly AuditFact[], LiveTraffic, RegExp]>([
    [
      'a try without the record took traffic back before this one was announced',
      [...SHIFTED, intent(RESTORE)],
      live(0, 'r1/2/3'),
      /had 0 % where the record left 10 %/,
    ],
    ['somebody changed the weight by hand', SHIFTED, live(3, 'r1/1/1'), /had 3 % where the record left 10 %/],
    [
      'somebody raised it beyond what was ever announced',
      [...SHIFTED, intent(NEXT_SHIFT)],
      live(90),
      /had 90 % where the record left 10 % or 50 %/,
    ],
    [
      'a try without the record wrote although nothing had been shifted',
      [intent(PREPARE), outcome(PREPARE, null), intent(RESTORE)],
      live(0, 'r1/2/3'),
      /carries the write r1\/2\/3/,
    ],
  ])('is not: %s', (_what, facts, found, why) => {
    expect(unexplained(audit(...facts), found)).toMatch(why);
  });

  it('is explained exactly when the share is that of the last outcome or of a later intent', () => {
    const percent = fc.integer({ min: 0, max: 100 });
    fc.assert(
      fc.property(
        fc.array(percent, { maxLength: 5 }),
        fc.array(percent, { maxLength: 3 }),
        percent,
        (done, open, found) => {
          const write = (weightPercent: number, index: number): Write => ({
            ...SHIFT,
            seq: index + 1,
            weightPercent,
          });
          const facts = [
            ...done.flatMap((weight, index) => [
              intent(write(weight, index)),
              outcome(write(weight, index), live(weight)),
            ]),
            ...open.map((weight, index) => intent(write(weight, done.length + index))),
          ];
          const isExplained = [done.at(-1) ?? 0, ...open].includes(found);
          expect(unexplained(audit(...facts), live(found)) === null).toBe(isExplained);
        },
      ),
    );
  });
});
