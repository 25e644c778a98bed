// Cold starts are no harm: counted ones are taken out one by one, others are forgiven for a while after a raise.
import { describe, expect, test } from 'vitest';
import { LATENCY_P50, LATENCY_P90 } from '../../../src/core/judge/measures.ts';
import { judgePolicy } from '../../../src/core/judge/policy.ts';
import type { Period } from '../../../src/core/judge/types.ts';
import { evidenceIn, foldAll, sharesOf } from './judging.ts';
import { BASELINE, specWith } from './specs.ts';

const policy = judgePolicy(specWith({ latency: {} }), BASELINE);

function evidence(measure: string, periods: readonly Period[]): number {
  return evidenceIn(policy, foldAll(policy, periods), measure);
}

describe('cold starts that nobody counts', () => {
  const left = (minute: number): number => Math.max(0, 1 - minute / 5);
  const cold = (minute: number): readonly [number, number] => [
    100_000,
    Math.round(100_000 * (0.11 + 0.3 * left(minute))),
  ];

  test('are forgiven while they fall from 30 % in the first five minutes', () => {
    for (const count of [1, 2, 3, 4, 5, 8]) {
      expect(evidence(LATENCY_P90, sharesOf(LATENCY_P90, count, cold))).toBeLessThan(3);
    }
  });

  test('are not forgiven later, nor beyond 30 %, nor in the median', () => {
    const later = sharesOf(LATENCY_P90, 9, (minute) => (minute < 6 ? [100_000, 10_000] : cold(minute - 6)));
    const more = sharesOf(LATENCY_P90, 2, () => [100_000, 60_000]);
    expect(evidence(LATENCY_P90, later)).toBeGreaterThan(100);
    expect(evidence(LATENCY_P90, more)).toBeGreaterThan(100);
    const median = sharesOf(
      LATENCY_P50,
      3,
      (minute) => [100_000, Math.round(100_000 * (0.55 + 0.3 * left(minute)))],
      [100_000, 50_000],
    );
    expect(evidence(LATENCY_P50, median)).toBeGreaterThan(100);
  });

  test('are forgiven in the median up to 10 %, for a quarter of the time', () => {
    const median = (count: number, share: number): number =>
      evidence(
        LATENCY_P50,
        sharesOf(LATENCY_P50, count, () => [100_000, 100_000 * share], [100_000, 50_000]),
      );
    expect(median(1, 0.64)).toBeLessThan(3);
    expect(median(1, 0.75)).toBeGreaterThan(100);
    expect(median(3, 0.6)).toBeGreaterThan(100);
  });

  test('are forgiven anew after every raise', () => {
    const again = sharesOf(LATENCY_P90, 10, (minute) => cold(minute % 8));
    const raised = again.map((period, i) => ({ ...period, weightPercent: i < 8 ? 5 : 25 }));
    expect(evidence(LATENCY_P90, raised)).toBeLessThan(3);
    expect(evidence(LATENCY_P90, again)).toBeGreaterThan(100);
  });

  test('are forgiven from the middle of the period on into which the raise fell', () => {
    const early = sharesOf(LATENCY_P90, 11, (minute) => cold(minute < 7 ? minute : minute - 7));
    const shifted = (endWeightPercent: number) =>
      early.map((period, i) => ({
        ...period,
        weightPercent: i < 8 ? 5 : 25,
        ...(i === 7 ? { endWeightPercent } : {}),
      }));
    expect(evidence(LATENCY_P90, shifted(25).slice(0, 8))).toBeLessThan(3);
    expect(evidence(LATENCY_P90, shifted(5).slice(0, 8))).toBeGreaterThan(100);
  });
});

describe('cold starts that are counted', () => {
  const withCold = (slow: number, coldStarts: number): readonly Period[] =>
    sharesOf(
      LATENCY_P90,
      3,
      () => [100_000, slow],
      [100_000, 10_000],
      () => coldStarts,
    );

  test('are forgiven one by one, whenever they come', () => {
    expect(evidence(LATENCY_P90, withCold(8400 + 20_000, 20_000))).toBeLessThan(1);
  });

  test('leave nothing else to be forgiven, not even right after a raise', () => {
    expect(evidence(LATENCY_P90, withCold(30_500, 0))).toBeGreaterThan(100);
    expect(evidence(LATENCY_P90, withCold(30_500, 5000))).toBeGreaterThan(100);
  });

  test('may be a few more than were counted', () => {
    // 125 of 1,000 are cold, of which 25 are counted a minute late, and a tenth of the others is slow
    const late = sharesOf(
      LATENCY_P90,
      20,
      () => [1000, 125 + 88],
      [100_000, 10_000],
      () => 100,
    );
    expect(evidence(LATENCY_P90, late)).toBeLessThan(1);
  });

  test('excuse no more than that', () => {
    const slower = sharesOf(
      LATENCY_P90,
      20,
      () => [10_000, 100 + 1287],
      [100_000, 10_000],
      () => 100,
    );
    expect(evidence(LATENCY_P90, slower)).toBeGreaterThan(100);
  });

  test('may be more than there were requests, and never hide a version that is always slow', () => {
    expect(evidence(LATENCY_P90, withCold(70_000, 200_000))).toBeLessThan(1);
    expect(evidence(LATENCY_P90, withCold(100_000, 200_000))).toBeGreaterThan(100);
  });
});
