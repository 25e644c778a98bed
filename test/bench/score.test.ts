import { describe, expect, it } from 'vitest';
import { judgeTrace } from '../../bench/judge/judge-trace.ts';
import {
  geometricMean,
  type Outcome,
  outcomeOf,
  quantile,
  scoreOf,
  wilsonPercents,
} from '../../bench/judge/score.ts';
import type { Trace } from '../../bench/judge/traces/rollout.ts';
import type { Answer, LineJudge } from '../../src/replay/line-protocol.ts';
import { START } from './peer-traces.ts';

/** Six periods; harm from the third on, ten bad requests a period. */
function trace(periodSec = 60, onsetSec: number | null = 120): Trace {
  const id = START.id;
  return {
    start: { ...START, periodSec },
    periods: [0, 1, 2, 3, 4, 5].map((i) => ({
      type: 'period',
      id,
      t: i * periodSec,
      step: 0,
      weight: 0.1,
      stable: null,
      canary: null,
    })),
    end: { type: 'end', id },
    truth: { onsetSec, bad: onsetSec === null ? [0, 0, 0, 0, 0, 0] : [0, 0, 10, 10, 10, 10] },
  };
}

describe('an outcome', () => {
  it.each([
    [
      'found at once: the next minute still counts',
      2,
      { kind: 'rolled back', minutesAfterOnset: 2, bad: 20 },
    ],
    ['found in the last period', 5, { kind: 'rolled back', minutesAfterOnset: 5, bad: 40 }],
    [
      'rolled back before the harm',
      0,
      { kind: 'rolled back before the harm', minutesAfterOnset: null, bad: 0 },
    ],
    // in force while the harm begins: its first minute is spared in part
    ['rolled back just before', 1, { kind: 'rolled back before the harm', minutesAfterOnset: null, bad: 10 }],
  ])('%s', (_what, period, expected) => {
    expect(outcomeOf(trace(), { kind: 'rollback', period })).toEqual(expected);
  });

  it('counts the part of a long period that passes until the rollback is in force', () => {
    // in force 60 s after 900 s: a fifth of the fourth period
    expect(outcomeOf(trace(300, 600), { kind: 'rollback', period: 2 })).toEqual({
      kind: 'rolled back',
      minutesAfterOnset: 6,
      bad: 12,
    });
  });

  it.each([
    ['pass', 'kept'],
    ['inconclusive', 'inconclusive'],
  ] as const)('%s keeps the canary to the end', (verdict, kind) => {
    expect(outcomeOf(trace(), { kind: verdict, period: 5 })).toEqual({
      kind,
      minutesAfterOnset: null,
      bad: 40,
    });
  });

  it('knows no onset where nothing is wrong', () => {
    expect(outcomeOf(trace(60, null), { kind: 'rollback', period: 0 })).toEqual({
      kind: 'rolled back',
      minutesAfterOnset: null,
      bad: 0,
    });
  });
});

describe('a score', () => {
  it('sums up outcomes', () => {
    const outcomes: readonly Outcome[] = [
      { kind: 'rolled back', minutesAfterOnset: 2, bad: 10 },
      { kind: 'rolled back', minutesAfterOnset: 5, bad: 30 },
      { kind: 'rolled back before the harm', minutesAfterOnset: null, bad: 0 },
      { kind: 'inconclusive', minutesAfterOnset: null, bad: 100 },
      { kind: 'kept', minutesAfterOnset: null, bad: 60 },
    ];
    expect(scoreOf(outcomes)).toEqual({
      rollouts: 5,
      rolledBack: { count: 3, of: 5 },
      inconclusive: { count: 1, of: 5 },
      early: { count: 1, of: 5 },
      detected: { count: 2, of: 5 },
      missed: { count: 2, of: 5 },
      medianMinutes: 3.5,
      bad: { mean: 40, median: 30, p95: 92 },
    });
  });

  it('has no time where nothing was found', () => {
    expect(scoreOf([{ kind: 'kept', minutesAfterOnset: null, bad: 3 }]).medianMinutes).toBeNull();
  });
});

describe('figures', () => {
  // Newcombe, «Two-sided confidence intervals for the single proportion» (1998), table I, method 3
  it.each([
    [81, 263, 25.53, 36.62],
    [15, 148, 6.24, 16.05],
    [0, 20, 0, 16.11],
    [1, 29, 0.61, 17.18],
  ])('Wilson: %d of %d', (count, of, low, high) => {
    const [foundLow, foundHigh] = wilsonPercents({ count, of });
    expect(foundLow).toBeCloseTo(low, 2);
    expect(foundHigh).toBeCloseTo(high, 2);
  });

  it('finds quantiles and geometric means', () => {
    expect(quantile([3, 1, 2, 4], 0.5)).toBe(2.5);
    expect(quantile([7], 0.95)).toBe(7);
    expect(geometricMean([1, 100])).toBeCloseTo(10, 12);
  });
});

describe('judging a trace', () => {
  const judge = (
    answers: Partial<Record<'period' | 'end', Answer['verdict']>>,
    id = START.id,
  ): LineJudge => ({
    start: () => undefined,
    period: (message) => ({
      id,
      verdict: message.t === 180 ? (answers.period ?? 'continue') : 'continue',
      reason: '',
    }),
    end: () => ({ id, verdict: answers.end ?? 'pass', reason: '' }),
  });

  it('ends with the first rollback, or with the answer to the end', () => {
    expect(judgeTrace(judge({ period: 'rollback' }), trace())).toEqual({ kind: 'rollback', period: 3 });
    expect(judgeTrace(judge({ end: 'inconclusive' }), trace())).toEqual({ kind: 'inconclusive', period: 5 });
    expect(judgeTrace(judge({ end: 'rollback' }), trace())).toEqual({ kind: 'rollback', period: 5 });
  });

  it('refuses answers that break the protocol', () => {
    expect(() => judgeTrace(judge({ end: 'continue' }), trace())).toThrow('no answer to the end');
    expect(() => judgeTrace(judge({}, 'other#1'), trace())).toThrow('other#1');
  });
});
