// Properties of the fold and of the verdict: determinism, independence of delivery, monotony, numbers that stay numbers.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evidenceOf } from '../../../src/core/judge/combine.ts';
import { foldPeriod, initialJudgeState, type JudgeInput, judge } from '../../../src/core/judge/judge.ts';
import { judgePolicy } from '../../../src/core/judge/policy.ts';
import { JudgeStateSchema } from '../../../src/core/judge/state.ts';
import type { Counts, Period } from '../../../src/core/judge/types.ts';
import { VerdictSchema } from '../../../src/core/verdict.ts';
import { MINUTE_MS, START_MS, specWith } from './simulated-rollout.ts';

const policy = judgePolicy(specWith({ latency: { limitMs: 500, quantile: 0.95 } }));
const MOST = 1_000_000_000;

const anyCounts: fc.Arbitrary<Counts | null> = fc.option(
  fc
    .tuple(fc.integer({ min: 0, max: MOST }), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(MOST))
    .map(([requests, share, slow]) => ({ requests, errors: Math.round(requests * share), slow })),
);
const usualCounts: fc.Arbitrary<Counts> = fc
  .tuple(fc.integer({ min: 1, max: 9000 }), fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 100 }))
  .map(([requests, errors, slow]) => ({
    requests,
    errors: Math.min(requests, errors),
    slow: Math.min(requests, slow),
  }));

function periodsOf(counts: fc.Arbitrary<Counts | null>): fc.Arbitrary<readonly Period[]> {
  return fc
    .array(fc.record({ stable: counts, canary: counts, weightPercent: fc.constantFrom(0, 1, 25, 50, 100) }), {
      maxLength: 30,
    })
    .map((rows) => rows.map((row, i) => ({ ...row, startMs: START_MS + i * MINUTE_MS, seconds: 60 })));
}

function inputFor(window: readonly Period[], changes: Partial<JudgeInput> = {}): JudgeInput {
  return {
    policy,
    state: initialJudgeState(policy, [], START_MS),
    window,
    alarms: [],
    metricsProblem: null,
    nowMs: START_MS + 40 * MINUTE_MS,
    stage: { enteredAtMs: START_MS, bakeSeconds: 600, maxHoldSeconds: 1200 },
    timing: { commitAfterSeconds: 180, passAfterSeconds: 120 },
    names: { service: 'orders-api', canaryVersion: '42', weightPercent: 1, startedAtMs: START_MS },
    ...changes,
  };
}

describe('the fold', () => {
  test('never gives anything but finite numbers, for any counts up to a thousand million', () => {
    fc.assert(
      fc.property(periodsOf(anyCounts), periodsOf(anyCounts), (history, periods) => {
        const start = initialJudgeState(policy, history, START_MS);
        const { state, verdict } = judge(inputFor(periods, { state: start }));
        expect(JudgeStateSchema.parse(JSON.parse(JSON.stringify(state)))).toEqual(state);
        expect(VerdictSchema.parse(verdict)).toEqual(verdict);
        expect(evidenceOf(policy, state).total).toBeLessThan(Number.POSITIVE_INFINITY);
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  test('does not depend on when and how often periods are read', () => {
    fc.assert(
      fc.property(periodsOf(usualCounts), fc.array(fc.nat(40), { maxLength: 8 }), (periods, ticks) => {
        let state = initialJudgeState(policy, [], START_MS);
        const seen: Period[] = [];
        for (const minute of [...ticks.toSorted((a, b) => a - b), 60]) {
          // Each tick reads more than it has to, backwards and twice.
          const window = [...periods, ...periods].toReversed();
          const judged = judge(inputFor(window, { state, nowMs: START_MS + minute * MINUTE_MS }));
          state = judged.state;
          seen.push(...judged.committed);
        }
        const folded = periods.reduce(
          (sum, period) => foldPeriod(policy, sum, period),
          initialJudgeState(policy, [], START_MS),
        );
        expect(state).toEqual(folded);
        expect(seen).toEqual(periods);
      }),
      { numRuns: 100, seed: 2 },
    );
  });

  test('changes nothing when a committed period comes again', () => {
    fc.assert(
      fc.property(periodsOf(usualCounts), (periods) => {
        const once = periods.reduce(
          (sum, period) => foldPeriod(policy, sum, period),
          initialJudgeState(policy, [], START_MS),
        );
        expect(periods.reduce((sum, period) => foldPeriod(policy, sum, period), once)).toEqual(once);
      }),
      { numRuns: 50, seed: 3 },
    );
  });

  test('gives the same numbers through JSON as without', () => {
    fc.assert(
      fc.property(periodsOf(usualCounts), (periods) => {
        const start = initialJudgeState(policy, [], START_MS);
        const direct = periods.reduce((sum, period) => foldPeriod(policy, sum, period), start);
        const stored = periods.reduce(
          (sum, period) =>
            JudgeStateSchema.parse(JSON.parse(JSON.stringify(foldPeriod(policy, sum, period)))),
          start,
        );
        expect(stored).toEqual(direct);
      }),
      { numRuns: 50, seed: 4 },
    );
  });

  test('finds no less evidence when the canary fails more', () => {
    fc.assert(
      fc.property(periodsOf(usualCounts), fc.nat(), fc.integer({ min: 1, max: 50 }), (periods, at, more) => {
        const worse = periods.map((period, i) =>
          i === at % periods.length && period.canary !== null
            ? {
                ...period,
                canary: {
                  ...period.canary,
                  errors: Math.min(period.canary.requests, period.canary.errors + more),
                },
              }
            : period,
        );
        const totalOf = (all: readonly Period[]): number =>
          evidenceOf(
            policy,
            all.reduce(
              (sum, period) => foldPeriod(policy, sum, period),
              initialJudgeState(policy, [], START_MS),
            ),
          ).total;
        expect(totalOf(worse)).toBeGreaterThanOrEqual(totalOf(periods) * (1 - 1e-3));
      }),
      { numRuns: 100, seed: 5 },
    );
  });

  test('keeps its state under 2 KB as JSON at its worst', () => {
    let state = initialJudgeState(
      policy,
      [0, 1].map((i) => ({
        startMs: START_MS - (2 - i) * MINUTE_MS,
        seconds: 60,
        weightPercent: 0,
        stable: { requests: 123_456_789, errors: 1_234_567 + i * 7919, slow: 7_654_321 - i * 7919 },
        canary: null,
      })),
      START_MS,
    );
    let longest = 0;
    for (let i = 0; i < 1500; i += 1) {
      const wave = 1 + 0.4 * Math.sin(i * 1.7);
      const counts = (factor: number): Counts => ({
        requests: 123_456_789 + i,
        errors: Math.round(12.3 * wave * factor) + (i % 7 === 0 ? 1_234_567 : 0),
        slow: Math.round(1234 * wave * factor),
      });
      state = foldPeriod(policy, state, {
        startMs: START_MS + i * MINUTE_MS,
        seconds: 60,
        weightPercent: [0.1, 12.5, 33.3, 50][Math.floor(i / 400)] ?? 50,
        stable: counts(1),
        canary: counts(1.3),
      });
      longest = Math.max(longest, JSON.stringify(state).length);
    }
    // Every number of the e-processes as long as it can be written.
    const streams = Object.fromEntries(
      Object.entries(state.streams).map(([name, stream]) => [
        name,
        {
          ...stream,
          absolute: stream.absolute.map(() => 0.0000012345),
          versusStable: stream.versusStable.map(() => 0.0000012345),
        },
      ]),
    );
    expect(longest).toBeLessThan(2048);
    expect(JSON.stringify({ ...state, streams }).length).toBeLessThan(2048);
  });

  test('takes under a millisecond a period', () => {
    const periods = Array.from({ length: 2000 }, (_, i) => ({
      startMs: START_MS + i * MINUTE_MS,
      seconds: 60,
      weightPercent: 25,
      stable: { requests: 4500, errors: 2, slow: 90 },
      canary: { requests: 1500, errors: 1, slow: 30 },
    }));
    const before = performance.now();
    periods.reduce((sum, period) => foldPeriod(policy, sum, period), initialJudgeState(policy, [], START_MS));
    expect((performance.now() - before) / periods.length).toBeLessThan(1);
  });
});

describe('the open window', () => {
  const failing = (minute: number): Period => ({
    startMs: START_MS + minute * MINUTE_MS,
    seconds: 60,
    weightPercent: 1,
    stable: { requests: 5940, errors: 3, slow: 60 },
    canary: { requests: 60, errors: 30, slow: 1 },
  });

  test('is good for a rollback before anything is committed', () => {
    const judged = judge(inputFor([failing(0), failing(1)], { nowMs: START_MS + 2 * MINUTE_MS }));
    expect(judged.verdict.kind).toBe('rollback');
    expect(judged.committed).toEqual([]);
  });

  test('is judged on a copy: what came late replaces what was seen before', () => {
    const clean = { ...failing(0), canary: { requests: 60, errors: 0, slow: 0 } };
    const first = judge(inputFor([failing(0), failing(1)], { nowMs: START_MS + 2 * MINUTE_MS }));
    const second = judge(
      inputFor([clean, { ...clean, startMs: START_MS + MINUTE_MS }], {
        state: first.state,
        nowMs: START_MS + 2 * MINUTE_MS,
      }),
    );
    expect(second.verdict.kind).toBe('hold');
  });

  test('is not good for a pass', () => {
    const good = Array.from({ length: 4 }, (_, i) => ({
      ...failing(i),
      stable: { requests: 59_400, errors: 30, slow: 600 },
      canary: { requests: 600, errors: 0, slow: 6 },
    }));
    const at = (minute: number) =>
      judge(inputFor(good, { nowMs: START_MS + minute * MINUTE_MS })).verdict.kind;
    expect(at(2)).toBe('hold');
    expect(at(4)).toBe('pass');
  });

  test('does not count silence before the periods are committed', () => {
    const silent = Array.from({ length: 4 }, (_, i) => ({ ...failing(i), canary: null }));
    const judged = (commitAfterSeconds: number) =>
      judge(
        inputFor(silent, {
          nowMs: START_MS + 6 * MINUTE_MS,
          timing: { commitAfterSeconds, passAfterSeconds: 120 },
        }),
      ).verdict;
    expect(judged(900).kind).toBe('hold');
    expect(judged(120)).toMatchObject({ kind: 'rollback', reason: { check: 'silence' } });
  });
});
