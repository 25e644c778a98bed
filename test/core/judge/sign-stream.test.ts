// A value a period without its sample: the last resort, slow and sure.
import { describe, expect, test } from 'vitest';
import { evidenceOf } from '../../../src/core/judge/combine.ts';
import { judge } from '../../../src/core/judge/judge.ts';
import { LATENCY_PERCENTILE } from '../../../src/core/judge/measures.ts';
import { judgePolicy } from '../../../src/core/judge/policy.ts';
import type { Period } from '../../../src/core/judge/types.ts';
import { counts } from '../../support/rollout-fixtures.ts';
import { AT_ONCE, evidenceIn, foldAll, inputAt, minutes } from './judging.ts';
import { BASELINE, RENDERING, specWith } from './specs.ts';

const policy = judgePolicy(specWith({ custom: [RENDERING] }), null);

/** Minutes in which the canary's value is so many times stable's. */
function values(count: number, ratio: (minute: number) => number, measure = 'rendering'): readonly Period[] {
  return minutes(count, (minute) => ({
    stable: counts(5700, 3, { values: { [measure]: 200 } }),
    canary: counts(300, 0, { values: { [measure]: 200 * ratio(minute) } }),
  }));
}

function evidence(periods: readonly Period[]): number {
  return evidenceIn(policy, foldAll(policy, periods), 'rendering');
}

describe('the sign of a difference', () => {
  test('adds at most ln 1.9 a period, and wins in the end', () => {
    const worse = (count: number) => values(count, () => 1.5);
    expect(evidence(worse(1))).toBeLessThanOrEqual(1.9);
    const rolledBackAt = Array.from({ length: 30 }, (_, i) => i + 1).find(
      (count) => evidenceOf(policy, foldAll(policy, worse(count))).total >= 100,
    );
    expect(rolledBackAt).toBe(13);
  });

  test('says nothing of a value that is beyond its tolerance every second time', () => {
    const peak = Math.max(
      ...[10, 20, 40].map((n) => evidence(values(n, (minute) => (minute % 2 === 0 ? 1.5 : 1)))),
    );
    expect(peak).toBeLessThanOrEqual(1);
  });

  test('says nothing of a value within its tolerance, nor of one that is missing', () => {
    expect(evidence(values(30, () => 1.09))).toBeLessThan(1);
    const withoutStable = values(30, () => 9).map((period) => ({ ...period, stable: counts(5700, 3) }));
    expect(evidence(withoutStable)).toBeCloseTo(1, 3);
  });

  test('says nothing of a value behind fewer than twenty requests of either version', () => {
    const thin = (stable: number, canary: number) =>
      values(30, () => 2).map((period) => ({
        ...period,
        stable: period.stable && { ...period.stable, requests: stable },
        canary: period.canary && { ...period.canary, requests: canary },
      }));
    expect(evidence(thin(5700, 19))).toBeCloseTo(1, 3);
    expect(evidence(thin(19, 300))).toBeCloseTo(1, 3);
    expect(evidence(thin(20, 20))).toBeGreaterThan(100);
  });

  test('looks the other way where more is better', () => {
    const better = judgePolicy(
      specWith({ custom: [{ ...RENDERING, better: 'higher', toleranceRatio: 0.9 }] }),
      null,
    );
    const less = foldAll(
      better,
      values(15, () => 0.5),
    );
    const more = foldAll(
      better,
      values(15, () => 2),
    );
    expect(evidenceIn(better, less, 'rendering')).toBeGreaterThan(100);
    expect(evidenceIn(better, more, 'rendering')).toBeLessThan(1);
  });

  test('waits until a period can no longer change', () => {
    const window = values(20, () => 1.5);
    const timing = { commitAfterSeconds: 900, passAfterSeconds: 900 };
    expect(judge(inputAt(20, window, { policy, timing })).verdict.kind).not.toBe('rollback');
    const settled = judge(inputAt(20, window, { policy, timing: AT_ONCE })).verdict;
    expect(settled).toMatchObject({ kind: 'rollback', reason: { check: 'rendering' } });
  });
});

describe('latency of which only percentiles are known', () => {
  const percentiles = judgePolicy(specWith({ latency: {} }), { ...BASELINE, isCounted: false });

  test('is one stream, after the warm-up', () => {
    const slow = foldAll(
      percentiles,
      values(5, () => 2, LATENCY_PERCENTILE),
    );
    expect(evidenceIn(percentiles, slow, LATENCY_PERCENTILE)).toBeCloseTo(1, 3);
    const slower = foldAll(
      percentiles,
      values(20, () => 2, LATENCY_PERCENTILE),
    );
    expect(evidenceOf(percentiles, slower).total).toBeGreaterThan(100);
    expect(evidenceOf(percentiles, slower).strongest.policy.check).toBe('latency');
  });

  test('does not keep a canary from passing, though nothing of it was counted', () => {
    const quiet = values(12, () => 1, LATENCY_PERCENTILE);
    expect(judge(inputAt(12, quiet, { policy: percentiles })).verdict.kind).toBe('pass');
  });
});
