import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shiftInterval } from '../../bench/judge/peers/mann-whitney.ts';

const Z_95 = 1.959964;
const Z_98 = 2.3263;

// Hollander & Wolfe, «Nonparametric Statistical Methods» (1973), page 69: permeability of a membrane at term and before
const TERM = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
const BEFORE = [1.15, 0.88, 0.9, 0.74, 1.21];

/** Straight from the definition: sorts all differences. */
function sortedDifferences(x: readonly number[], y: readonly number[]): readonly number[] {
  return x.flatMap((a) => y.map((b) => a - b)).toSorted((a, b) => a - b);
}

const SAMPLE = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 2, maxLength: 14 });

describe('Mann and Whitney', () => {
  it('finds the estimate and the interval of the textbook', () => {
    const shift = shiftInterval(TERM, BEFORE, Z_95);
    // the tables give 8 as the critical value of 10 against 5, so the 9th of the 50 differences from either end
    expect(shift?.estimate).toBeCloseTo(0.305, 9);
    expect(shift?.lower).toBeCloseTo(-0.15, 9);
    expect(shift?.upper).toBeCloseTo(0.76, 9);
  });

  it('is the whole range where the samples are too small for the level', () => {
    expect(shiftInterval([5, 6], [1, 3], Z_98)).toEqual({ lower: 2, upper: 5, estimate: 3.5 });
  });

  it.each([
    ['an empty sample', [], [1, 2]],
    ['equal values only', [3, 3, 3], [3, 3]],
  ])('knows nothing from %s', (_what, x, y) => {
    expect(shiftInterval(x, y, Z_98)).toBeNull();
  });

  it('gives order statistics of the differences, whatever the ties', () => {
    fc.assert(
      fc.property(SAMPLE, SAMPLE, (x, y) => {
        const shift = shiftInterval(x, y, Z_95);
        fc.pre(shift !== null);
        const sorted = sortedDifferences(x, y);
        const median =
          ((sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) +
            (sorted[Math.floor(sorted.length / 2)] ?? 0)) /
          2;
        expect(shift.estimate).toBe(median);
        expect(sorted).toContain(shift.lower);
        expect(sorted).toContain(shift.upper);
        expect(shift.lower).toBeLessThanOrEqual(shift.estimate);
        expect(shift.upper).toBeGreaterThanOrEqual(shift.estimate);
      }),
    );
  });

  it('mirrors when the samples change places', () => {
    fc.assert(
      fc.property(SAMPLE, SAMPLE, (x, y) => {
        const shift = shiftInterval(x, y, Z_98);
        const mirrored = shiftInterval(y, x, Z_98);
        fc.pre(shift !== null && mirrored !== null);
        expect(mirrored.lower).toBeCloseTo(-shift.upper, 9);
        expect(mirrored.estimate).toBeCloseTo(-shift.estimate, 9);
      }),
    );
  });
});
