// More harm, all else equal, is never less evidence and never a better verdict.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evidenceOf } from '../../../src/core/judge/combine.ts';
import { judge } from '../../../src/core/judge/judge.ts';
import { type JudgePolicy, judgePolicy } from '../../../src/core/judge/policy.ts';
import type { Counts, Period } from '../../../src/core/judge/types.ts';
import type { Verdict } from '../../../src/core/verdict.ts';
import { periodsOf, usualCounts } from './any-counts.ts';
import { AT_ONCE, foldAll, inputAt } from './judging.ts';
import { BASELINE, CONVERSION, specWith } from './specs.ts';

const spec = specWith({ latency: { onLimit: 'rollback' }, custom: [CONVERSION] });
const WITH_BASELINE = judgePolicy(spec, BASELINE);
const POLICIES = [WITH_BASELINE, judgePolicy(spec, null)];

type Worsen = (counts: Counts, by: number) => Counts;

function moreOf(measure: string): Worsen {
  return (counts, by) => {
    const [trials, events] = counts.shares[measure] ?? [0, 0];
    return { ...counts, shares: { ...counts.shares, [measure]: [trials, Math.min(trials, events + by)] } };
  };
}

const HARMS: Readonly<Record<string, Worsen>> = {
  errors: (counts, by) => ({ ...counts, errors: Math.min(counts.requests, counts.errors + by) }),
  'latency-p50': moreOf('latency-p50'),
  'latency-p90': moreOf('latency-p90'),
  'latency-p99': moreOf('latency-p99'),
  'latency-tail': moreOf('latency-tail'),
  'latency-limit': moreOf('latency-limit'),
  conversion: (counts, by) => {
    const [trials, events] = counts.shares['conversion'] ?? [0, 0];
    return { ...counts, shares: { ...counts.shares, conversion: [trials, Math.max(0, events - by)] } };
  },
};

function worsened(periods: readonly Period[], at: number, worsen: Worsen, by: number): readonly Period[] {
  return periods.map((period, i) =>
    i === at && period.canary !== null ? { ...period, canary: worsen(period.canary, by) } : period,
  );
}

const amount = fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 51, max: 5000 }));
const rollout = periodsOf(usualCounts, { minLength: 1 });

function totalOf(policy: JudgePolicy, periods: readonly Period[]): number {
  return evidenceOf(policy, foldAll(policy, periods)).total;
}

const RANKS: Readonly<Record<Verdict['kind'], number>> = { pass: 0, hold: 1, inconclusive: 1, rollback: 2 };

function rankOf(policy: JudgePolicy, periods: readonly Period[]): number {
  const { verdict } = judge(inputAt(periods.length, periods, { policy, timing: AT_ONCE }));
  return RANKS[verdict.kind];
}

describe.each(Object.entries(HARMS))('more harm by %s', (_name, worsen) => {
  test('in a period never lowers the total at its end, nor the rank of the verdict', () => {
    const property = fc.property(rollout, amount, fc.constantFrom(...POLICIES), (periods, by, policy) => {
      const worse = worsened(periods, periods.length - 1, worsen, by);
      expect(totalOf(policy, worse)).toBeGreaterThanOrEqual(totalOf(policy, periods));
      expect(rankOf(policy, worse)).toBeGreaterThanOrEqual(rankOf(policy, periods));
    });
    fc.assert(property, { numRuns: 40, seed: 6 });
  });
});

// of a fixed limit this does not hold: beside a control its process is cut, and what it held is forgotten
test.each(Object.entries(HARMS).filter(([name]) => name !== 'latency-limit'))(
  'more harm by %s in any period never lowers what compares with stable, then or later',
  (_name, worsen) => {
    const property = fc.property(rollout, fc.nat(), amount, (periods, at, by) => {
      const worse = worsened(periods, at % periods.length, worsen, by);
      const before = comparisons(periods);
      for (const [i, contribution] of comparisons(worse).entries()) {
        expect(contribution).toBeGreaterThanOrEqual(before[i] ?? Number.NaN);
      }
    });
    fc.assert(property, { numRuns: 40, seed: 7 });
  },
);

function comparisons(periods: readonly Period[]): readonly number[] {
  const { streams } = evidenceOf(WITH_BASELINE, foldAll(WITH_BASELINE, periods));
  return streams.flatMap(({ policy, contribution }) => (policy.kind === 'limit' ? [] : [contribution]));
}

test('harm in every period ranks a whole rollout from pass over hold to rollback', () => {
  const healthy = fc.record({ requests: fc.integer({ min: 2000, max: 4000 }), errors: fc.nat(2) });
  const rows = fc.array(fc.tuple(healthy, healthy), { minLength: 12, maxLength: 12 });
  const seen = new Set<number>();
  const property = fc.property(rows, fc.constantFrom(25, 50, 100), (all, weightPercent) => {
    const policy = judgePolicy(specWith(), null);
    const at = (more: number): number => {
      const counts = { shares: {}, values: {}, coldStarts: null };
      const periods = all.map(([stable, canary], i) => ({
        startMs: inputAt(0, []).nowMs + i * 60_000,
        seconds: 60,
        weightPercent,
        stable: weightPercent === 100 ? null : { ...counts, ...stable },
        canary: { ...counts, ...canary, errors: canary.errors + more },
      }));
      return rankOf(policy, periods);
    };
    const ranks = [0, 2, 4, 6, 8, 12, 20, 40, 100].map(at);
    for (const rank of ranks) seen.add(rank);
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
  });
  fc.assert(property, { numRuns: 40, seed: 8 });
  expect([...seen].toSorted()).toEqual([0, 1, 2]);
});
