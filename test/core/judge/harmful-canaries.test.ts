// Seeded simulations of harmful canaries: how soon they are found and what they cost until then.
// Sample sizes stand in each test.
import { describe, expect, test } from 'vitest';
import type { Counts } from '../../../src/core/judge/types.ts';
import { seededRandom } from '../../support/random.ts';
import { playRollout, type Story } from './simulated-rollout.ts';
import { type Behaviour, slowShares, worldWith } from './simulated-world.ts';
import { CONVERSION, specWith, WHOLE_SPEC } from './specs.ts';

function play(rollouts: number, canary: Partial<Behaviour>, spec = WHOLE_SPEC): readonly Story[] {
  return Array.from({ length: rollouts }, (_, i) =>
    playRollout(seededRandom(i + 1), worldWith({ canary }), spec),
  );
}

/** The value that this share of the rollouts does not exceed. */
function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function minutesToAct(stories: readonly Story[]): readonly number[] {
  return stories.map((story) => story.rolledBackAfter ?? Number.POSITIVE_INFINITY);
}

/** Requests that each rollout cost until it was rolled back. */
function costOf(stories: readonly Story[], bad: (counts: Counts) => number): readonly number[] {
  return stories.map(({ canary }) =>
    canary.reduce((sum, counts) => sum + (counts === null ? 0 : bad(counts)), 0),
  );
}

/** Every one of them was rolled back, and because of this check. */
function expectFoundBy(stories: readonly Story[], check: string): void {
  const kinds = stories.map(({ last }) => `${last.verdict.kind} by ${last.verdict.reason.check}`);
  expect(new Set(kinds)).toEqual(new Set([`rollback by ${check}`]));
}

const failed = ({ errors }: Counts): number => errors;

describe('failures', () => {
  test('0.05 to 5 % at 1 % of 6,000 requests a minute are found by minute 3, after about 7 of them', () => {
    const stories = play(200, { errors: () => 0.05 });
    expectFoundBy(stories, 'errors');
    expect(quantile(minutesToAct(stories), 0.5)).toBeLessThanOrEqual(3);
    expect(quantile(minutesToAct(stories), 0.95)).toBeLessThanOrEqual(5);
    expect(quantile(costOf(stories, failed), 0.5)).toBeLessThanOrEqual(10);
  });

  test('ten times the usual cost at most 13 of them in the median, 30 in 95 % of rollouts', () => {
    const stories = play(100, { errors: () => 0.005 });
    expectFoundBy(stories, 'errors');
    expect(quantile(costOf(stories, failed), 0.5)).toBeLessThanOrEqual(13);
    expect(quantile(costOf(stories, failed), 0.95)).toBeLessThanOrEqual(30);
  });

  test('of every second request cost at most 90 in the median', () => {
    const stories = play(100, { errors: () => 0.5 });
    expectFoundBy(stories, 'errors');
    expect(quantile(costOf(stories, failed), 0.5)).toBeLessThanOrEqual(90);
  });

  test('that begin in the middle are found within 3 minutes, and never before', () => {
    const stories = play(50, { errors: (minute) => (minute >= 23 ? 0.05 : 0.0005) });
    expectFoundBy(stories, 'errors');
    expect(quantile(minutesToAct(stories), 0.95)).toBeLessThanOrEqual(26);
    expect(Math.min(...minutesToAct(stories))).toBeGreaterThan(23);
  });

  test('at 100 %, where no control is left, are found against the limit', () => {
    const spec = specWith({ stages: [5, 25, 50, 100] });
    const stories = play(50, { errors: (minute) => (minute >= 30 ? 0.05 : 0.0005) }, spec);
    expectFoundBy(stories, 'errors');
    expect(quantile(minutesToAct(stories), 0.95)).toBeLessThanOrEqual(32);
  });
});

describe('slowness', () => {
  /** Requests above the canary's p90 threshold beyond the tenth that stable has above its own. */
  const slowed = ({ requests, shares }: Counts): number => (shares['latency-p90']?.[1] ?? 0) - requests / 10;

  test('of twice the latency costs at most 85 slow requests in the median, 140 in 95 % of rollouts', () => {
    const stories = play(200, { slow: () => slowShares('canary', 2) });
    expectFoundBy(stories, 'latency');
    expect(quantile(costOf(stories, slowed), 0.5)).toBeLessThanOrEqual(85);
    expect(quantile(costOf(stories, slowed), 0.95)).toBeLessThanOrEqual(140);
  });

  test('of half as much again is found in 15 minutes', () => {
    const stories = play(50, { slow: () => slowShares('canary', 1.5) });
    expectFoundBy(stories, 'latency');
    expect(quantile(minutesToAct(stories), 0.95)).toBeLessThanOrEqual(15);
  });

  test('of the tail alone is found, though the median is as always', () => {
    const slow = () => ({ ...slowShares('canary'), 'latency-p99': 0.1, 'latency-tail': 0.03 });
    const stories = play(50, { slow: () => ({ ...slow(), 'latency-p90': 0.1 }) });
    expectFoundBy(stories, 'latency');
    expect(quantile(minutesToAct(stories), 0.95)).toBeLessThanOrEqual(15);
  });
});

describe('other harm', () => {
  test('of half the conversions is found, for about 60 lost ones in the median', () => {
    const stories = play(50, { conversion: () => 0.016 }, specWith({ custom: [CONVERSION] }));
    expectFoundBy(stories, 'conversion');
    const lost = ({ requests, shares }: Counts): number =>
      requests * 0.032 - (shares['conversion']?.[1] ?? 0);
    expect(quantile(costOf(stories, lost), 0.5)).toBeLessThanOrEqual(65);
  });

  test('of a canary that says nothing from the start is found in 3 periods: 5 minutes if they settle in 2', () => {
    const world = worldWith({ canary: { isSilent: () => true } });
    for (let seed = 1; seed <= 20; seed += 1) {
      const timing = { commitAfterSeconds: 120, passAfterSeconds: 120 };
      const story = playRollout(seededRandom(seed), world, WHOLE_SPEC, timing);
      expect(story.rolledBackAfter).toBe(5);
      expect(story.last.verdict.reason.check).toBe('silence');
    }
  });

  test('of a canary that falls silent later is found within 5 committed periods', () => {
    const stories = play(20, { isSilent: (minute) => minute >= 22 });
    expectFoundBy(stories, 'silence');
    // committed 3 minutes after their end
    expect(Math.max(...minutesToAct(stories))).toBeLessThanOrEqual(22 + 5 + 3);
  });
});
