// The parts of an e-process: what a period may add, and when harm may begin.
import { describe, expect, test } from 'vitest';
import { evidenceOf } from '../../../src/core/judge/combine.ts';
import { advance, capFor, cutTo, eValue, periodCapNats } from '../../../src/core/judge/e-process.ts';
import { foldPeriod } from '../../../src/core/judge/judge.ts';
import { judgePolicy } from '../../../src/core/judge/policy.ts';
import { massOf } from '../../../src/core/judge/start-prior.ts';
import type { Period } from '../../../src/core/judge/types.ts';
import { counts } from '../../support/rollout-fixtures.ts';
import { foldAll, minutes } from './judging.ts';
import { MINUTE_MS, START_MS } from './simulated-rollout.ts';
import { BASELINE, specWith } from './specs.ts';

const CAP_NATS = periodCapNats(0.01);

const policy = judgePolicy(specWith(), null);

describe('an e-process', () => {
  test('is capped in a period unless that period alone cost 120 bad requests', () => {
    const capped = Number(Math.exp(capFor(0, CAP_NATS)).toPrecision(4));
    expect(advance([0.5], 0.5, [40], capFor(119, CAP_NATS))).toEqual([capped]);
    expect(advance([0.5], 0.5, [8], capFor(120, CAP_NATS))).toEqual([Number(Math.exp(8).toPrecision(4))]);
  });

  test.each([
    { stages: [50] },
    { stages: [5] },
    { stages: [100] },
    { stages: [1, 5, 25, 50] },
    { stages: [95, 100] },
  ])('is never enough after one cheap period, however bad: stages $stages', ({ stages }) => {
    const [weightPercent = 0] = stages;
    for (const changes of [{}, { latency: {} }, { sensitivity: 'high' as const }]) {
      const own = judgePolicy(specWith({ stages, ...changes }), BASELINE);
      const bad = minutes(1, { weightPercent, stable: counts(60_000, 3), canary: counts(99, 99) });
      const total = evidenceOf(own, foldAll(own, bad)).total;
      expect(total).toBeGreaterThan(1);
      expect(total).toBeLessThan(1 / own.alpha);
    }
  });

  test('never becomes infinite, and forgets what can no longer matter', () => {
    expect(advance([1], 0, [1e9], Number.POSITIVE_INFINITY)).toEqual([1e5]);
    expect(advance([0], 0, [1e9], Number.POSITIVE_INFINITY)).toEqual([0]);
    expect(advance([1], 0, [-1e9], CAP_NATS)).toEqual([0]);
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
