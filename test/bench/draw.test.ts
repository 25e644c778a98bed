import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  drawBinomial,
  drawClustered,
  drawFactor,
  drawMultinomial,
  drawPoisson,
} from '../../bench/judge/traces/draw.ts';
import { rolloutRandom } from '../../bench/judge/traces/random.ts';
import type { Random } from '../../src/sim/random.ts';

const DRAWS = 20_000;

function drawMany(draw: (random: Random) => number): readonly number[] {
  const random = rolloutRandom(11, 'draws', 0);
  return Array.from({ length: DRAWS }, () => draw(random));
}

function momentsOf(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const moment = (power: number) =>
    values.reduce((sum, value) => sum + (value - mean) ** power, 0) / values.length;
  return { mean, variance: moment(2), skewness: moment(3) / moment(2) ** 1.5 };
}

describe('the random streams', () => {
  it('are the same for the same rollout and others for another', () => {
    const take = (seed: number, name: string, rollout: number) =>
      Array.from({ length: 4 }, rolloutRandom(seed, name, rollout));
    expect(take(1, 'a', 0)).toEqual(take(1, 'a', 0));
    const others = [take(1, 'a', 0), take(2, 'a', 0), take(1, 'b', 0), take(1, 'a', 1), take(1, 'ab', 0)];
    expect(new Set(others.map(String)).size).toBe(others.length);
  });

  it('are uniform', () => {
    const counts = new Array<number>(20).fill(0);
    for (const value of drawMany((random) => random())) {
      const bin = Math.floor(value * 20);
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    const expected = DRAWS / 20;
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // 19 degrees of freedom: one in a thousand is above 43.8
    expect(chiSquare).toBeLessThan(43.8);
  });
});

// means within five standard errors, variances within a tenth; the skewness shows that no tail was cut
describe('counts', () => {
  it.each([0.2, 3, 9.9, 10.1, 60, 5000])('Poisson with mean %d', (mean) => {
    const drawn = momentsOf(drawMany((random) => drawPoisson(random, mean)));
    expect(Math.abs(drawn.mean - mean)).toBeLessThan(5 * Math.sqrt(mean / DRAWS));
    expect(drawn.variance / mean).toBeCloseTo(1, 1);
    expect(Math.abs(drawn.skewness - 1 / Math.sqrt(mean))).toBeLessThan(0.12);
  });

  it.each([
    [3000, 0.0005],
    [40, 0.2],
    [40, 0.3],
    [100, 0.93],
    [60_000, 0.001],
    [60_000, 0.4],
    [300_000, 0.002],
  ])('binomial with %d trials at %d', (trials, share) => {
    const variance = trials * share * (1 - share);
    const drawn = momentsOf(drawMany((random) => drawBinomial(random, trials, share)));
    expect(Math.abs(drawn.mean - trials * share)).toBeLessThan(5 * Math.sqrt(variance / DRAWS));
    expect(drawn.variance / variance).toBeCloseTo(1, 1);
    expect(Math.abs(drawn.skewness - (1 - 2 * share) / Math.sqrt(variance))).toBeLessThan(0.12);
  });

  it('have the probabilities of the binomial by rejection too', () => {
    const [trials, share] = [40, 0.3];
    const counts = new Map<number, number>();
    for (const value of drawMany((random) => drawBinomial(random, trials, share))) {
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    let mass = (1 - share) ** trials;
    let chiSquare = 0;
    for (let k = 0; k <= trials; k += 1) {
      const expected = mass * DRAWS;
      if (expected >= 5) chiSquare += ((counts.get(k) ?? 0) - expected) ** 2 / expected;
      mass *= ((trials - k) / (k + 1)) * (share / (1 - share));
    }
    // about 18 cells: one in a thousand is above 42
    expect(chiSquare).toBeLessThan(42);
  });

  it('come in clusters with the same mean and more variance', () => {
    const drawn = momentsOf(drawMany((random) => drawClustered(random, 10_000, 0.002, 4)));
    expect(Math.abs(drawn.mean - 20)).toBeLessThan(5 * Math.sqrt((7 * 20) / DRAWS));
    expect(drawn.variance / drawn.mean).toBeCloseTo(7, 0);
  });

  it('never leave what is possible', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.nat(100_000),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 1, max: 6, noNaN: true }),
        (seed, trials, share, cluster) => {
          const random = rolloutRandom(seed, 'bounds', 0);
          for (const drawn of [
            drawBinomial(random, trials, share),
            drawClustered(random, trials, share, cluster),
          ]) {
            expect(Number.isInteger(drawn)).toBe(true);
            expect(drawn).toBeGreaterThanOrEqual(0);
            expect(drawn).toBeLessThanOrEqual(trials);
          }
        },
      ),
    );
  });
});

describe('drawMultinomial', () => {
  const SHARES = [0.1, 0, 0.55, 0.3, 0.05];

  it('gives every trial to a bucket that has a share', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(5000), (seed, trials) => {
        const counts = drawMultinomial(rolloutRandom(seed, 'buckets', 0), trials, SHARES);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(trials);
        expect(counts[1]).toBe(0);
      }),
    );
  });

  it('is unbiased', () => {
    const random = rolloutRandom(12, 'buckets', 0);
    const sums = SHARES.map(() => 0);
    for (let i = 0; i < 2000; i += 1) {
      for (const [bucket, count] of drawMultinomial(random, 500, SHARES).entries()) {
        sums[bucket] = (sums[bucket] ?? 0) + count;
      }
    }
    for (const [bucket, share] of SHARES.entries()) {
      const sd = Math.sqrt(1_000_000 * share * (1 - share));
      expect(Math.abs((sums[bucket] ?? 0) - 1_000_000 * share)).toBeLessThanOrEqual(5 * sd);
    }
  });
});

describe('drawFactor', () => {
  it('has mean 1 and is 1 without spread', () => {
    const { mean, variance } = momentsOf(drawMany((random) => drawFactor(random, 0.4)));
    expect(Math.abs(mean - 1)).toBeLessThan(5 * Math.sqrt(variance / DRAWS));
    expect(drawFactor(rolloutRandom(1, 'none', 0), 0)).toBe(1);
  });
});
