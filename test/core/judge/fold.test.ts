// Properties of the fold: numbers that stay numbers, weights that stay whole, independence of delivery.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evidenceOf } from '../../../src/core/judge/combine.ts';
import { capFor, periodCapNats } from '../../../src/core/judge/e-process.ts';
import { foldPeriod, initialJudgeState, judge } from '../../../src/core/judge/judge.ts';
import { judgePolicy } from '../../../src/core/judge/policy.ts';
import { type JudgeState, JudgeStateSchema } from '../../../src/core/judge/state.ts';
import type { Period } from '../../../src/core/judge/types.ts';
import { VerdictSchema } from '../../../src/core/verdict.ts';
import { anyCounts, cheapCounts, periodsOf, usualCounts } from './any-counts.ts';
import { foldAll, inputAt } from './judging.ts';
import { MINUTE_MS, START_MS } from './simulated-rollout.ts';
import { BASELINE, CONVERSION, CPU, RENDERING, specWith, WHOLE_SPEC } from './specs.ts';

const CAP_NATS = periodCapNats(0.01);

/** Everything there is: all kinds of streams, gauges, a limit that rolls back. */
const EVERYTHING = specWith({
  latency: { onLimit: 'rollback' },
  throttlesLimitPercent: 1,
  custom: [CONVERSION, CPU, RENDERING],
});
const BASELINES = [BASELINE, { ...BASELINE, isCounted: false }, null];
const policy = judgePolicy(WHOLE_SPEC, BASELINE);

describe('the fold', () => {
  test('never gives anything but finite numbers, for any counts up to a thousand million', () => {
    const weight = fc.double({ min: 0, max: 100, noNaN: true });
    const property = fc.property(
      periodsOf(anyCounts),
      periodsOf(anyCounts),
      fc.constantFrom(...BASELINES),
      fc.constantFrom(10, 60, 300),
      fc.array(weight, { minLength: 30, maxLength: 30 }),
      (past, coming, latency, seconds, weights) => {
        const own = judgePolicy(EVERYTHING, latency);
        const at = (period: Period, i: number): Period => ({
          ...period,
          startMs: START_MS + i * seconds * 1000,
          seconds,
          weightPercent: i % 2 === 0 ? period.weightPercent : (weights[i] ?? 0),
        });
        const periods = coming.map(at);
        const start = initialJudgeState(own, { history: past, latency }, START_MS);
        const { state, verdict } = judge(inputAt(40, periods, { policy: own, state: start }));
        expect(JudgeStateSchema.parse(JSON.parse(JSON.stringify(state)))).toEqual(state);
        expect(VerdictSchema.parse(verdict)).toEqual(verdict);
        expect(evidenceOf(own, state).total).toBeLessThan(Number.POSITIVE_INFINITY);
      },
    );
    fc.assert(property, { numRuns: 200, seed: 1 });
  });

  test('gives the same numbers through JSON as without', () => {
    const property = fc.property(periodsOf(usualCounts), (periods) => {
      const start = initialJudgeState(policy, { history: [], latency: BASELINE }, START_MS);
      const stored = periods.reduce(
        (state, period) =>
          JudgeStateSchema.parse(JSON.parse(JSON.stringify(foldPeriod(policy, state, period)))),
        start,
      );
      expect(stored).toEqual(foldAll(policy, periods, { history: [], latency: BASELINE }));
    });
    fc.assert(property, { numRuns: 50, seed: 2 });
  });

  test('lets no cheap period add more than the cap to any alternative, and none grow beyond a million', () => {
    const everything = judgePolicy(EVERYTHING, BASELINE);
    const processesOf = ({ streams }: JudgeState): readonly number[] =>
      Object.values(streams).flatMap(({ versusBorder = [], versusStable = [] }) => [
        ...versusBorder,
        ...versusStable,
      ]);
    const property = fc.property(periodsOf(cheapCounts, { minLength: 5 }), (periods) => {
      let state = foldAll(everything, [], { history: [], latency: BASELINE });
      for (const period of periods) {
        const before = processesOf(state);
        const massLeft = state.massLeft;
        state = foldPeriod(everything, state, period);
        const mass = massLeft - state.massLeft;
        for (const [i, value] of processesOf(state).entries()) {
          // rounded to four digits
          expect(value).toBeLessThanOrEqual(
            ((before[i] ?? 0) + mass) * Math.exp(capFor(99, CAP_NATS)) * 1.001,
          );
          expect(value).toBeLessThanOrEqual(1e6);
        }
      }
    });
    fc.assert(property, { numRuns: 30, seed: 10 });
  });

  test('gives no stream more or less than its share of a total that starts at 1', () => {
    const state = foldAll(policy, []);
    const { total, streams } = evidenceOf(policy, state);
    expect(total).toBeCloseTo(1, 10);
    for (const { policy: stream, contribution } of streams)
      expect(contribution).toBeCloseTo(stream.weight, 10);
  });
});

describe('delivery', () => {
  test('does not matter: late, twice, backwards, and read before they were whole', () => {
    const ticks = fc.array(fc.nat(32), { maxLength: 8 });
    const property = fc.property(periodsOf(usualCounts), ticks, fc.nat(9), (periods, minutes, half) => {
      let state = foldAll(policy, []);
      const seen: Period[] = [];
      for (const minute of [...minutes.toSorted((a, b) => a - b), 60]) {
        // what can still change is shown with part of its counts, more than has to be, in any order
        const window = periods.map((period) =>
          period.startMs + 240_000 > START_MS + minute * MINUTE_MS ? inPart(period, half) : period,
        );
        const judged = judge(inputAt(minute, [...window, ...window].toReversed(), { policy, state }));
        state = judged.state;
        seen.push(...judged.committed);
      }
      expect(state).toEqual(foldAll(policy, periods));
      expect(seen).toEqual(periods);
    });
    fc.assert(property, { numRuns: 100, seed: 3 });
  });

  test('does not matter to any later verdict either', () => {
    const ticks = fc.array(fc.nat(30), { maxLength: 8 });
    const property = fc.property(periodsOf(usualCounts), ticks, (periods, minutes) => {
      const before = minutes
        .toSorted((a, b) => a - b)
        .reduce(
          (state, minute) => judge(inputAt(minute, periods, { policy, state })).state,
          foldAll(policy, []),
        );
      for (const minute of [31, 33, 40]) {
        const often = judge(inputAt(minute, periods, { policy, state: before }));
        const once = judge(inputAt(minute, periods, { policy, state: foldAll(policy, []) }));
        expect(often.verdict).toEqual(once.verdict);
        expect(often.state).toEqual(once.state);
      }
    });
    fc.assert(property, { numRuns: 50, seed: 4 });
  });

  test('of a committed period again changes nothing', () => {
    const property = fc.property(periodsOf(usualCounts), (periods) => {
      const once = foldAll(policy, periods);
      expect(periods.reduce((state, period) => foldPeriod(policy, state, period), once)).toEqual(once);
    });
    fc.assert(property, { numRuns: 50, seed: 5 });
  });
});

/** As CloudWatch shows a minute that is not over: some of its requests are missing. */
function inPart(period: Period, tenths: number): Period {
  const { canary } = period;
  if (canary === null || tenths === 0) return { ...period, canary: null };
  return { ...period, canary: { ...canary, requests: Math.ceil((canary.requests * tenths) / 10) } };
}
