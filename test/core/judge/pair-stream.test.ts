// Shares of any size beside stable: the evidence written out, conversions, cold starts counted and not counted.
import { describe, expect, test } from 'vitest';
import { SLOWER_GRID, SLOWER_WEIGHTS } from '../../../src/core/judge/binomial.ts';
import { LATENCY_P50, LATENCY_P90, LATENCY_TAIL } from '../../../src/core/judge/measures.ts';
import { judgePolicy } from '../../../src/core/judge/policy.ts';
import type { Period } from '../../../src/core/judge/types.ts';
import { counts } from '../../support/rollout-fixtures.ts';
import { evidenceIn, foldAll, hourBefore, minutes } from './judging.ts';
import { BASELINE, CONVERSION, specWith } from './specs.ts';

const policy = judgePolicy(specWith({ latency: {}, custom: [CONVERSION] }), BASELINE);

/** Minutes in which so many of the requests of each version were counted for one measure. */
function sharesOf(
  measure: string,
  count: number,
  canary: (minute: number) => readonly [number, number],
  stable: readonly [number, number] = [100_000, 10_000],
  coldStarts: (minute: number) => number | null = () => null,
): readonly Period[] {
  return minutes(count, (minute) => ({
    stable: counts(stable[0], 0, { shares: { [measure]: stable } }),
    canary: counts(canary(minute)[0], 0, {
      shares: { [measure]: canary(minute) },
      coldStarts: coldStarts(minute),
    }),
  }));
}

function evidence(measure: string, periods: readonly Period[]): number {
  return evidenceIn(policy, foldAll(policy, periods), measure);
}

/** ln of the likelihood of a tally where the chances of one request are p, up to what does not depend on p. */
function logLikelihood([trials, events]: readonly [number, number], p: number): number {
  return events * Math.log(p) + (trials - events) * Math.log(1 - p);
}

describe('the evidence of a pair of shares', () => {
  test('equals the mixture over the alternatives, each against the nearest allowed pair', () => {
    const [canary, stable] = [
      [600, 90],
      [5400, 500],
    ] as const;
    const guess = 0.1;
    const mass = 0.55 + (0.15 * 0.8) / 40;
    const ratios = SLOWER_GRID.map((step) => {
      const odds = (step * 1.1 * guess) / (1 - 1.1 * guess);
      const alternative = odds / (1 + odds);
      const distance = (x: number): number =>
        canary[0] * divergence(alternative, 1.1 * x) + stable[0] * divergence(guess, x);
      const nearest = smallest(distance, guess, alternative);
      const log =
        logLikelihood(canary, alternative) -
        logLikelihood(canary, 1.1 * nearest) +
        logLikelihood(stable, guess) -
        logLikelihood(stable, nearest);
      return Math.min(Math.exp(5), Math.exp(log / 1.2));
    });
    const mixture = ratios.reduce((sum, ratio, i) => sum + (SLOWER_WEIGHTS[i] ?? 0) * ratio, 0);
    const withoutWarmUp = judgePolicy(specWith({ latency: { warmUpSeconds: 0 } }), BASELINE);
    const state = foldAll(
      withoutWarmUp,
      sharesOf(LATENCY_P90, 1, () => canary, stable),
    );
    expect(evidenceIn(withoutWarmUp, state, LATENCY_P90) / (mass * mixture + 1 - mass)).toBeCloseTo(1, 3);
  });

  test('is the same for conversions as for requests without one', () => {
    const few = sharesOf('conversion', 3, () => [10_000, 200], [90_000, 2880]);
    const many = sharesOf('conversion', 3, () => [10_000, 330], [90_000, 2880]);
    expect(evidence('conversion', few)).toBeGreaterThan(100);
    expect(evidence('conversion', many)).toBeLessThan(1);
  });

  test('does not blame a far tail thinner than its floor, however thin stable’s is', () => {
    const thin = sharesOf(LATENCY_TAIL, 10, () => [10_000, 29], [100_000, 10]);
    const thick = sharesOf(LATENCY_TAIL, 10, () => [10_000, 400], [100_000, 10]);
    expect(evidence(LATENCY_TAIL, thin)).toBeLessThan(1);
    expect(evidence(LATENCY_TAIL, thick)).toBeGreaterThan(100);
  });

  test('leans on stable’s share of the hour before, and follows it', () => {
    const usual = (share: number): number | undefined => {
      const stable = counts(10_000, 0, { shares: { [LATENCY_P90]: [10_000, 10_000 * share] } });
      return foldAll(policy, [], { history: hourBefore(stable), latency: BASELINE }).streams[LATENCY_P90]
        ?.usualShare;
    };
    expect(usual(0.1)).toBeCloseTo(0.1, 4);
    expect(usual(0.3)).toBeCloseTo(0.3, 4);
  });
});

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

  test('are forgiven anew after every raise', () => {
    const again = sharesOf(LATENCY_P90, 10, (minute) => cold(minute % 8));
    const raised = again.map((period, i) => ({ ...period, weightPercent: i < 8 ? 5 : 25 }));
    expect(evidence(LATENCY_P90, raised)).toBeLessThan(3);
    expect(evidence(LATENCY_P90, again)).toBeGreaterThan(100);
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

  test('may be more than there were requests', () => {
    expect(evidence(LATENCY_P90, withCold(100_000, 200_000))).toBeCloseTo(1, 6);
  });
});

/** Kullback and Leibler's, of one request, in nats. */
function divergence(p: number, q: number): number {
  return p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q));
}

/** Where a convex function is smallest, by thirds. */
function smallest(f: (x: number) => number, from: number, to: number): number {
  let [low, high] = [from, Math.min(to, 0.9)];
  for (let i = 0; i < 200; i += 1) {
    const third = (high - low) / 3;
    if (f(low + third) < f(high - third)) high -= third;
    else low += third;
  }
  return (low + high) / 2;
}
