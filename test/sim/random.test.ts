import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawBinomial, drawPoisson, mixSeed, type Random, seededRandom } from '../../src/sim/random.ts';

const DRAWS = 20_000;

function momentsOf(draw: (random: Random) => number): { readonly mean: number; readonly variance: number } {
  const random = seededRandom(7);
  const values = Array.from({ length: DRAWS }, () => draw(random));
  const mean = values.reduce((sum, value) => sum + value, 0) / DRAWS;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / DRAWS };
}

describe('seeded randomness', () => {
  it('gives the same numbers for the same seed and others for another', () => {
    const take = (seed: number): number[] => Array.from({ length: 5 }, seededRandom(seed));
    expect(take(1)).toEqual(take(1));
    expect(take(1)).not.toEqual(take(2));
  });

  it('mixes seeds so that order and high bits matter', () => {
    expect(mixSeed(1, 2)).not.toBe(mixSeed(2, 1));
    expect(mixSeed(1, 2 ** 40)).not.toBe(mixSeed(1, 2 ** 41));
  });

  // means lie within five standard errors, variances within a tenth
  it.each([0.3, 5, 39, 400])('draws Poisson counts with mean and variance %d', (mean) => {
    const drawn = momentsOf((random) => drawPoisson(random, mean));
    expect(Math.abs(drawn.mean - mean)).toBeLessThan(5 * Math.sqrt(mean / DRAWS));
    expect(drawn.variance / mean).toBeGreaterThan(0.9);
    expect(drawn.variance / mean).toBeLessThan(1.1);
  });

  it.each([
    [6000, 0.0005],
    [100, 0.3],
    [50, 0.9],
    [3000, 0.4],
  ])('draws binomial counts of %d trials at %d', (trials, share) => {
    const variance = trials * share * (1 - share);
    const drawn = momentsOf((random) => drawBinomial(random, trials, share));
    expect(Math.abs(drawn.mean - trials * share)).toBeLessThan(5 * Math.sqrt(variance / DRAWS));
    expect(drawn.variance / variance).toBeGreaterThan(0.9);
    expect(drawn.variance / variance).toBeLessThan(1.1);
  });

  it('never draws more successes than trials', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.nat(5000),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (seed, trials, share) => {
          const successes = drawBinomial(seededRandom(seed), trials, share);
          expect(Number.isInteger(successes)).toBe(true);
          expect(successes).toBeGreaterThanOrEqual(0);
          expect(successes).toBeLessThanOrEqual(trials);
        },
      ),
    );
  });
});
