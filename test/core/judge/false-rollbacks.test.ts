// Seeded simulations of canaries that are within tolerance: how often the evidence ever reaches the level of a rollback.
// Sample sizes stand in each test; 3 of 300 is the promised 1 %.
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../support/random.ts';
import { peakEvidence, playRollout } from './simulated-rollout.ts';
import { borderShares, slowShares, type World, worldWith } from './simulated-world.ts';
import { CONVERSION, specWith, WHOLE_SPEC } from './specs.ts';

const ROLLOUTS = 300;

/** Of so many rollouts, those whose evidence ever reached the level of a rollback. */
function falseRollbacks(
  world: World | ((seed: number) => World),
  spec = specWith(),
  rollouts = ROLLOUTS,
): number {
  const peaks = Array.from({ length: rollouts }, (_, i) => {
    const own = typeof world === 'function' ? world(i) : world;
    return peakEvidence(seededRandom(i + 1), own, spec);
  });
  return peaks.filter((peak) => peak >= 100).length;
}

/** The same level of failures, on both sides or as given. */
function failing(stable: number, canary: number) {
  return { stable: { errors: () => stable }, canary: { errors: () => canary } };
}

/** Stages of five minutes: half the work, and the same promise. */
const ERRORS_QUICK = specWith({ bakeMinutes: 5 });
const WHOLE_QUICK = { ...WHOLE_SPEC, stages: ERRORS_QUICK.stages };
const SLOW_AT_BORDER = { slow: () => borderShares(slowShares('stable')) };
const CONVERTING_AT_BORDER = { conversion: () => 0.95 * 0.032 };

describe('a canary exactly at the border of its tolerance is rolled back in at most 1 % of 300 rollouts', () => {
  test.each([
    { what: '1.5 times the errors', world: worldWith(failing(0.002, 0.003)), spec: ERRORS_QUICK },
    {
      what: '0.1 % errors beside a better stable',
      world: worldWith(failing(0.0002, 0.001)),
      spec: ERRORS_QUICK,
    },
    {
      what: '1.1 times the slow requests at every threshold',
      world: worldWith({ canary: SLOW_AT_BORDER }),
      spec: specWith({ latency: {}, bakeMinutes: 5 }),
    },
    {
      what: '0.95 times the conversions',
      world: worldWith({ canary: CONVERTING_AT_BORDER }),
      spec: specWith({ custom: [CONVERSION], bakeMinutes: 5 }),
    },
    {
      what: 'all of them at once',
      world: worldWith({
        stable: { errors: () => 0.002 },
        canary: { errors: () => 0.003, ...SLOW_AT_BORDER, ...CONVERTING_AT_BORDER },
      }),
      spec: WHOLE_QUICK,
    },
  ])('$what', ({ world, spec }) => {
    expect(falseRollbacks(world, spec)).toBeLessThanOrEqual(3);
  });
});

describe('a canary as good as stable is never rolled back', () => {
  test.each([
    { requestsPerMinute: 6000, spec: WHOLE_QUICK, rollouts: 300 },
    { requestsPerMinute: 600, spec: WHOLE_QUICK, rollouts: 300 },
    { requestsPerMinute: 60, spec: ERRORS_QUICK, rollouts: 300 },
  ])(
    'in any of $rollouts rollouts at $requestsPerMinute requests a minute',
    ({ requestsPerMinute, spec, rollouts }) => {
      expect(falseRollbacks(worldWith({ requestsPerMinute }), spec, rollouts)).toBe(0);
    },
  );

  test('in any of 100 rollouts of a service of which 2 % fail', () => {
    expect(
      falseRollbacks(worldWith({ requestsPerMinute: 600, ...failing(0.02, 0.02) }), specWith(), 100),
    ).toBe(0);
  });

  test('in any of 100 rollouts of a busy service, each of whose versions has a rate that wanders of itself', () => {
    const wandering = (seed: number) => (minute: number) =>
      0.02 * Math.exp(seededRandom(seed * 100_003 + minute).normal() / 2);
    const world = (seed: number): World =>
      worldWith({
        requestsPerMinute: 60_000,
        stable: { errors: wandering(2 * seed) },
        canary: { errors: wandering(2 * seed + 1) },
      });
    expect(falseRollbacks(world, ERRORS_QUICK, 100)).toBe(0);
  });

  test('in any of 100 rollouts of a service that has always been slower than its limit', () => {
    const slow = () => ({ ...slowShares('stable'), 'latency-limit': 0.08 });
    const spec = specWith({ latency: { onLimit: 'rollback' }, bakeMinutes: 5 });
    expect(falseRollbacks(worldWith({ stable: { slow }, canary: { slow } }), spec, 100)).toBe(0);
  });
});

describe('a healthy canary passes', () => {
  test('all stages in time at 600 requests a minute or more, in 10 of 10 rollouts', () => {
    for (const requestsPerMinute of [600, 6000]) {
      for (let seed = 1; seed <= 10; seed += 1) {
        const story = playRollout(seededRandom(seed), worldWith({ requestsPerMinute }), WHOLE_SPEC);
        const atTheEnds = [9, 19, 29, 39].map((minute) => story.kinds[minute]);
        expect(atTheEnds).toEqual(['pass', 'pass', 'pass', 'pass']);
      }
    }
  });

  test('never at 3 requests a minute, in none of 20 rollouts', () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const story = playRollout(seededRandom(seed), worldWith({ requestsPerMinute: 3 }));
      expect(new Set(story.kinds)).toEqual(new Set(['hold']));
    }
  });

  test('in the end where it shares an incident with stable, in 25 of 25 rollouts', () => {
    const errors = (minute: number): number => (minute >= 15 && minute < 22 ? 0.2 : 0.0005);
    for (let seed = 1; seed <= 25; seed += 1) {
      const story = playRollout(seededRandom(seed), worldWith({ stable: { errors }, canary: { errors } }));
      expect(story.rolledBackAfter).toBeNull();
      expect(story.kinds.at(-1)).toBe('pass');
    }
  });
});

describe('an incident of both versions', () => {
  const during = (from: number, minutes: number) => (minute: number) =>
    minute >= from && minute < from + minutes;
  const lastAt95 = { stages: [5, 25, 95], latency: {}, custom: [CONVERSION], bakeMinutes: 5 };

  test('at 95 % is blamed on the canary in at most 1 % of 300 rollouts: failures', () => {
    const isOn = during(12, 3);
    const errors = (minute: number): number => (isOn(minute) ? 0.3 : 0.0005);
    const world = worldWith({ stable: { errors }, canary: { errors } });
    expect(falseRollbacks(world, specWith(lastAt95))).toBeLessThanOrEqual(3);
  });

  test('at 95 % is blamed on the canary in at most 1 % of 300 rollouts: everything three times as slow', () => {
    const isOn = during(12, 3);
    const slow = (side: 'stable' | 'canary') => (minute: number) => slowShares(side, isOn(minute) ? 3 : 1);
    const world = worldWith({ stable: { slow: slow('stable') }, canary: { slow: slow('canary') } });
    expect(falseRollbacks(world, specWith(lastAt95))).toBeLessThanOrEqual(3);
  });

  test('is not held against the canary once the control is gone, in any of 100 rollouts', () => {
    const isOn = during(25, 4);
    const errors = (minute: number): number => (isOn(minute) ? 0.3 : 0.0005);
    const world = worldWith({ stable: { errors }, canary: { errors } });
    expect(falseRollbacks(world, specWith({ stages: [5, 25, 95, 100] }), 100)).toBe(0);
  });
});

describe('a disturbance that is no harm', () => {
  const cold = (minutesSinceRaise: number): number => 0.3 * Math.max(0, 1 - minutesSinceRaise / 3);

  test.each([true, false])(
    'cold starts after every raise roll back at most 3 % of 300 rollouts (counted: %s)',
    (countsColdStarts) => {
      const world = worldWith({ canary: { cold }, countsColdStarts });
      expect(falseRollbacks(world, WHOLE_QUICK)).toBeLessThanOrEqual(9);
    },
  );

  // a hundred bad requests in a period, the service's own failures among them, are taken at their word
  test('one client with 90 failed requests in one minute rolls back at most 1 % of 200 rollouts', () => {
    const world = (seed: number): World =>
      worldWith({ canary: { abuse: (minute) => (minute === seed % 20 ? 90 : 0) } });
    expect(falseRollbacks(world, WHOLE_QUICK, 200)).toBeLessThanOrEqual(2);
  });
});
