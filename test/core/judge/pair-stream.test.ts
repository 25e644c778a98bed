// Shares of any size beside stable: the evidence written out, conversions, cold starts counted and not counted.
import { describe, expect, test } from 'vitest';
import { SLOWER_GRID, SLOWER_WEIGHTS } from '../../../src/core/judge/binomial.ts';
import { capFor, periodCapNats } from '../../../src/core/judge/e-process.ts';
import { LATENCY_P90, LATENCY_TAIL } from '../../../src/core/judge/measures.ts';
import { judgePolicy } from '../../../src/core/judge/policy.ts';
import type { Period } from '../../../src/core/judge/types.ts';
import { counts } from '../../support/rollout-fixtures.ts';
import { evidenceIn, foldAll, hourBefore, sharesOf } from './judging.ts';
import { BASELINE, CONVERSION, specWith } from './specs.ts';

const CAP_NATS = periodCapNats(0.01);

const policy = judgePolicy(specWith({ latency: {}, custom: [CONVERSION] }), BASELINE);

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
      return Math.min(Math.exp(capFor(0, CAP_NATS)), Math.exp(log / 1.2));
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

  test('finds a thick far tail in one period, though stable has next to none', () => {
    const tail = sharesOf(
      LATENCY_TAIL,
      1,
      () => [300, 60],
      [100_000, 10],
      () => 0,
    );
    expect(evidence(LATENCY_TAIL, tail)).toBeGreaterThan(20);
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

describe('events that are counted later than their requests', () => {
  const late = judgePolicy(specWith({ custom: [{ ...CONVERSION, lagSeconds: 120 }] }), null);
  /** No conversion of the canary in the first minutes of a stage, which begins anew in minute 10. */
  const missing = (minutesAtFirst: number) =>
    sharesOf('conversion', 20, (minute) => [3000, minute % 10 < minutesAtFirst ? 0 : 96], [57_000, 1824]).map(
      (period, i) => ({ ...period, weightPercent: i < 10 ? 5 : 6 }),
    );
  const evidenceOn = (own: typeof late, periods: readonly Period[]): number =>
    Math.max(...periods.map((_, i) => evidenceIn(own, foldAll(own, periods.slice(0, i + 1)), 'conversion')));

  test('teach nothing for so long after a raise, and one period more', () => {
    expect(evidenceOn(late, missing(3))).toBeLessThanOrEqual(1 + 1e-9);
    expect(evidenceOn(late, missing(4))).toBeGreaterThan(20);
  });

  test('teach at once where they are not late', () => {
    const atOnce = judgePolicy(specWith({ custom: [CONVERSION] }), null);
    expect(evidenceOn(atOnce, missing(1))).toBeGreaterThan(20);
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
