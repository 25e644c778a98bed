// The judge's memory travels in the rollout document and must stay small, however long and busy the rollout is.
import { expect, test } from 'vitest';
import { foldPeriod } from '../../../src/core/judge/judge.ts';
import { judgePolicy } from '../../../src/core/judge/policy.ts';
import { JudgeStateSchema } from '../../../src/core/judge/state.ts';
import { seededRandom } from '../../support/random.ts';
import { foldAll, hourBefore } from './judging.ts';
import { MINUTE_MS, START_MS } from './simulated-rollout.ts';
import { drawPeriod, slowShares, worldWith } from './simulated-world.ts';
import { BASELINE, WHOLE_SPEC } from './specs.ts';

test('the state stays small as JSON in each of 2,000 minutes, with every default check, a rate and a gauge', () => {
  const policy = judgePolicy(WHOLE_SPEC, BASELINE);
  const random = seededRandom(11);
  // shares that wander around their borders keep every number of the evidence alive
  const wander = (minute: number, period: number): number => 1 + 0.3 * Math.sin(minute / period);
  const world = worldWith({
    requestsPerMinute: 60_000,
    stable: { errors: () => 0.001 },
    canary: {
      errors: (minute) => 0.0015 * wander(minute, 31),
      slow: (minute) => slowShares('canary', 1.3 * wander(minute, 47)),
      conversion: (minute) => 0.0304 * wander(minute, 23),
    },
  });
  const values = (factor: number) => ({
    'latency-percentile': 212.345 * factor,
    cpu: 47.1234 * factor,
  });
  const quiet = hourBefore(null).map(({ startMs }, minute) => ({
    ...drawPeriod(random, world, { startMs, minute, weightPercent: 0, minutesSinceRaise: 0 }),
    startMs,
  }));
  let state = foldAll(policy, [], {
    history: quiet.map((period) => ({
      ...period,
      // so noisy that more than the ceiling has to be kept
      stable: period.stable && {
        ...period.stable,
        errors: random.binomial(period.stable.requests, 0.003 * random.next()),
        values: values(1 + random.normal() / 50),
      },
    })),
    latency: { p50Ms: 80.1234, p90Ms: 139.123, p99Ms: 252.123, isCounted: true },
  });
  let longest = 0;
  let longestOfAnHour = 0;
  for (let minute = 0; minute < 2000; minute += 1) {
    const weightPercent = [0.1, 12.5, 33.3, 50][Math.floor(minute / 100)] ?? 50;
    const period = drawPeriod(random, world, {
      startMs: START_MS + minute * MINUTE_MS,
      minute,
      weightPercent,
      minutesSinceRaise: 9,
    });
    const { stable, canary } = period;
    state = foldPeriod(policy, state, {
      ...period,
      stable: stable && { ...stable, values: values(wander(minute, 7)) },
      // throttles are told of the canary alone
      canary: canary && { ...canary, values: { ...values(1.5 * wander(minute, 5)), throttles: 1.23456 } },
    });
    longest = Math.max(longest, JSON.stringify(state).length);
    if (minute < 60) longestOfAnHour = longest;
  }
  expect(JudgeStateSchema.parse(JSON.parse(JSON.stringify(state)))).toEqual(state);
  expect(longest).toBeGreaterThan(1800);
  expect(longestOfAnHour).toBeLessThan(2048);
  // counts of 33 hours have more digits
  expect(longest).toBeLessThan(2300);
});
