import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countSlower, drawLatencies, equalLatencies, percentileOf } from '../../src/sim/latency-draw.ts';
import { shareSlowerThan } from '../../src/sim/traffic-behaviour.ts';

const LAW = { p50Ms: 80, p95Ms: 240, addedMs: 0 };

describe('drawn latencies', () => {
  const anyDraw = fc.record({
    seed: fc.nat(),
    requests: fc.integer({ min: 0, max: 20_000 }),
    thresholds: fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 2, maxLength: 8 }),
  });

  it('have the same count at a threshold whatever else is asked, and in whatever order', () => {
    fc.assert(
      fc.property(anyDraw, ({ seed, requests, thresholds }) => {
        const together = drawLatencies(seed, requests, LAW);
        const counts = thresholds.map((ms) => together.slowerThan(ms));
        const alone = thresholds.map((ms) => drawLatencies(seed, requests, LAW).slowerThan(ms));
        expect(counts).toEqual(alone);
        expect(thresholds.toReversed().map((ms) => together.slowerThan(ms))).toEqual(counts.toReversed());
      }),
    );
  });

  it('have nested counts: no more requests above a higher threshold, and never more than there are', () => {
    fc.assert(
      fc.property(anyDraw, ({ seed, requests, thresholds }) => {
        const drawn = drawLatencies(seed, requests, LAW);
        const counts = thresholds.toSorted((a, b) => a - b).map((ms) => drawn.slowerThan(ms));
        expect(counts).toEqual(counts.toSorted((a, b) => b - a));
        expect(counts[0]).toBeLessThanOrEqual(requests);
        expect(counts.at(-1)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it.each([
    [1000, 80],
    [1000, 240],
    [60, 100],
    [20_000, 900],
  ])('of %d requests have a binomial number above %d ms', (requests, ms) => {
    const draws = 4000;
    const share = shareSlowerThan(LAW, ms);
    const counts = Array.from({ length: draws }, (_, seed) =>
      drawLatencies(seed, requests, LAW).slowerThan(ms),
    );
    const mean = counts.reduce((sum, count) => sum + count, 0) / draws;
    const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / draws;
    const expected = requests * share * (1 - share);
    // five standard errors of the mean; the variance within a tenth
    expect(Math.abs(mean - requests * share)).toBeLessThan(5 * Math.sqrt(expected / draws));
    expect(variance / expected).toBeGreaterThan(0.9);
    expect(variance / expected).toBeLessThan(1.1);
  });

  it('have numbers between two thresholds that vary by themselves', () => {
    // of the requests above 80 ms a fixed share is above 240 ms: given the one, the other is binomial again
    const draws = 4000;
    const ratios = Array.from({ length: draws }, (_, seed) => {
      const drawn = drawLatencies(seed, 2000, LAW);
      return drawn.slowerThan(240) / drawn.slowerThan(80);
    });
    const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / draws;
    const variance = ratios.reduce((sum, ratio) => sum + (ratio - mean) ** 2, 0) / draws;
    expect(mean).toBeCloseTo(0.1, 3);
    expect(variance / ((0.1 * 0.9) / 1000)).toBeGreaterThan(0.9);
    expect(variance / ((0.1 * 0.9) / 1000)).toBeLessThan(1.1);
  });

  it('are all at least what every request waits for', () => {
    const waiting = drawLatencies(1, 500, { ...LAW, addedMs: 900 });
    expect(waiting.slowerThan(900)).toBe(500);
    expect(waiting.slowerThan(980)).toBe(drawLatencies(1, 500, LAW).slowerThan(80));
  });

  it('of a time-out are all the same', () => {
    const timedOut = equalLatencies(7, 30_000);
    expect([29_999, 30_000].map((ms) => timedOut.slowerThan(ms))).toEqual([7, 0]);
  });
});

describe('a percentile', () => {
  it.each([
    [0.5, 80],
    [0.95, 240],
  ])('of %d lies where the law has it', (quantile, ms) => {
    expect(percentileOf([drawLatencies(3, 100_000, LAW)], quantile)).toBeCloseTo(ms, -1);
  });

  it('splits all requests together at its share', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: 1, max: 5000 }),
        fc.nat({ max: 400 }),
        (seed, requests, slow) => {
          const mixed = [drawLatencies(seed, requests, LAW), equalLatencies(slow, 30_000)];
          const ms = percentileOf(mixed, 0.9) ?? Number.NaN;
          const all = requests + slow;
          // the answer is exact to 0.04 %
          expect(countSlower(mixed, ms * 1.001)).toBeLessThanOrEqual(all * 0.1);
          expect(countSlower(mixed, ms * 0.999)).toBeGreaterThanOrEqual(Math.floor(all * 0.1));
        },
      ),
    );
  });

  it('of no requests is not known', () => {
    expect(percentileOf([], 0.5)).toBeNull();
    expect(percentileOf([equalLatencies(0, 30_000)], 0.5)).toBeNull();
  });
});
