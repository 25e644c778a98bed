// What follows from what is known: the order of the reasons, the one path of not knowing, the sentences, the table.
import { describe, expect, test } from 'vitest';
import { initialJudgeState, type JudgeInput, judge } from '../../../src/core/judge/judge.ts';
import { judgePolicy } from '../../../src/core/judge/policy.ts';
import type { AlarmReading } from '../../../src/core/judge/types.ts';
import { counts } from '../../support/rollout-fixtures.ts';
import { inputAt, minutes, NOTHING_BEFORE } from './judging.ts';
import { START_MS } from './simulated-rollout.ts';
import { BASELINE, specWith } from './specs.ts';

const errorsAlone = judgePolicy(specWith(), null);

/** Errors alone judged, at the end of a minute. */
function judged({
  minute,
  window = minutes(minute),
  ...changes
}: Partial<JudgeInput> & { readonly minute: number }) {
  return judge(inputAt(minute, window, changes));
}

function alarm(state: AlarmReading['state'], reason = ''): AlarmReading {
  return { name: 'Orders5xx', state, reason, updatedAtMs: null };
}

describe('a verdict', () => {
  test('is pass on positive evidence, with the numbers and what is excluded', () => {
    const { verdict } = judged({ minute: 7 });
    expect(verdict.kind).toBe('pass');
    expect(verdict.reason).toEqual({
      check: 'errors',
      value: 0,
      limit: 0.1,
      sample: 1500,
      baseline: 0.0526316,
      windowSeconds: 300,
      sentence:
        'No harm seen in orders-api v42 at 5 % after 7 min: 0 of 1,500 canary requests failed (0 %) ' +
        'against 0.0526 % on stable (allowed: 0.1 %); an error rate above 4 % is excluded.',
    });
  });

  test('is rollback with the counts since the most likely start of harm', () => {
    const harmed = minutes(9).map((period, i) => (i < 6 ? period : { ...period, canary: counts(300, 12) }));
    const { verdict } = judged({ minute: 9, window: harmed });
    expect(verdict.kind).toBe('rollback');
    expect(verdict.reason).toMatchObject({ check: 'errors', value: 4, sample: 900, windowSeconds: 180 });
    expect(verdict.reason.sentence).toBe(
      'Rolled back orders-api v42 at 5 % after 9 min: 36 of 900 canary requests failed in the last 3 min (4 %) against 0.0526 % on ' +
        'stable (allowed: 0.1 %); less than 1 in 100 chance of this if v42 were within tolerance.',
    );
  });

  test('is hold while errors look worse but could be chance, and says how many requests decide it', () => {
    const window = minutes(3).map((period, i) => ({
      ...period,
      canary: counts(300, i + 1),
    }));
    const { verdict } = judged({ minute: 3, window });
    expect(verdict.kind).toBe('hold');
    expect(verdict.reason.sentence).toMatch(
      /^Holding orders-api v42 at 5 % after 3 min: 6 of 900 canary requests failed in the last 3 min \(0\.667 %\) .* could be chance; about \d+ more requests decide it\.$/,
    );
  });

  test('is hold while whole periods look worse, however well those look that may still change', () => {
    const window = minutes(5, (minute) =>
      minute < 3 ? { canary: counts(300, minute + 1) } : { canary: counts(3000, 0) },
    );
    const { verdict } = judged({ minute: 5, window });
    expect(verdict.kind).toBe('hold');
    expect(verdict.reason).toMatchObject({ check: 'errors', sample: 900 });
    const timing = { commitAfterSeconds: 0, passAfterSeconds: 0 };
    expect(judged({ minute: 5, window, timing }).verdict.kind).toBe('pass');
  });

  test('is one bad period away from a rollback, never at once, while that period is cheap', () => {
    const window = minutes(9).map((period, i) => (i === 8 ? { ...period, canary: counts(300, 99) } : period));
    expect(judged({ minute: 9, window }).verdict.kind).toBe('hold');
  });

  test('of an alarm in ALARM is rollback', () => {
    const { verdict } = judged({ minute: 7, alarms: [alarm('ALARM', 'Threshold crossed: 3 points')] });
    expect(verdict.kind).toBe('rollback');
    expect(verdict.reason).toMatchObject({
      check: 'alarms',
      sentence:
        'Rolled back orders-api v42 at 5 % after 7 min: alarm Orders5xx fires: Threshold crossed: 3 points.',
    });
    expect(verdict.checks.at(-1)).toMatchObject({ check: 'alarms', canary: 1, action: 'consider rollback' });
  });
});

describe('not knowing', () => {
  const causes: readonly { name: string; changes: Partial<JudgeInput>; says: RegExp }[] = [
    {
      name: 'an alarm has insufficient data',
      changes: { alarms: [alarm('INSUFFICIENT_DATA')] },
      says: /insufficient data/,
    },
    { name: 'an alarm does not exist', changes: { alarms: [alarm('MISSING')] }, says: /does not exist/ },
    { name: 'the metrics are not complete', changes: { metricsProblem: 'PartialData' }, says: /PartialData/ },
    { name: 'nothing was reported', changes: { window: [] }, says: /no data is never success/ },
    {
      name: 'neither version reports',
      changes: { window: minutes(40, { stable: null, canary: null }) },
      says: /no report of both versions for 38 min/,
    },
    {
      name: 'the canary had too few requests',
      changes: {
        window: minutes(40, {
          stable: counts(19, 0),
          canary: counts(1, 0),
        }),
      },
      says: /38 canary requests, too few to exclude an error rate above 4 %; about \d+ more decide it/,
    },
    {
      name: 'latency is to be judged and not measured',
      changes: { policy: judgePolicy(specWith({ latency: {} }), BASELINE) },
      says: /no latency metric/,
    },
  ];

  test.each(causes)('holds, then is inconclusive after the longest hold, when $name', ({ changes, says }) => {
    const base = {
      window: minutes(40),
      state: initialJudgeState(changes.policy ?? errorsAlone, NOTHING_BEFORE, START_MS),
      ...changes,
    };
    const stage = { enteredAtMs: START_MS, bakeSeconds: 600, maxHoldSeconds: 1801 };
    const held = judged({ minute: 40, ...base, stage }).verdict;
    const over = judged({ minute: 40, ...base, stage: { ...stage, maxHoldSeconds: 1800 } }).verdict;
    expect([held.kind, over.kind]).toEqual(['hold', 'inconclusive']);
    expect(held.reason.sentence).toMatch(says);
    expect(over.reason.sentence).toMatch(/^No verdict on orders-api v42 at 5 % after 40 min: /);
  });

  test('commits nothing while the metrics have a problem', () => {
    const start = initialJudgeState(errorsAlone, NOTHING_BEFORE, START_MS);
    const result = judged({ minute: 20, metricsProblem: 'PartialData', state: start });
    expect(result.committed).toEqual([]);
    expect(result.state).toBe(start);
  });

  test('of one missing period changes nothing, of the last two it holds', () => {
    const without = (gone: readonly number[]) =>
      minutes(12).map((period, i) => (gone.includes(i) ? { ...period, stable: null, canary: null } : period));
    expect(judged({ minute: 12, window: without([9]) }).verdict.kind).toBe('pass');
    expect(judged({ minute: 12, window: without([4, 5, 8]) }).verdict.kind).toBe('pass');
    expect(judged({ minute: 12, window: without([8, 9]) }).verdict.kind).toBe('hold');
  });
});
