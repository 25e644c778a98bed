// How noisy a service is, from the hour before the rollout.
import { describe, expect, test } from 'vitest';
import {
  dispersionAlone,
  dispersionBeside,
  noiseOf,
  upperUsualShare,
} from '../../../src/core/judge/dispersion.ts';
import type { Sample } from '../../../src/core/judge/state.ts';

/** Sixty periods of 1,000 requests. */
function hourOf(bad: (period: number) => number): Sample[] {
  return Array.from({ length: 60 }, (_, i): Sample => [1000, bad(i)]);
}

describe('the dispersion', () => {
  test('is taken for 1.2 without history or without a failure', () => {
    expect(noiseOf([], 4)).toEqual({ dispersion: 1.2 });
    expect(
      noiseOf(
        hourOf(() => 0),
        4,
      ),
    ).toEqual({ dispersion: 1.2 });
  });

  test('is the mean of squared differences in units of chance, shrunk by ten pairs of 1.2', () => {
    // 10 and 30 of 1,000: difference 0.02, chance 0.02·0.98·(2/1000)
    const squared = 0.02 ** 2 / (0.02 * 0.98 * 0.002);
    const history: Sample[] = [
      [1000, 10],
      [1000, 30],
    ];
    expect(noiseOf(history, 20).dispersion).toBeCloseTo((12 + squared) / 11, 3);
  });

  test('is not fooled by a slow drift', () => {
    expect(
      noiseOf(
        hourOf((period) => 10 + period),
        4,
      ),
    ).toEqual({ dispersion: 1 });
  });
});

describe('noise beyond the ceiling', () => {
  // 0 and 200 in turns: difference 0.2, chance 0.1·0.9·(2/1000)
  const wild = noiseOf(
    hourOf((period) => (period % 2) * 200),
    4,
  );
  // as a normal deviate whose median square is 0.455
  const found = 0.2 ** 2 / (0.1 * 0.9 * 0.002) / 0.455;

  test('is kept per request', () => {
    expect(wild.dispersion).toBe(4);
    expect(wild.excessPerRequest).toBeCloseTo((found - 1) / 1000, 4);
  });

  test('is not an incident in the hour before', () => {
    const incident = noiseOf(
      hourOf((period) => (period === 20 || period === 21 ? 50 : 1 + (period % 2))),
      4,
    );
    expect(incident).toEqual({ dispersion: 4 });
  });

  test('is not read out of a few periods', () => {
    const few = hourOf((period) => (period % 2) * 200).slice(0, 20);
    expect(noiseOf(few, 4)).toEqual({ dispersion: 4 });
    expect(noiseOf([...few, [1000, 0]], 4).excessPerRequest).toBeGreaterThan(0);
  });

  test('matters only where there are many requests', () => {
    expect(dispersionAlone(wild, 5)).toBe(4);
    expect(dispersionAlone(wild, 1000)).toBeCloseTo(found, 0);
    expect(dispersionAlone({ dispersion: 1.3 }, 1e9)).toBe(1.3);
  });

  test('matters beside stable as much as the scarcer version lets it', () => {
    const beside = (canary: number, stable: number): number =>
      dispersionBeside(wild, { canary: [canary, 0], stable: [stable, 0] });
    expect(beside(1000, 1000)).toBeCloseTo(dispersionAlone(wild, 1000), 6);
    expect(beside(1, 1e9)).toBe(4);
    expect(beside(1000, 1e9)).toBeCloseTo(2 * found, -1);
    expect(beside(1e9, 1000)).toBe(beside(1000, 1e9));
  });
});

describe('the upper bound of the usual share', () => {
  test('is the score interval, which knows that no failure in few requests says little', () => {
    expect(upperUsualShare([[5, 0]], 2.33, 1)).toBeCloseTo(2.33 ** 2 / 5, 6);
    expect(upperUsualShare([[1e6, 1000]], 2.33, 1)).toBeCloseTo(0.001 + 2.33 * Math.sqrt(0.001 / 1e6), 5);
    expect(upperUsualShare([[1e6, 1000]], 0, 1)).toBe(0.001);
    expect(upperUsualShare([], 2.33, 1)).toBeNull();
  });

  test('does not take an incident in the hour before for usual', () => {
    const incident = hourOf((period) => (period >= 40 && period < 50 ? 300 : 1));
    expect(upperUsualShare(incident, 0, 1)).toBeCloseTo(0.001, 6);
  });
});
