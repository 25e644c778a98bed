// The parts of an e-process: what a period may add, when harm may begin, how noisy a service is.
import { describe, expect, test } from 'vitest';
import { dispersionOf } from '../../../src/core/judge/dispersion.ts';
import { advance, capFor, cutTo, eValue } from '../../../src/core/judge/e-process.ts';
import { foldPeriod } from '../../../src/core/judge/judge.ts';
import { judgePolicy } from '../../../src/core/judge/policy.ts';
import { massOf } from '../../../src/core/judge/start-prior.ts';
import type { Period } from '../../../src/core/judge/types.ts';
import { counts } from '../../support/rollout-fixtures.ts';
import { foldAll } from './judging.ts';
import { MINUTE_MS, START_MS } from './simulated-rollout.ts';
import { specWith } from './specs.ts';

const policy = judgePolicy(specWith(), null);

describe('an e-process', () => {
  test('is capped at 5 nats a period unless that period alone cost 100 bad requests', () => {
    expect(advance([0.5], 0.5, [40], capFor(99))).toEqual([Number(Math.exp(5).toPrecision(4))]);
    expect(advance([0.5], 0.5, [8], capFor(100))).toEqual([Number(Math.exp(8).toPrecision(4))]);
  });

  test('never becomes infinite, and forgets what can no longer matter', () => {
    expect(advance([1], 0, [1e9], Number.POSITIVE_INFINITY)).toEqual([1e6]);
    expect(advance([0], 0, [1e9], Number.POSITIVE_INFINITY)).toEqual([0]);
    expect(advance([1], 0, [-1e9])).toEqual([0]);
  });

  test('can be cut to a ceiling and is left alone below it', () => {
    expect(eValue(cutTo([40, 60], [0.5, 0.5], 0.4, 5), [0.5, 0.5], 0.4)).toBeCloseTo(5, 3);
    expect(cutTo([1, 2], [0.5, 0.5], 0.4, 5)).toEqual([1, 2]);
  });
});

describe('the prior over start times', () => {
  const minute = (i: number, weightPercent: number): Period => ({
    startMs: START_MS + i * MINUTE_MS,
    seconds: 60,
    weightPercent,
    stable: counts(600, 0),
    canary: counts(60, 0),
  });

  test('gives most to the start, some to each raise, the rest to every minute, and never more than 1 in all', () => {
    const weights = [1, 5, 25, 50];
    let state = foldAll(policy, []);
    const masses: number[] = [];
    for (let i = 0; i < 3000; i += 1) {
      const period = minute(i, weights[Math.min(3, Math.floor(i / 10))] ?? 50);
      masses.push(massOf(policy, state, period));
      state = foldPeriod(policy, state, period);
    }
    expect(masses[0]).toBeCloseTo(0.553, 6);
    expect(masses[1]).toBeCloseTo(0.003, 6);
    expect(masses[10]).toBeCloseTo(0.103, 6);
    expect(Math.min(...masses)).toBeGreaterThan(0);
    expect(masses.reduce((sum, mass) => sum + mass, 0)).toBeLessThanOrEqual(1);
  });

  test('gives no mass to raises beyond the plan', () => {
    let state = foldAll(policy, []);
    for (const [i, weight] of [1, 2, 3, 4, 5, 6, 7].entries()) {
      state = foldPeriod(policy, state, minute(i, weight));
    }
    expect(state.massLeft).toBeGreaterThan(0.12);
  });
});

describe('the dispersion', () => {
  test('is taken for 1.2 without history or without a failure', () => {
    expect(dispersionOf([], 4)).toBe(1.2);
    expect(
      dispersionOf(
        [
          [1000, 0],
          [1000, 0],
        ],
        4,
      ),
    ).toBe(1.2);
  });

  test('is the mean of squared differences in units of chance, shrunk by ten pairs of 1.2', () => {
    // 10 and 30 of 1,000: difference 0.02, chance 0.02·0.98·(2/1000)
    const squared = 0.02 ** 2 / (0.02 * 0.98 * 0.002);
    expect(
      dispersionOf(
        [
          [1000, 10],
          [1000, 30],
        ],
        20,
      ),
    ).toBeCloseTo((12 + squared) / 11, 3);
  });

  test('is clipped, and is not fooled by a slow drift', () => {
    expect(
      dispersionOf(
        Array.from({ length: 60 }, (_, i) => [1000, i % 2 === 0 ? 0 : 200]),
        4,
      ),
    ).toBe(4);
    expect(
      dispersionOf(
        Array.from({ length: 60 }, (_, i) => [1000, 10 + i]),
        4,
      ),
    ).toBe(1);
  });
});
