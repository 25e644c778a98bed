import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addHistograms, quantilesOf } from '../../bench/judge/histogram.ts';
import {
  bucketShares,
  edgeAt,
  expectedQuantile,
  LATENCY_EDGES_MS,
  mixed,
  shareAbove,
} from '../../bench/judge/traces/latency.ts';

const ONE_MODE = [{ share: 1, medianMs: 140, logSd: 0.45 }];
const TWO_MODES = [
  { share: 0.85, medianMs: 8, logSd: 0.35 },
  { share: 0.15, medianMs: 120, logSd: 0.5 },
];
const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0);

describe('quantilesOf', () => {
  const EDGES = [10, 20, 40];

  it.each([
    ['the middle of a bucket', [0, 4, 0, 0], 0.5, 10 * 2 ** 0.5],
    ['a bound', [5, 5, 0, 0], 0.5, 10],
    ['the end of a bucket', [0, 10, 0, 0], 1, 20],
    ['the bucket without an upper bound', [0, 0, 0, 8], 1, 50],
    ['a lonely slow request', [99, 0, 1, 0], 0.995, 20 * 2 ** 0.5],
  ])('interpolates to %s', (_what, histogram, quantile, expected) => {
    expect(quantilesOf(histogram, EDGES, [quantile])[0]).toBeCloseTo(expected, 9);
  });

  it('says nothing of an empty histogram', () => {
    expect(quantilesOf([0, 0, 0, 0], EDGES, [0.5])).toEqual([]);
  });

  it('gives rising quantiles inside the range', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 4, maxLength: 4 }), (histogram) => {
        fc.pre(histogram.some((count) => count > 0));
        const [low = 0, middle = 0, high = 0] = quantilesOf(histogram, EDGES, [0.1, 0.5, 0.99]);
        expect(low).toBeGreaterThan(0);
        expect(middle).toBeGreaterThanOrEqual(low);
        expect(high).toBeGreaterThanOrEqual(middle);
        expect(high).toBeLessThanOrEqual(50);
      }),
    );
  });

  it('adds histograms bucket by bucket', () => {
    expect(
      addHistograms([
        [1, 2],
        [3, 4],
        [10, 0],
      ]),
    ).toEqual([14, 6]);
    expect(addHistograms([])).toEqual([]);
  });
});

describe('latency modes', () => {
  it.each([
    ['one mode', ONE_MODE],
    ['two modes', TWO_MODES],
  ])('%s: the shares sum to 1', (_what, modes) => {
    expect(sum(bucketShares(modes))).toBeCloseTo(1, 9);
  });

  it('has the quantiles of the log-normal', () => {
    const shares = bucketShares(ONE_MODE);
    expect(expectedQuantile(shares, 0.5) / 140).toBeCloseTo(1, 2);
    expect(expectedQuantile(shares, 0.99) / (140 * Math.exp(2.3263 * 0.45))).toBeCloseTo(1, 1);
  });

  it('keeps the share over a limit when requests are 25 % slower and the limit is 25 % higher', () => {
    const usual = bucketShares(TWO_MODES);
    const slower = bucketShares(TWO_MODES, 1.25);
    for (const quantile of [0.5, 0.9, 0.99]) {
      const edge = edgeAt(expectedQuantile(usual, quantile));
      expect((LATENCY_EDGES_MS[edge + 2] ?? 0) / (LATENCY_EDGES_MS[edge] ?? 1)).toBeCloseTo(1.25, 5);
      expect(shareAbove(slower, edge + 2)).toBeCloseTo(shareAbove(usual, edge), 5);
    }
  });

  it('mixes shares', () => {
    const slow = bucketShares([{ share: 1, medianMs: 5000, logSd: 0.2 }]);
    const both = mixed(bucketShares(ONE_MODE), slow, 0.01);
    expect(sum(both)).toBeCloseTo(1, 9);
    expect(shareAbove(both, edgeAt(2500))).toBeCloseTo(0.01, 4);
  });

  it('takes the last edge for what lies beyond all', () => {
    expect(edgeAt(1e9)).toBe(LATENCY_EDGES_MS.length - 1);
  });
});
