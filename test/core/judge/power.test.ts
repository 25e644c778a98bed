// What a number of requests can tell.
import { describe, expect, test } from 'vitest';
import { judgePolicy } from '../../../src/core/judge/policy.ts';
import { requestsStillNeeded, smallestDetectableErrorPercent } from '../../../src/core/judge/power.ts';
import { seededRandom } from '../../support/random.ts';
import { playRollout } from './simulated-rollout.ts';
import { worldWith } from './simulated-world.ts';
import { specWith } from './specs.ts';

const policy = judgePolicy(specWith(), null);

function smallest(canaryRequests: number, stableRequests: number): number | null {
  return smallestDetectableErrorPercent({ canaryRequests, stableRequests, stableErrorPercent: 0.05, policy });
}

describe('the smallest detectable error rate', () => {
  test('falls with more requests', () => {
    const found = [60, 600, 6000, 60_000].map((requests) => smallest(requests, requests * 99) ?? Number.NaN);
    expect(found).toEqual(found.toSorted((a, b) => b - a));
    expect(found[0]).toBeLessThan(20);
    expect(found[3]).toBeGreaterThan(0.1);
  });

  test('does not exist when even a canary that always fails could not be told', () => {
    expect(smallest(0, 100)).toBeNull();
    expect(smallest(1, 99)).toBeNull();
  });

  test('is found against the limit alone where there is no control', () => {
    expect(smallest(60_000, 0)).toBeGreaterThan(1);
    expect(smallest(60_000, 0)).toBeLessThan(1.5);
  });

  test('is indeed found in most simulated rollouts of that size', () => {
    const requests = 600;
    const share = (smallest(requests, requests * 99) ?? Number.NaN) / 100;
    const spec = specWith({ stages: [1] });
    const world = worldWith({ canary: { errors: () => share } });
    const found = Array.from({ length: 200 }, (_, seed) =>
      playRollout(seededRandom(seed), world, spec),
    ).filter((story) => story.rolledBackAfter !== null).length;
    expect(found).toBeGreaterThan(200 * 0.65);
  });
});

describe('the requests still needed', () => {
  const needed = (seen: readonly [number, number], expectedShare: number): number | null =>
    requestsStillNeeded({ policy, seen: [...seen], excludedShare: 0.01, expectedShare, dispersion: 1.2 });

  test('fall with what was seen, down to none', () => {
    expect(needed([0, 0], 0)).toBeGreaterThan(300);
    expect(needed([200, 0], 0)).toBe((needed([0, 0], 0) ?? 0) - 200);
    expect(needed([5000, 1], 0)).toBe(0);
  });

  test('do not exist for a canary that is as bad as the limit', () => {
    expect(needed([100, 2], 0.02)).toBeNull();
  });
});
