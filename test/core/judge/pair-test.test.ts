// The test of two binomials against a line, by exact enumeration: on average it never grows while the pair is allowed.
import { describe, expect, test } from 'vitest';
import { LOSS_GRID, SLOWER_GRID } from '../../../src/core/judge/binomial.ts';
import {
  type Line,
  logPairRatio,
  type PairTest,
  pairTest,
  shareAbove,
} from '../../../src/core/judge/pair-test.ts';

const LINES: readonly Line[] = [0.95, 1, 1.1].flatMap((slope) =>
  [0, 0.05, 0.3].map((intercept) => ({ slope, intercept })),
);
/** Cold starts, by which the line is lifted and the alternative is not. */
const FORGIVEN = [0, 0.1, 0.3];
const SIZES = [
  { canary: 1, stable: 1 },
  { canary: 4, stable: 4 },
  { canary: 6, stable: 2 },
  { canary: 2, stable: 9 },
] as const;
/** What stable is taken for: wherever it really is, most of these are far off. */
const GUESSES = [1e-6, 0.001, 0.03, 0.3, 0.5, 0.8, 0.999];
const SHARES = [0, 0.001, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97, 1];
/** Shares of the way from 0 up to the line. */
const DEPTHS = [1, 0.9, 0.5, 0];

type Size = { readonly canary: number; readonly stable: number };

function onLine({ slope, intercept }: Line, stable: number, forgiven = 0): number {
  return Math.min(1, slope * stable + intercept + forgiven);
}

function chances(trials: number, share: number): readonly number[] {
  const all: number[] = [];
  let ways = 1;
  for (let k = 0; k <= trials; k += 1) {
    all.push(ways * share ** k * (1 - share) ** (trials - k));
    ways *= (trials - k) / (k + 1);
  }
  return all;
}

/** Mean over every outcome of both versions. */
function expectation(
  size: Size,
  shares: { readonly canary: number; readonly stable: number },
  score: (canary: number, stable: number) => number,
): number {
  const stableChances = chances(size.stable, shares.stable);
  return chances(size.canary, shares.canary).reduce(
    (sum, canaryChance, canary) =>
      sum +
      stableChances.reduce(
        (inner, chance, stable) => inner + canaryChance * chance * score(canary, stable),
        0,
      ),
    0,
  );
}

function ratiosOf(test: PairTest, size: Size): readonly (readonly number[])[] {
  return Array.from({ length: size.canary + 1 }, (_, canary) =>
    Array.from({ length: size.stable + 1 }, (_, stable) =>
      logPairRatio(test, { canary: [size.canary, canary], stable: [size.stable, stable] }),
    ),
  );
}

interface Case {
  readonly test: PairTest;
  readonly size: Size;
  readonly logs: readonly (readonly number[])[];
}

/** The test of so many times the odds of the line above a guess of stable's share. */
function testAbove(line: Line, guess: number, step: number, size: Size, forgiven = 0): PairTest {
  const alternative = { canary: shareAbove(onLine(line, guess), step), stable: guess };
  return pairTest(line, alternative, size, forgiven);
}

/** Every test of the line: all guesses, alternatives and sizes. */
function* testsOf(line: Line, forgiven: number): Generator<Case> {
  for (const guess of GUESSES) {
    for (const step of [...SLOWER_GRID, ...LOSS_GRID]) {
      for (const size of SIZES) {
        const test = testAbove(line, guess, step, size, forgiven);
        yield { test, size, logs: ratiosOf(test, size) };
      }
    }
  }
}

/** Allowed pairs: on the line, lifted by what is forgiven, and below it. */
function allowedPairs(line: Line, forgiven: number): readonly Size[] {
  return SHARES.flatMap((stable) =>
    DEPTHS.map((depth) => ({ stable, canary: depth * onLine(line, stable, forgiven) })),
  );
}

describe.each(LINES)('the test against $slope times stable and $intercept', (line) => {
  test.each(FORGIVEN)(
    'is an e-variable for every allowed pair of shares, whatever stable was taken for (forgiven: %d)',
    (forgiven) => {
      const pairs = allowedPairs(line, forgiven);
      for (const { test: own, size, logs } of testsOf(line, forgiven)) {
        const ratios = logs.map((row) => row.map(Math.exp));
        const meanFor = (shares: Size): number =>
          expectation(size, shares, (canary, stable) => ratios[canary]?.[stable] ?? Number.NaN);
        expect(Math.max(...pairs.map(meanFor))).toBeLessThanOrEqual(1 + 1e-9);
        expect(meanFor(own.allowed)).toBeCloseTo(1, 9);
      }
    },
  );

  test('grows on average where the canary is as bad as the alternative', () => {
    let tests = 0;
    for (const { test: own, size, logs } of testsOf(line, 0)) {
      // no alternative is left where the line itself allows every request
      if (own.allowed.canary > 0.999) continue;
      tests += 1;
      const growth = expectation(
        size,
        own.alternative,
        (canary, stable) => logs[canary]?.[stable] ?? Number.NaN,
      );
      expect(growth).toBeGreaterThan(0);
    }
    expect(tests).toBeGreaterThan(100);
  });
});

test('an alternative that is forgiven says nothing', () => {
  const { alternative, allowed } = testAbove(
    { slope: 1.1, intercept: 0 },
    0.1,
    2.2,
    { canary: 60, stable: 900 },
    0.3,
  );
  expect(allowed).toEqual(alternative);
});

test('a million requests a period do not turn the rounding of the nearest point into evidence', () => {
  // the mean of a product over requests is the power of the mean over one of them
  const perRequest = (p: number, q: number, share: number): number =>
    Math.log1p((share - q) * (p / q - (1 - p) / (1 - q)));
  const sizes = [
    { canary: 1e6, stable: 1e6 },
    { canary: 100, stable: 1e6 },
    { canary: 1e6, stable: 100 },
  ];
  for (const line of LINES) {
    for (const [guess, step, size] of GUESSES.flatMap((own) =>
      SLOWER_GRID.flatMap((step) => sizes.map((size) => [own, step, size] as const)),
    )) {
      const { alternative, allowed } = testAbove(line, guess, step, size);
      const logMeans = SHARES.map(
        (stable) =>
          size.canary * perRequest(alternative.canary, allowed.canary, onLine(line, stable)) +
          size.stable * perRequest(alternative.stable, allowed.stable, stable),
      );
      expect(Math.max(...logMeans)).toBeLessThanOrEqual(1e-9);
    }
  }
});
