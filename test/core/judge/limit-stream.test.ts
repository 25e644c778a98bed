// Fixed limits: beside a control they wait for its witness, without one the hour before the rollout stands in for it.
import { describe, expect, test } from 'vitest';
import { judgePolicy } from '../../../src/core/judge/policy.ts';
import { ERRORS_LIMIT } from '../../../src/core/judge/policy-errors.ts';
import type { Period } from '../../../src/core/judge/types.ts';
import { counts } from '../../support/rollout-fixtures.ts';
import { evidenceIn, foldAll, hourBefore, minutes } from './judging.ts';
import { specWith } from './specs.ts';

const policy = judgePolicy(specWith(), null);
const USUAL = 'errors-usual';

/** 6,000 requests a minute, shared by weight, so many of a thousand failing on each side. */
function failing(
  perMille: { readonly stable: number; readonly canary: number },
  weightPercent: number,
): readonly Period[] {
  const canary = 60 * weightPercent;
  const stable = 6000 - canary;
  return minutes(10, {
    weightPercent,
    stable: weightPercent === 100 ? null : counts(stable, Math.round((stable * perMille.stable) / 1000)),
    canary: counts(canary, Math.round((canary * perMille.canary) / 1000)),
  });
}

const USUAL_HOUR = { history: hourBefore(counts(6000, 12)), latency: null };

function evidence(name: string, periods: readonly Period[], before = USUAL_HOUR): number {
  return evidenceIn(policy, foldAll(policy, periods, before), name);
}

describe('what was usual in the hour before', () => {
  test('is held against the canary where no control is left: far below the limit, far above the usual', () => {
    const periods = failing({ stable: 0, canary: 9 }, 100);
    expect(evidence(USUAL, periods)).toBeGreaterThan(1000);
    expect(evidence(ERRORS_LIMIT, periods)).toBeLessThanOrEqual(1);
  });

  test('is three times the usual share, taken at its upper end', () => {
    const border = foldAll(policy, [], USUAL_HOUR).streams[USUAL]?.borderShare;
    // the score interval of 720 in 360,000
    const spread = 2.33 ** 2;
    const upper = (720 + spread / 2 + Math.sqrt(spread * 720 + spread ** 2 / 4)) / 360_000;
    expect(border).toBeCloseTo(3 * upper, 5);
    expect(evidence(USUAL, failing({ stable: 0, canary: 5 }, 100))).toBeLessThanOrEqual(1);
  });

  test('says nothing where nothing is known of it', () => {
    const periods = failing({ stable: 0, canary: 400 }, 100);
    expect(evidence(USUAL, periods, { history: [], latency: null })).toBeLessThanOrEqual(1);
    expect(evidence(USUAL, periods, { history: hourBefore(null), latency: null })).toBeLessThanOrEqual(1);
  });

  test('waits for the witness while there is a control, and says nothing below a weight of half', () => {
    expect(evidence(USUAL, failing({ stable: 40, canary: 40 }, 50))).toBeLessThanOrEqual(1);
    expect(evidence(USUAL, failing({ stable: 2, canary: 40 }, 50))).toBeGreaterThan(100);
    expect(evidence(USUAL, failing({ stable: 2, canary: 40 }, 25))).toBeLessThanOrEqual(1);
  });
});

describe('the limit', () => {
  test('counts beside a control only while the canary is also worse than the control', () => {
    expect(evidence(ERRORS_LIMIT, failing({ stable: 50, canary: 50 }, 50))).toBeLessThanOrEqual(1);
    expect(evidence(ERRORS_LIMIT, failing({ stable: 2, canary: 50 }, 50))).toBeGreaterThan(100);
  });

  test('counts alone where there is no control', () => {
    expect(evidence(ERRORS_LIMIT, failing({ stable: 0, canary: 50 }, 100))).toBeGreaterThan(100);
  });

  test('is raised to three times the usual share of a service that has always been worse, never above a half', () => {
    const border = (errors: number): number | undefined =>
      foldAll(policy, [], { history: hourBefore(counts(6000, errors)), latency: null }).streams[ERRORS_LIMIT]
        ?.borderShare;
    expect(border(12)).toBe(0.01);
    expect(border(120)).toBeCloseTo(0.06, 6);
    expect(border(3000)).toBe(0.5);
  });
});
