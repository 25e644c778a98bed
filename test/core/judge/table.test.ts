// The side-by-side table: what a person should do about each row, and how many requests it takes to tell.
import { describe, expect, test } from 'vitest';
import { judge } from '../../../src/core/judge/judge.ts';
import { LATENCY_PERCENTILE } from '../../../src/core/judge/measures.ts';
import { judgePolicy } from '../../../src/core/judge/policy.ts';
import type { AlarmReading, Counts, Period } from '../../../src/core/judge/types.ts';
import type { CheckReading } from '../../../src/core/verdict.ts';
import { counts } from '../../support/rollout-fixtures.ts';
import { AT_ONCE, inputAt, minutes, verdictOn } from './judging.ts';
import { BASELINE, CONVERSION, CPU, RENDERING, specWith } from './specs.ts';

/** What one version did, in shares of its requests and in values. */
interface Side {
  readonly errors: number;
  readonly conversion: number;
  readonly p95Ms: number;
  readonly cpu: number;
}

const STABLE: Side = { errors: 0.0005, conversion: 0.032, p95Ms: 150, cpu: 45 };
const CANARY: Side = { errors: 0.0008, conversion: 0.029, p95Ms: 195, cpu: 47 };

/** Whole counts that add up to the share over 20 periods, as evenly as they can. */
function part(share: number, requests: number, minute: number): number {
  return Math.round(share * requests * (minute + 1)) - Math.round(share * requests * minute);
}

function sideAt(side: Side, requests: number, minute: number): Counts {
  return counts(requests, part(side.errors, requests, minute), {
    shares: { conversion: [requests, part(side.conversion, requests, minute)] },
    values: { [LATENCY_PERCENTILE]: side.p95Ms, cpu: side.cpu },
  });
}

const policy = judgePolicy(
  specWith({ stages: [50], bakeMinutes: 20, latency: {}, custom: [CONVERSION, CPU] }),
  BASELINE,
);

/** The table after 20 periods of one stage, with so many requests of each version in all. */
function tableOf(requests: number, canary: Side = CANARY): readonly CheckReading[] {
  const window = minutes(20, (minute) => ({
    weightPercent: 50,
    stable: sideAt(STABLE, requests / 20, minute),
    canary: sideAt(canary, requests / 20, minute),
  }));
  return judge(inputAt(20, window, { policy, timing: AT_ONCE })).verdict.checks;
}

function rowOf(table: readonly CheckReading[], check: string): CheckReading {
  const found = table.find((row) => row.check === check);
  if (found === undefined) throw new Error(`no row ${check}`);
  return found;
}

const REFERENCE = [
  { check: 'latency', what: 'response time 150 to 195 ms', variancePercent: 30, action: 'investigate' },
  { check: 'errors', what: 'errors 0.05 to 0.08 %', variancePercent: 60, action: 'monitor closely' },
  { check: 'cpu', what: 'CPU 45 to 47 %', variancePercent: 4.444, action: 'acceptable' },
  {
    check: 'conversion',
    what: 'conversion 3.2 to 2.9 %',
    variancePercent: -9.375,
    action: 'consider rollback',
  },
] as const;

describe('the four rows that everybody agrees on, at a million requests of each version', () => {
  test.each(REFERENCE)('$what is «$action»', ({ check, variancePercent, action }) => {
    const row = rowOf(tableOf(1_000_000), check);
    expect(row).toMatchObject({ variancePercent, action, sample: 1_000_000, stillNeeded: null });
  });

  test.each(REFERENCE)('$what cannot be told at a thousandth of that', ({ check }) => {
    const row = rowOf(tableOf(1000), check);
    expect(row).toMatchObject({ sample: 1000, action: 'cannot tell yet' });
    expect(row.stillNeeded ?? 1).toBeGreaterThan(0);
  });

  test.each(['errors', 'latency', 'conversion', 'cpu'])(
    'of two equal versions the row %s is acceptable',
    (check) => {
      expect(rowOf(tableOf(1_000_000, STABLE), check)).toMatchObject({
        variancePercent: 0,
        action: 'acceptable',
      });
    },
  );

  test('the number still needed is about enough, and half of it is not', () => {
    // canary against the tolerance, not against chance: a rate right at it can never be told
    for (const check of ['errors', 'conversion', 'latency']) {
      const { stillNeeded } = rowOf(tableOf(20_000), check);
      if (stillNeeded === null) continue;
      const more = Math.ceil((20_000 + 1.3 * stillNeeded) / 2000) * 2000;
      const fewer = Math.ceil((20_000 + 0.5 * stillNeeded) / 2000) * 2000;
      expect([check, rowOf(tableOf(more), check).action]).not.toEqual([check, 'cannot tell yet']);
      expect([check, rowOf(tableOf(fewer), check).action]).toEqual([check, 'cannot tell yet']);
    }
  });
});

describe('a row', () => {
  test('names the e-value of its check and of every stream behind it', () => {
    const row = rowOf(tableOf(1_000_000), 'latency');
    expect(Object.keys(row.streams)).toEqual(['latency-p50', 'latency-p90', 'latency-p99', 'latency-tail']);
    expect(row.evidence).not.toBeNull();
    expect(rowOf(tableOf(1_000_000), 'cpu')).toMatchObject({ evidence: null, streams: {} });
  });

  test('of proven harm says consider rollback', () => {
    const table = tableOf(1_000_000, { ...CANARY, errors: 0.01 });
    expect(rowOf(table, 'errors')).toMatchObject({
      canary: 1,
      stable: 0.05,
      limit: 0.1,
      action: 'consider rollback',
    });
  });

  test('of a far slower canary says consider rollback, not first investigate', () => {
    expect(rowOf(tableOf(1_000_000, { ...CANARY, p95Ms: 300 }), 'latency').action).toBe('consider rollback');
  });

  test('of a value of the team’s own has its own words', () => {
    const own = judgePolicy(specWith({ custom: [RENDERING] }), null);
    const window = minutes(10, {
      stable: counts(5700, 3, { values: { rendering: 100 } }),
      canary: counts(30_000, 0, { values: { rendering: 200 } }),
    });
    const row = rowOf(verdictOn(window, { policy: own, timing: AT_ONCE }).checks, 'rendering');
    expect(row).toMatchObject({
      label: 'rendering',
      stable: 100,
      canary: 200,
      limit: 110,
      variancePercent: 100,
    });
    expect(row.action).toBe('consider rollback');
  });

  test('of a value leaves out the periods in which a side had none, or 0', () => {
    const window = minutes(12, (minute) => ({
      stable: counts(5700, 3, { values: { [LATENCY_PERCENTILE]: minute === 3 ? 0 : 150 } }),
      canary: counts(300, 0, { values: minute === 5 ? {} : { [LATENCY_PERCENTILE]: 160 } }),
    }));
    const { checks } = verdictOn(window, { policy, timing: AT_ONCE });
    expect(rowOf(checks, 'latency')).toMatchObject({ stable: 150, canary: 160 });
  });

  test('covers the present weight only', () => {
    const window = minutes(20, (minute) => ({
      weightPercent: minute < 10 ? 5 : 25,
      canary: counts(300, minute < 10 ? 1 : 0),
    }));
    expect(rowOf(verdictOn(window, { timing: AT_ONCE }).checks, 'errors')).toMatchObject({
      canary: 0,
      sample: 3000,
    });
  });
});

test('the period in which the first shift fell belongs to the first stage', () => {
  const window = minutes(9, (minute) => ({ weightPercent: minute === 0 ? 0 : 5 }));
  expect(rowOf(verdictOn(window, { timing: AT_ONCE }).checks, 'errors').sample).toBe(2700);
});

describe('the table', () => {
  const alarm = (name: string, state: AlarmReading['state']): AlarmReading => ({
    name,
    state,
    reason: '',
    updatedAtMs: null,
  });

  test('has errors first, then latency, rates, gauges, silence and alarms', () => {
    const silent: readonly Period[] = minutes(6, (minute) => ({
      stable: sideAt(STABLE, 5700, minute),
      canary: minute < 2 ? sideAt(CANARY, 300, minute) : null,
    }));
    const { checks } = verdictOn(silent, { policy, timing: AT_ONCE, alarms: [alarm('Orders5xx', 'OK')] });
    expect(checks.map(({ check }) => check)).toEqual([
      'errors',
      'latency',
      'conversion',
      'cpu',
      'silence',
      'alarms',
    ]);
  });

  test('counts alarms that fire and those that nobody knows', () => {
    const alarms = [alarm('A', 'ALARM'), alarm('B', 'OK'), alarm('C', 'INSUFFICIENT_DATA')];
    expect(rowOf(verdictOn(minutes(9), { alarms }).checks, 'alarms')).toMatchObject({
      label: 'alarms firing (1 unknown)',
      unit: 'of 3',
      canary: 1,
      action: 'consider rollback',
    });
  });

  test('is there before anything was seen', () => {
    const { checks } = judge(inputAt(1, [], { policy })).verdict;
    expect(checks.map(({ check, action }) => [check, action])).toEqual([
      ['errors', 'cannot tell yet'],
      ['latency', 'cannot tell yet'],
      ['conversion', 'cannot tell yet'],
    ]);
  });
});
