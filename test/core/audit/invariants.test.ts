// Every invariant: traces in which it holds, not for lack of anything to check, and traces that break it, with the place.
import { describe, expect, it } from 'vitest';
import { checkTrace, INVARIANTS } from '../../../src/core/audit/invariants.ts';
import { AUDIT_CASES } from './audit-cases.ts';
import type { Case } from './case.ts';
import { END_CASES } from './end-cases.ts';
import { EVIDENCE_CASES } from './evidence-cases.ts';
import { LIVENESS_CASES } from './liveness-cases.ts';
import { ORDER_CASES } from './order-cases.ts';
import { OWNERSHIP_CASES } from './ownership-cases.ts';
import { PEOPLE_CASES } from './people-cases.ts';
import { TARGET_CASES } from './target-cases.ts';

const CASES: readonly Case[] = [
  ...OWNERSHIP_CASES,
  ...ORDER_CASES,
  ...TARGET_CASES,
  ...END_CASES,
  ...EVIDENCE_CASES,
  ...AUDIT_CASES,
  ...PEOPLE_CASES,
  ...LIVENESS_CASES,
];

function check({ id, trace }: Case) {
  const found = INVARIANTS.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no invariant ${id}`);
  return found.check(trace);
}

describe.each(INVARIANTS)('$id $says', ({ id }) => {
  const own = CASES.filter((one) => one.id === id);
  const broken = own.filter(({ brokenAt }) => brokenAt !== undefined);
  const whole = own.filter(({ brokenAt }) => brokenAt === undefined);

  it('is shown to hold and to be broken', () => {
    expect(broken.length).toBeGreaterThan(0);
    expect(whole.length).toBeGreaterThan(0);
  });

  it.each(whole)('holds: $name', (one) => {
    const { evaluations, violations } = check(one);
    expect(violations).toEqual([]);
    expect(evaluations).toBeGreaterThan(0);
  });

  it.each(broken)('is broken: $name', (one) => {
    const { violations } = check(one);
    expect(violations.map(({ momentIndex }) => momentIndex)).toContain(one.brokenAt);
    expect(violations.every(({ sentence }) => sentence.length > 10)).toBe(true);
  });

  it('says nothing about a trace in which nothing happened', () => {
    const nothing = { moments: [], isWatched: true, settled: null };
    expect(check({ id, name: 'nothing', trace: nothing })).toEqual({ evaluations: 0, violations: [] });
  });
});

describe('all together', () => {
  it('are in their order and have their own names', () => {
    const ids = INVARIANTS.map(({ id }) => id);
    const expected = [
      ...Array.from({ length: 21 }, (_, i) => `S${i + 1}`),
      ...Array.from({ length: 7 }, (_, i) => `L${i + 1}`),
    ];
    expect(ids).toEqual(expected);
  });

  it.each(CASES.filter(({ brokenAt }) => brokenAt === undefined))(
    'find nothing else where $id holds: $name',
    ({ trace }) => {
      expect(checkTrace(trace).violations).toEqual([]);
    },
  );
});
