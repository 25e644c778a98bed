// Seeded simulations: how often the judge is wrong, and how fast it is right. Sample sizes stand in each test.
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../support/random.ts';
import { peakEvidence, playRollout, type Story, specWith, type World } from './simulated-rollout.ts';

const USUAL = 0.0005;

function worldWith(changes: Partial<World> = {}): World {
  return { requestsPerMinute: 6000, stableErrors: () => USUAL, canaryErrors: () => USUAL, ...changes };
}

function play(rollouts: number, world: World, spec = specWith()): readonly Story[] {
  return Array.from({ length: rollouts }, (_, seed) => playRollout(seededRandom(seed + 1), world, spec));
}

/** Of so many rollouts, those whose evidence ever reached the level of a rollback. */
function falseRollbacks(rollouts: number, world: World, spec = specWith()): number {
  return Array.from({ length: rollouts }, (_, seed) =>
    peakEvidence(seededRandom(seed + 1), world, spec),
  ).filter((peak) => peak >= 100).length;
}

function rollbacks(stories: readonly Story[]): number {
  return stories.filter((story) => story.rolledBackAfter !== null).length;
}

/** The value that this share of the rollouts does not exceed. */
function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function minutesToAct(stories: readonly Story[]): readonly number[] {
  return stories.map((story) => story.rolledBackAfter ?? Number.POSITIVE_INFINITY);
}

describe('a canary as good as stable', () => {
  test.each([
    { requestsPerMinute: 6000, share: USUAL },
    { requestsPerMinute: 600, share: USUAL },
    { requestsPerMinute: 60, share: USUAL },
    { requestsPerMinute: 600, share: 0.02 },
  ])(
    'is rolled back in at most 2 of 400 rollouts: $requestsPerMinute requests a minute, $share fail',
    (world) => {
      const share = (): number => world.share;
      const stories = play(400, { ...world, stableErrors: share, canaryErrors: share });
      expect(rollbacks(stories)).toBeLessThanOrEqual(2);
    },
  );

  test('passes all stages in time at 600 requests a minute or more, in 50 of 50 rollouts', () => {
    for (const requestsPerMinute of [600, 6000]) {
      for (const story of play(50, worldWith({ requestsPerMinute }))) {
        expect([9, 19, 29, 39].map((minute) => story.kinds[minute])).toEqual([
          'pass',
          'pass',
          'pass',
          'pass',
        ]);
      }
    }
  });

  test('never passes at 3 requests a minute, in none of 50 rollouts', () => {
    for (const story of play(50, worldWith({ requestsPerMinute: 3 }))) {
      expect(new Set(story.kinds)).toEqual(new Set(['hold']));
    }
  });

  test('that shares an incident with stable passes in the end, in 50 of 50 rollouts', () => {
    const share = (minute: number): number => (minute >= 15 && minute < 22 ? 0.2 : USUAL);
    for (const story of play(50, worldWith({ stableErrors: share, canaryErrors: share }))) {
      expect(story.rolledBackAfter).toBeNull();
      expect(story.kinds.at(-1)).toBe('pass');
    }
  });

  test('is not blamed for such an incident once the control is gone', () => {
    const share = (minute: number): number => (minute >= 25 && minute < 29 ? 0.3 : USUAL);
    const spec = specWith({ stages: [5, 25, 95, 100] });
    expect(falseRollbacks(100, worldWith({ stableErrors: share, canaryErrors: share }), spec)).toBe(0);
  });

  test('is not blamed for a service that has always been slower than its limit', () => {
    const spec = specWith({ latency: { limitMs: 500, quantile: 0.95 } });
    const chronic = worldWith({ stableSlow: () => 0.08, canarySlow: () => 0.08 });
    expect(falseRollbacks(100, chronic, spec)).toBe(0);
  });
});

describe('a canary at the very border of its tolerance', () => {
  test('is rolled back in at most 1 % of 400 rollouts', () => {
    const border = worldWith({ stableErrors: () => 0.002, canaryErrors: () => 0.003 });
    expect(falseRollbacks(400, border)).toBeLessThanOrEqual(4);
  });
});

describe('a harmful canary', () => {
  test('with 5 % errors at 1 % of 6,000 requests a minute is seen by minute 3, after about 7 failures', () => {
    const stories = play(200, worldWith({ canaryErrors: () => 0.05 }));
    expect(quantile(minutesToAct(stories), 0.5)).toBeLessThanOrEqual(3);
    expect(quantile(minutesToAct(stories), 0.95)).toBeLessThanOrEqual(5);
    expect(
      quantile(
        stories.map((story) => story.canaryErrors),
        0.5,
      ),
    ).toBeLessThanOrEqual(10);
  });

  test('with ten times the errors costs at most 13 failures in the median, 30 in 95 % of rollouts', () => {
    const stories = play(200, worldWith({ canaryErrors: () => 0.005 }));
    const failures = stories.map((story) => story.canaryErrors);
    expect(rollbacks(stories)).toBe(200);
    expect(quantile(failures, 0.5)).toBeLessThanOrEqual(13);
    expect(quantile(failures, 0.95)).toBeLessThanOrEqual(30);
  });

  test('whose harm begins in the middle is seen within 3 minutes', () => {
    const stories = play(100, worldWith({ canaryErrors: (minute) => (minute >= 23 ? 0.05 : USUAL) }));
    expect(quantile(minutesToAct(stories), 0.95)).toBeLessThanOrEqual(26);
    expect(Math.min(...minutesToAct(stories))).toBeGreaterThan(23);
  });

  test('is seen at 100 %, against the limit, without a control', () => {
    const spec = specWith({ stages: [5, 25, 50, 100] });
    const stories = play(50, worldWith({ canaryErrors: (minute) => (minute >= 30 ? 0.05 : USUAL) }), spec);
    expect(quantile(minutesToAct(stories), 0.95)).toBeLessThanOrEqual(32);
  });

  test('that is too slow is seen by the latency limit', () => {
    const spec = specWith({ latency: { limitMs: 500, quantile: 0.95 } });
    const stories = play(100, worldWith({ stableSlow: () => 0.02, canarySlow: () => 0.12 }), spec);
    expect(rollbacks(stories)).toBe(100);
    expect(quantile(minutesToAct(stories), 0.95)).toBeLessThanOrEqual(10);
    expect(stories[0]?.last.verdict.reason.check).toBe('latency');
  });

  test('that falls silent is seen within 4 committed periods', () => {
    const stories = play(50, worldWith({ canaryIsSilent: (minute) => minute >= 22 }));
    // Committed 3 minutes after their end.
    expect(Math.max(...minutesToAct(stories))).toBeLessThanOrEqual(22 + 4 + 3);
    expect(stories[0]?.last.verdict.reason.check).toBe('silence');
  });
});
