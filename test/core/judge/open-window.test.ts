// Periods that may still change: good for a rollback, not for a pass, and always judged on a copy.
import { describe, expect, test } from 'vitest';
import { judge } from '../../../src/core/judge/judge.ts';
import { judgePolicy } from '../../../src/core/judge/policy.ts';
import type { Period } from '../../../src/core/judge/types.ts';
import { counts } from '../../support/rollout-fixtures.ts';
import { inputAt, minutes } from './judging.ts';
import { CONVERSION, specWith } from './specs.ts';

const failing = (count: number): readonly Period[] =>
  minutes(count, { weightPercent: 1, stable: counts(5940, 3), canary: counts(60, 30) });

describe('the open window', () => {
  test('is good for a rollback before anything is committed', () => {
    const judged = judge(inputAt(2, failing(2)));
    expect(judged.verdict.kind).toBe('rollback');
    expect(judged.committed).toEqual([]);
  });

  test('is judged on a copy: what came late replaces what was seen before', () => {
    const first = judge(inputAt(2, failing(2)));
    const clean = failing(2).map((period) => ({ ...period, canary: counts(60, 0) }));
    const second = judge(inputAt(2, clean, { state: first.state }));
    expect(second.verdict.kind).toBe('hold');
    expect(second.verdict).toEqual(judge(inputAt(2, clean)).verdict);
  });

  test('is not good for a pass', () => {
    const good = minutes(4, { weightPercent: 1, stable: counts(59_400, 30), canary: counts(600, 0) });
    const at = (minute: number) => judge(inputAt(minute, good)).verdict.kind;
    expect(at(2)).toBe('hold');
    expect(at(4)).toBe('pass');
  });

  test('does not count silence before the periods are committed', () => {
    const silent = failing(4).map((period) => ({ ...period, canary: null }));
    const judged = (commitAfterSeconds: number) =>
      judge(inputAt(6, silent, { timing: { commitAfterSeconds, passAfterSeconds: 120 } })).verdict;
    expect(judged(900).kind).toBe('hold');
    expect(judged(120)).toMatchObject({ kind: 'rollback', reason: { check: 'silence' } });
  });

  test('commits every period once, when its time is over', () => {
    const window = minutes(6);
    const first = judge(inputAt(5, window));
    expect(first.committed).toEqual(window.slice(0, 2));
    const second = judge(inputAt(7, window, { state: first.state }));
    expect(second.committed).toEqual(window.slice(2, 4));
    expect(judge(inputAt(7, window, { state: second.state })).committed).toEqual([]);
  });

  test('does not count conversions before the periods are whole: those of a young period are still to come', () => {
    const policy = judgePolicy(specWith({ custom: [CONVERSION] }), null);
    const early = minutes(6, {
      stable: counts(57_000, 3, { shares: { conversion: [57_000, 1824] } }),
      canary: counts(3000, 0, { shares: { conversion: [3000, 0] } }),
    });
    const judged = (seconds: number) =>
      judge(inputAt(6, early, { policy, timing: { commitAfterSeconds: seconds, passAfterSeconds: seconds } }))
        .verdict;
    expect(judged(900).kind).toBe('hold');
    expect(judged(0)).toMatchObject({ kind: 'rollback', reason: { check: 'conversion' } });
  });
});
