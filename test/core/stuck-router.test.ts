// A target that says one share and gives another: whether it is the judge or the observed share that notices, no look lets
// the rollout go on.
import { describe, expect, it } from 'vitest';
import type { Period } from '../../src/core/judge/types.ts';
import { judgeRollout } from '../../src/core/judge-rollout.ts';
import { shareDoubt } from '../../src/core/observed-share.ts';
import { type Random, seededRandom } from '../support/random.ts';
import { counts } from '../support/rollout-fixtures.ts';
import { START_MS, sampleRollout } from '../support/step-world.ts';

const MINUTE_MS = 60_000;
const BAKE_MINUTES = 30;
const RUNS = 20;

interface Target {
  readonly weightPercent: number;
  readonly givenPercent: number;
  readonly perMinute: number;
}

/** CloudWatch says nothing of a version without requests. */
function trafficOf({ weightPercent, givenPercent, perMinute }: Target, random: Random): Period[] {
  const some = (percent: number) => {
    const requests = random.poisson((perMinute * percent) / 100);
    return requests === 0 ? null : counts(requests, random.binomial(requests, 0.0005));
  };
  return Array.from({ length: BAKE_MINUTES }, (_unused, minute) => ({
    startMs: START_MS + minute * MINUTE_MS,
    seconds: 60,
    weightPercent,
    stable: some(100 - givenPercent),
    canary: some(givenPercent),
  }));
}

/** Whether a look late in the bake would let it go on, as each minute has one. */
function wouldGoOn(target: Target, random: Random): boolean {
  const { weightPercent } = target;
  const sample = sampleRollout();
  const periods = trafficOf(target, random);
  let rollout = {
    ...sample,
    stage: { ...sample.stage, weightPercent },
    shifts: [{ atMs: START_MS, weightPercent }],
  };
  let goesOn = false;
  for (let minute = 1; minute <= BAKE_MINUTES; minute += 1) {
    const nowMs = START_MS + minute * MINUTE_MS;
    const window = periods.filter(
      ({ startMs }) => startMs >= rollout.judge.committedUntilMs && startMs < nowMs,
    );
    const { state, verdict } = judgeRollout(rollout, { window, alarms: [], metricsProblem: null, nowMs });
    const isSure = verdict.kind === 'pass' && shareDoubt(rollout, window, nowMs) === null;
    goesOn ||= isSure && minute > BAKE_MINUTES / 2;
    rollout = { ...rollout, judge: state };
  }
  return goesOn;
}

function goesOnInAny(target: Target): boolean {
  const random = seededRandom(target.weightPercent + target.perMinute);
  return Array.from({ length: RUNS }).some(() => wouldGoOn(target, random));
}

describe('a target that does not do what it says', () => {
  const WEIGHTS = [5, 25, 50, 95] as const;

  it.each(
    WEIGHTS.flatMap((weightPercent) =>
      [5, 60, 600, 6000].flatMap((perMinute) => [
        { weightPercent, perMinute, givenPercent: 0 },
        { weightPercent, perMinute, givenPercent: 100 },
      ]),
    ),
  )('never goes on at $weightPercent % when it gives $givenPercent %, at $perMinute a minute', (target) => {
    expect(goesOnInAny(target)).toBe(false);
  });

  it.each(
    WEIGHTS.flatMap((weightPercent) => [
      { weightPercent, givenPercent: weightPercent * 0.4 },
      { weightPercent, givenPercent: Math.min(99.5, weightPercent * 2.5) },
      { weightPercent, givenPercent: 99.5 },
    ]).filter(
      ({ weightPercent, givenPercent }) => weightPercent < 95 || givenPercent < 95 || givenPercent > 99,
    ),
  )('never goes on at $weightPercent % when it gives $givenPercent % of much traffic', (target) => {
    expect(goesOnInAny({ ...target, perMinute: 6000 })).toBe(false);
  });

  it.each(WEIGHTS)('goes on at %d %% when that is what it gives', (weightPercent) => {
    expect(goesOnInAny({ weightPercent, givenPercent: weightPercent, perMinute: 6000 })).toBe(true);
  });
});
