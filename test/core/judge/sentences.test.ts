// The one sentence that a person reads, for every kind of stream and every reason to wait.
import { describe, expect, test } from 'vitest';
import { initialJudgeState, type JudgeInput } from '../../../src/core/judge/judge.ts';
import { LATENCY_P90, LATENCY_PERCENTILE } from '../../../src/core/judge/measures.ts';
import { judgePolicy } from '../../../src/core/judge/policy.ts';
import type { Period } from '../../../src/core/judge/types.ts';
import { counts } from '../../support/rollout-fixtures.ts';
import { AT_ONCE, hourBefore, minutes, verdictOn } from './judging.ts';
import { START_MS } from './simulated-rollout.ts';
import { BASELINE, CONVERSION, CPU, RENDERING, specWith } from './specs.ts';

const ERRORS_ALONE = judgePolicy(specWith(), null);
const NAMES = { service: 'orders-api', canaryVersion: '42', weightPercent: 5, startedAtMs: START_MS };

function sentence(window: readonly Period[], changes: Partial<JudgeInput> = {}): string {
  return verdictOn(window, { policy: ERRORS_ALONE, timing: AT_ONCE, ...changes }).reason.sentence;
}

/** Healthy minutes, then those that are told of. */
function quietThen(quiet: number, count: number, then: Partial<Period>): readonly Period[] {
  return minutes(quiet + count, (minute) => (minute < quiet ? {} : then));
}

describe('rolled back because of', () => {
  test('errors beside stable', () => {
    expect(sentence(quietThen(6, 3, { canary: counts(300, 12) }))).toMatchInlineSnapshot(
      `"Rolled back orders-api v42 at 5 % after 9 min: 36 of 900 canary requests failed in the last 3 min (4 %) against 0.0526 % on stable (allowed: 0.1 %); less than 1 in 100 chance of this if v42 were within tolerance."`,
    );
  });

  test('errors above the limit, without a control', () => {
    const alone = minutes(4, { weightPercent: 100, stable: null, canary: counts(6000, 240) });
    expect(sentence(alone, { names: { ...NAMES, weightPercent: 100 } })).toMatchInlineSnapshot(
      `"Rolled back orders-api v42 at 100 % after 4 min: 960 of 24,000 canary requests failed in the last 4 min (4 %, limit: 1 %); less than 1 in 100 chance of this if v42 were within tolerance."`,
    );
  });

  test('slow requests', () => {
    const policy = judgePolicy(specWith({ latency: {} }), BASELINE);
    const measured = (slow: number, requests: number, p95Ms: number) =>
      counts(requests, 0, {
        shares: { [LATENCY_P90]: [requests, slow] },
        values: { [LATENCY_PERCENTILE]: p95Ms },
      });
    const window = minutes(9, (minute) => ({
      stable: measured(570, 5700, 180),
      canary: minute < 6 ? measured(12, 300, 181) : measured(150, 300, 402),
    }));
    expect(sentence(window, { policy })).toMatchInlineSnapshot(
      `"Rolled back orders-api v42 at 5 % after 9 min: response time (p95) 255 ms against 180 ms on stable; 450 of 900 canary requests took longer than 174 ms in the last 3 min (50 %) against 10 % of stable longer than 139 ms (allowed: 11 %); less than 1 in 100 chance of this if v42 were within tolerance."`,
    );
  });

  test('a percentile, where nothing is counted', () => {
    const policy = judgePolicy(specWith({ latency: {} }), { ...BASELINE, isCounted: false });
    const window = minutes(25, {
      stable: counts(5700, 3, { values: { [LATENCY_PERCENTILE]: 180 } }),
      canary: counts(300, 0, { values: { [LATENCY_PERCENTILE]: 402 } }),
    });
    expect(sentence(window, { policy })).toMatchInlineSnapshot(
      `"Rolled back orders-api v42 at 5 % after 25 min: response time (p95) 402 ms against 180 ms on stable; p95 was above 1.25 times stable's in 20 of 20 periods; less than 1 in 100 chance of this if v42 were within tolerance."`,
    );
  });

  test('a value of the team’s own', () => {
    const policy = judgePolicy(specWith({ custom: [RENDERING] }), null);
    const window = minutes(16, {
      stable: counts(5700, 3, { values: { rendering: 90 } }),
      canary: counts(300, 0, { values: { rendering: 140 } }),
    });
    expect(sentence(window, { policy })).toMatchInlineSnapshot(
      `"Rolled back orders-api v42 at 5 % after 16 min: rendering 140 against 90 on stable; rendering was above 1.1 times stable's in 16 of 16 periods; less than 1 in 100 chance of this if v42 were within tolerance."`,
    );
  });

  test('lost conversions', () => {
    const policy = judgePolicy(specWith({ custom: [CONVERSION] }), null);
    const window = minutes(12, {
      stable: counts(57_000, 3, { shares: { conversion: [57_000, 1824] } }),
      canary: counts(3000, 0, { shares: { conversion: [3000, 48] } }),
    });
    expect(sentence(window, { policy })).toMatchInlineSnapshot(
      `"Rolled back orders-api v42 at 5 % after 12 min: 576 of 36,000 canary requests count for conversion in the last 12 min (1.6 %) against 3.2 % on stable (allowed: at least 3.04 %); less than 1 in 100 chance of this if v42 were within tolerance."`,
    );
  });

  test('silence', () => {
    expect(sentence(quietThen(2, 6, { canary: null }))).toMatchInlineSnapshot(
      `"Rolled back orders-api v42 at 5 % after 8 min: stable served 34,200 requests and the canary, which was due about 1,800, reported none; less than 1 in 100 chance of this if v42 were within tolerance."`,
    );
  });

  test('a gauge that may not be over its limit', () => {
    const policy = judgePolicy(specWith({ custom: [{ ...CPU, limit: 80, onLimit: 'rollback' }] }), null);
    const window = minutes(8, {
      stable: counts(5700, 3, { values: { cpu: 45 } }),
      canary: counts(300, 0, { values: { cpu: 91.5 } }),
    });
    expect(sentence(window, { policy })).toMatchInlineSnapshot(
      `"Rolled back orders-api v42 at 5 % after 8 min: cpu was above 80 for 8 periods in a row (on average 91.5 against 45 on stable)."`,
    );
  });

  test('an alarm', () => {
    const alarms = [
      { name: 'Orders5xx', state: 'ALARM', reason: 'Threshold crossed: 3 points', updatedAtMs: null },
      { name: 'OrdersSlow', state: 'ALARM', reason: '', updatedAtMs: null },
    ] as const;
    expect(sentence(minutes(7), { alarms })).toMatchInlineSnapshot(
      `"Rolled back orders-api v42 at 5 % after 7 min: alarm Orders5xx and 1 more fires: Threshold crossed: 3 points."`,
    );
  });
});

describe('holding because of', () => {
  test('errors that could be chance', () => {
    const window = minutes(3, (minute) => ({ canary: counts(300, minute + 1) }));
    expect(sentence(window)).toMatchInlineSnapshot(
      `"Holding orders-api v42 at 5 % after 3 min: 6 of 900 canary requests failed in the last 3 min (0.667 %) against 0.0526 % on stable (allowed: 0.1 %), which looks worse but could be chance; about 600 more requests decide it."`,
    );
  });

  test('a gauge off stable’s band', () => {
    const policy = judgePolicy(specWith({ custom: [CPU] }), null);
    const values = (cpu: number) => ({ values: { cpu } });
    const history = hourBefore(counts(6000, 3, values(45))).map((period, i) => ({
      ...period,
      stable: counts(6000, 3, values(45 + (i % 2))),
    }));
    const window = minutes(8, {
      stable: counts(5700, 3, values(45)),
      canary: counts(300, 0, values(62)),
    });
    const state = initialJudgeState(policy, { history, latency: null }, START_MS);
    expect(sentence(window, { policy, state })).toMatchInlineSnapshot(
      `"Holding orders-api v42 at 5 % after 8 min: cpu was above stable's usual band for 8 periods in a row (on average 62 against 45 on stable)."`,
    );
  });

  test('throttled requests', () => {
    const policy = judgePolicy(specWith({ throttlesLimitPercent: 1 }), null);
    const window = minutes(8, { canary: counts(300, 0, { values: { throttles: 2.5 } }) });
    expect(sentence(window, { policy })).toMatchInlineSnapshot(
      `"Holding orders-api v42 at 5 % after 8 min: throttled requests was above 1 % for 8 periods in a row."`,
    );
  });

  test('an alarm that nobody knows', () => {
    const alarms = [{ name: 'Orders5xx', state: 'MISSING', reason: '', updatedAtMs: null }] as const;
    expect(sentence(minutes(7), { alarms })).toMatchInlineSnapshot(
      `"Holding orders-api v42 at 5 % after 7 min: alarm Orders5xx does not exist."`,
    );
  });

  test('too few requests', () => {
    const thin = { stable: counts(19, 0), canary: counts(1, 0) };
    expect(sentence(minutes(29, thin))).toMatchInlineSnapshot(
      `"Holding orders-api v42 at 5 % after 29 min: 29 canary requests, too few to exclude an error rate above 4 %; about 94 more decide it."`,
    );
  });

  test('missing reports', () => {
    expect(sentence(quietThen(3, 4, { stable: null, canary: null }))).toMatchInlineSnapshot(
      `"Holding orders-api v42 at 5 % after 7 min: no report of both versions for 4 min, and no data is never success."`,
    );
  });

  test('latency that nobody measured', () => {
    const policy = judgePolicy(specWith({ latency: {} }), BASELINE);
    expect(sentence(minutes(9), { policy })).toMatchInlineSnapshot(
      `"Holding orders-api v42 at 5 % after 9 min: latency is to be judged and most canary requests have no latency metric."`,
    );
  });
});

test('passing says what is excluded', () => {
  expect(sentence(minutes(7))).toMatchInlineSnapshot(
    `"No harm seen in orders-api v42 at 5 % after 7 min: 0 of 2,100 canary requests failed (0 %) against 0.0526 % on stable (allowed: 0.1 %); an error rate above 4 % is excluded."`,
  );
});

test('not knowing for too long says so in the same words', () => {
  const stage = { enteredAtMs: START_MS, bakeSeconds: 600, maxHoldSeconds: 600 };
  const thin = minutes(29, { stable: counts(19, 0), canary: counts(1, 0) });
  expect(sentence(thin, { stage })).toMatchInlineSnapshot(
    `"No verdict on orders-api v42 at 5 % after 29 min: 29 canary requests, too few to exclude an error rate above 4 %; about 94 more decide it."`,
  );
});
