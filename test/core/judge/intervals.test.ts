// The intervals that people read: how often they contain the truth, and what they say where little is known.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LEAST_PERIODS, shareInterval, valueInterval } from '../../../src/core/judge/intervals.ts';
import type { Pairs } from '../../../src/core/judge/state.ts';
import { type Random, seededRandom } from '../../support/random.ts';

/** Simulated samples behind each coverage: its standard error at 98 % is 0.3 percentage points. */
const RUNS = 2000;
/** 1 % is left out on each side; with a standard error to spare on either. */
const LEAST_COVERAGE = 0.97;

function coverage(seed: number, isCovered: (random: Random) => boolean): number {
  const random = seededRandom(seed);
  let covered = 0;
  for (let run = 0; run < RUNS; run += 1) if (isCovered(random)) covered += 1;
  return covered / RUNS;
}

describe('the interval of a share', () => {
  it.each([
    [200, 0.2],
    [500, 0.01],
    [2000, 0.005],
    [10_000, 0.001],
    [100, 0.5],
    [1000, 0.99],
  ])('contains the truth of %d trials at a share of %d', (trials, share) => {
    const covered = coverage(trials, (random) => {
      const [low, high] = shareInterval([trials, random.binomial(trials, share)], 1) ?? [2, 2];
      return low <= share && share <= high;
    });
    expect(covered).toBeGreaterThanOrEqual(LEAST_COVERAGE);
  });

  it('contains it too where the counts scatter more than chance, when it is told by how much', () => {
    const [periods, each, share, dispersion] = [20, 500, 0.02, 4];
    // each period has a share of its own; counts of such periods have about this variance against the binomial one
    const spread = Math.sqrt(((dispersion - 1) * share * (1 - share)) / each);
    const covered = (told: number) =>
      coverage(7, (random) => {
        let events = 0;
        for (let period = 0; period < periods; period += 1) {
          events += random.binomial(each, Math.max(0, share + spread * random.normal()));
        }
        const [low, high] = shareInterval([periods * each, events], told) ?? [2, 2];
        return low <= share && share <= high;
      });
    expect(covered(dispersion)).toBeGreaterThanOrEqual(LEAST_COVERAGE);
    expect(covered(1)).toBeLessThan(0.9);
  });

  it('is exact at its ends: none of some may be none, all of some may be all', () => {
    for (const trials of [5, 485]) expect(shareInterval([trials, 0], 1)?.[0]).toBe(0);
    expect(shareInterval([485, 485], 1)?.[1]).toBe(1);
    expect(shareInterval([0, 0], 1)).toBeNull();
  });

  it('lies around what was counted, within 0 and 1, and narrows with more of the same', () => {
    const sample = fc
      .integer({ min: 1, max: 50_000 })
      .chain((trials) => fc.tuple(fc.constant(trials), fc.nat(trials)));
    fc.assert(
      fc.property(sample, fc.double({ min: 1, max: 20, noNaN: true }), ([trials, events], dispersion) => {
        const [low, high] = shareInterval([trials, events], dispersion) ?? [2, 2];
        const share = events / trials;
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(share + 1e-12);
        expect(high).toBeGreaterThanOrEqual(share - 1e-12);
        const [lowOfMore, highOfMore] = shareInterval([10 * trials, 10 * events], dispersion) ?? [2, 2];
        expect(highOfMore - lowOfMore).toBeLessThanOrEqual(high - low + 1e-12);
      }),
    );
  });
});

/** Values of both in the same periods, lognormal around the truth. */
function drawn(
  random: Random,
  periods: number,
  truth: number,
  noise: number,
): { canary: number; pairs: Pairs } {
  const pairs: [number, number, number, number, number] = [periods, 0, 0, 0, 0];
  for (let period = 0; period < periods; period += 1) {
    const canary = truth * Math.exp(noise * random.normal());
    const stable = truth * Math.exp(noise * random.normal());
    const log = Math.log(canary / stable);
    pairs[1] += canary;
    pairs[2] += stable;
    pairs[3] += log;
    pairs[4] += log * log;
  }
  return { canary: pairs[1] / periods, pairs };
}

describe('the interval of a value', () => {
  it.each([
    [LEAST_PERIODS, 0.1, 300],
    [5, 0.2, 1000],
    [10, 0.1, 10_000],
    [30, 0.3, 100_000],
  ])(
    'contains the truth of %d periods that scatter by %d, behind %d requests',
    (periods, noise, requests) => {
      const mean = 200 * Math.exp((noise * noise) / 2);
      const covered = coverage(periods, (random) => {
        const { canary, pairs } = drawn(random, periods, 200, noise);
        const interval = valueInterval(canary, pairs, requests);
        return interval !== null && interval[0] <= mean && mean <= interval[1];
      });
      expect(covered).toBeGreaterThanOrEqual(LEAST_COVERAGE);
    },
  );

  it('is none while too few periods or no requests are known', () => {
    const { canary, pairs } = drawn(seededRandom(1), LEAST_PERIODS, 200, 0.1);
    expect(valueInterval(canary, pairs, 500)).not.toBeNull();
    expect(valueInterval(canary, pairs, 0)).toBeNull();
    const { canary: fewer, pairs: few } = drawn(seededRandom(1), LEAST_PERIODS - 1, 200, 0.1);
    expect(valueInterval(fewer, few, 500)).toBeNull();
  });

  it('is none where the periods scatter so much that it would say nothing', () => {
    const hung = [200, 40_000, 210].map((value) => Math.log(value / 200));
    const sum = hung.reduce((total, log) => total + log, 0);
    const squares = hung.reduce((total, log) => total + log * log, 0);
    expect(valueInterval(13_000, [3, 40_410, 600, sum, squares], 700)).toBeNull();
  });

  it('is no better than the requests behind it allow', () => {
    const still: Pairs = [10, 2000, 2000, 0, 0];
    const [low, high] = valueInterval(200, still, 100) ?? [0, 0];
    expect(low).toBeLessThan(110);
    expect(high).toBeGreaterThan(360);
  });
});
