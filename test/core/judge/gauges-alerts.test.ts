// What is watched and told, never tested: gauges hold after two periods, alerts are told after three, one blip is nothing.
import { describe, expect, test } from 'vitest';
import { initialJudgeState, type JudgeInput } from '../../../src/core/judge/judge.ts';
import { LATENCY_PERCENTILE, THROTTLES } from '../../../src/core/judge/measures.ts';
import { judgePolicy } from '../../../src/core/judge/policy.ts';
import type { Period } from '../../../src/core/judge/types.ts';
import type { Verdict } from '../../../src/core/verdict.ts';
import { counts } from '../../support/rollout-fixtures.ts';
import { AT_ONCE, foldAll, hourBefore, minutes, verdictOn } from './judging.ts';
import { START_MS } from './simulated-rollout.ts';
import { CPU, specWith } from './specs.ts';

const CPU_LIMITED = { ...CPU, limit: 80 };
const FORBIDDEN = { ...CPU_LIMITED, onLimit: 'rollback' } as const;

function withValue(name: string, count: number, canary: (minute: number) => number | undefined, stable = 45) {
  const values = (value: number | undefined): Record<string, number> =>
    value === undefined ? {} : { [name]: value };
  return minutes(count, (minute) => ({
    stable: counts(5700, 3, { values: { [name]: stable } }),
    canary: counts(300, 0, { values: values(canary(minute)) }),
  }));
}

function judgedBy(
  spec: Parameters<typeof specWith>[0],
  window: readonly Period[],
  changes: Partial<JudgeInput> = {},
): Verdict {
  return verdictOn(window, { policy: judgePolicy(specWith(spec), null), timing: AT_ONCE, ...changes });
}

/** 90 in the last so many of ten minutes. */
const lately = (periods: number) => withValue('cpu', 10, (minute) => (minute >= 10 - periods ? 90 : 45));

describe('a gauge over its limit', () => {
  test.each([
    [1, 'pass'],
    [2, 'hold'],
    [5, 'hold'],
  ])('for %d periods in a row makes the verdict %s', (periods, kind) => {
    expect(judgedBy({ custom: [CPU_LIMITED] }, lately(periods)).kind).toBe(kind);
  });

  test('rolls back only where the service file says so, after as many periods', () => {
    expect(judgedBy({ custom: [FORBIDDEN] }, lately(1)).kind).toBe('pass');
    const { kind, reason } = judgedBy({ custom: [FORBIDDEN] }, lately(2));
    expect(kind).toBe('rollback');
    expect(reason).toMatchObject({ check: 'cpu', limit: 80 });
  });

  test('holds a throttled canary, of which stable has no such value', () => {
    const window = minutes(10, { canary: counts(300, 0, { values: { [THROTTLES]: 1.5 } }) });
    const { kind, reason } = judgedBy({ throttlesLimitPercent: 1 }, window);
    expect(kind).toBe('hold');
    expect(reason.check).toBe('throttles');
  });

  test('holds again only after two more periods once it was within its limit', () => {
    const everySecond = withValue('cpu', 10, (minute) => (minute % 2 === 1 ? 90 : 45));
    expect(judgedBy({ custom: [CPU_LIMITED] }, everySecond).kind).toBe('pass');
  });

  test('ends with a period that has requests and no value', () => {
    const gap = withValue('cpu', 10, (minute) =>
      minute === 8 ? undefined : minute === 7 || minute === 9 ? 90 : 45,
    );
    expect(judgedBy({ custom: [CPU_LIMITED] }, gap).kind).toBe('pass');
  });

  test('says little behind fewer than 20 requests', () => {
    const thin = lately(5).map((period, i) => ({
      ...period,
      canary: counts(i < 5 ? 900 : 19, 0, { values: { cpu: i < 5 ? 45 : 90 } }),
    }));
    expect(judgedBy({ custom: [CPU_LIMITED] }, thin).kind).toBe('pass');
  });
});

describe('a gauge without a limit', () => {
  const policy = judgePolicy(specWith({ custom: [CPU] }), null);
  const hour = (spread: number) =>
    hourBefore(null).map((period, i) => ({
      ...period,
      stable: counts(6000, 3, { values: { cpu: 45 + (i % 2 === 0 ? spread : -spread) } }),
    }));

  function kindAt(cpu: number, spread: number): Verdict['kind'] {
    const state = initialJudgeState(policy, { history: hour(spread), latency: null }, START_MS);
    return verdictOn(
      withValue('cpu', 10, () => cpu),
      { policy, state, timing: AT_ONCE },
    ).kind;
  }

  test('is held to a quarter above stable right now, and to stable’s band of the hour before', () => {
    // the band is 45 ± 1 or 45 ± 10, its edge at three standard deviations
    expect(kindAt(57, 1)).toBe('hold');
    expect(kindAt(56, 1)).toBe('pass');
    expect(kindAt(74, 10)).toBe('pass');
    expect(kindAt(77, 10)).toBe('hold');
  });

  test('is held to nothing where nothing is known of stable', () => {
    const window = withValue('cpu', 10, () => 99).map((period) => ({ ...period, stable: counts(5700, 3) }));
    expect(verdictOn(window, { policy, timing: AT_ONCE }).kind).toBe('pass');
  });
});

describe('alerts', () => {
  const slow = (periods: number) =>
    withValue(LATENCY_PERCENTILE, 10, (minute) => (minute >= 10 - periods ? 640 : 210));
  const checksOf = (verdict: Verdict): readonly string[] => verdict.alerts.map(({ check }) => check);

  test('tell of a percentile above its limit for three periods in a row, and change nothing else', () => {
    const warm = { warmUpSeconds: 0, toleranceRatio: 10 };
    const blip = judgedBy({ latency: warm }, slow(2));
    const lasting = judgedBy({ latency: warm }, slow(3));
    expect(checksOf(blip)).toEqual([]);
    expect(lasting.alerts).toEqual([
      { check: 'latency', sentence: 'orders-api v42 at 5 %: p95 above 500 ms for 3 periods in a row.' },
    ]);
    expect([blip.kind, lasting.kind]).toEqual(['pass', 'pass']);
  });

  test('tell of errors above their limit on both versions, of which the canary is not guilty', () => {
    const incident = minutes(10, { stable: counts(5700, 114), canary: counts(300, 6) });
    const { kind, alerts } = judgedBy({}, incident);
    expect(kind).not.toBe('rollback');
    expect(alerts.map(({ sentence }) => sentence)).toEqual([
      'orders-api v42 at 5 %: error rate above 1 % for 10 periods in a row.',
    ]);
  });

  test('tell of a gauge as soon as it holds', () => {
    expect(checksOf(judgedBy({ custom: [CPU_LIMITED] }, lately(1)))).toEqual([]);
    expect(judgedBy({ custom: [CPU_LIMITED] }, lately(2)).alerts).toEqual([
      { check: 'cpu', sentence: 'orders-api v42 at 5 %: cpu above 80 for 2 periods in a row.' },
    ]);
  });

  test('rest on periods that are whole, not on those that may still change', () => {
    const timing = { commitAfterSeconds: 180, passAfterSeconds: 120 };
    expect(checksOf(judgedBy({ latency: {} }, slow(4), { timing }))).toEqual([]);
    expect(checksOf(judgedBy({ latency: {} }, slow(5), { timing }))).toEqual(['latency']);
  });

  test('are forgotten when the value is back, and count nothing that is not there', () => {
    const policy = judgePolicy(specWith({ latency: {}, custom: [CPU_LIMITED] }), null);
    expect(foldAll(policy, slow(3)).beyond).toEqual({ 'alert:latency': 3 });
    expect(foldAll(policy, [...slow(3), ...minutes(1)]).beyond).toEqual({ 'alert:latency': 3 });
    const back = withValue(LATENCY_PERCENTILE, 11, (minute) => (minute >= 7 && minute < 10 ? 640 : 210));
    expect(foldAll(policy, back).beyond).toEqual({});
  });
});
