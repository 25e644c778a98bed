import { describe, expect, it } from 'vitest';
import { argoRollouts } from '../../bench/judge/peers/argo.ts';
import { codeDeployErrors, codeDeployRate } from '../../bench/judge/peers/codedeploy.ts';
import { flagger } from '../../bench/judge/peers/flagger.ts';
import { kayenta } from '../../bench/judge/peers/kayenta.ts';
import type { Row } from '../../src/replay/line-protocol.ts';
import { canaries, type Pair, rollbackAt, row } from './peer-traces.ts';

const SLOW = { hist: [0, 0, 0, 1000, 0], p50: 560, p95: 760, p99: 790 };
const ROWS: Readonly<Record<string, Row | null>> = {
  /** Fine. */
  o: row(1000, 0),
  /** One error, far below the limit of 1 %. */
  e: row(1000, 1),
  /** 5 % errors. */
  F: row(1000, 50),
  /** 8 % errors. */
  G: row(1000, 80),
  /** Slow. */
  S: row(1000, 0, SLOW),
  /** One of 20 failed: above the limit, and only one. */
  t: row(20, 1),
  /** No requests. */
  '0': row(0, 0),
  /** No data. */
  '-': null,
};

describe('CodeDeploy, errors > 0', () => {
  it.each([
    ['oooo', null],
    ['oeoeo', null],
    ['oeeo', 3],
    ['SSSS', null],
    ['e-e', null],
    ['tt', 2],
  ])('%s → %s', (letters, expected) => {
    expect(rollbackAt(codeDeployErrors(), canaries(letters, ROWS))).toBe(expected);
  });
});

describe('CodeDeploy, rate and p99 in 2 of 3', () => {
  it.each([
    ['eeee', null],
    ['FooF', null],
    ['FoF', 3],
    ['FF', 2],
    ['SoS', 3],
    // two alarms of their own: one minute of each is no alarm
    ['FSoo', null],
    ['F-F', 3],
    ['tt', 2],
    ['0000', null],
  ])('%s → %s', (letters, expected) => {
    expect(rollbackAt(codeDeployRate(), canaries(letters, ROWS))).toBe(expected);
  });

  it.each([
    ['tttt', null],
    ['FF', 2],
  ])('with a minimum of 100 requests: %s → %s', (letters, expected) => {
    expect(rollbackAt(codeDeployRate(100), canaries(letters, ROWS))).toBe(expected);
  });

  it('takes a limit as allowed', () => {
    const atLimit = canaries('xx', { x: row(1000, 10, { p99: 500 }) });
    expect(rollbackAt(codeDeployRate(), atLimit)).toBeNull();
  });

  it('joins periods of 10 s to minutes', () => {
    const periods: readonly Pair[] = Array.from({ length: 18 }, (_, i) => ({
      canary: row(100, i % 6 === 0 ? 50 : 0),
    }));
    expect(rollbackAt(codeDeployRate(), periods, { periodSec: 10 })).toBe(12);
    expect(rollbackAt(codeDeployErrors(), periods, { periodSec: 10 })).toBe(12);
  });
});

describe('Flagger, threshold 5', () => {
  it.each([
    ['eeeeeeeee', null],
    // the fifth failed check, and the tick after it
    ['FFFFFo', 6],
    ['FFFFooo', null],
    // nothing takes a failed check off
    ['FoFoFoFoFoo', 10],
    ['SSFF-o', 6],
    ['-----o', 6],
    ['00000o', 6],
    // the last check failed, so there is no promotion
    ['oooFFFFF', 'end'],
  ])('%s → %s', (letters, expected) => {
    expect(rollbackAt(flagger(), canaries(letters, ROWS))).toBe(expected);
  });

  it('looks once a period where periods are longer than a minute', () => {
    expect(rollbackAt(flagger(), canaries('FFFFFF', ROWS), { periodSec: 300 })).toBe(6);
  });
});

describe('Argo Rollouts, failureLimit 3', () => {
  it.each([
    ['eeeeeeee', null],
    ['FFFF', 4],
    // one bad minute stays in the window of five, and the fourth failed measurement ends it
    ['oGooooo', 5],
    // … unless the minutes around it dilute it
    ['oFooooo', 'never'],
    ['SSSS', 4],
    // no result five times in a row: more than the limit of 4
    ['-----', 5],
    // the window of five minutes still has requests for four more measurements
    ['o--------', 'never'],
    ['o---------', 10],
  ])('%s → %s', (letters, expected) => {
    expect(rollbackAt(argoRollouts(), canaries(letters, ROWS)) ?? 'never').toBe(expected ?? 'never');
  });

  it('counts the failures of each metric for itself', () => {
    // failed measurements 1 to 3 for errors, 7 to 9 for p99: six together, three of each
    const apart = canaries('GoooooSoo', { ...ROWS, G: row(1000, 35) });
    expect(rollbackAt(argoRollouts(3), apart)).toBeNull();
    expect(rollbackAt(argoRollouts(2), apart)).toBe(3);
  });

  it('weighs minutes by their requests', () => {
    const thin = canaries('tooooooo', ROWS);
    expect(rollbackAt(argoRollouts(), thin)).toBeNull();
  });
});

describe('Kayenta', () => {
  /** Both versions vary a little from minute to minute, as measured values do. */
  const minutes = (count: number, canary: (i: number) => Row | null): readonly Pair[] =>
    Array.from({ length: count }, (_, i) => ({
      canary: canary(i),
      stable: row(1000, 10 + (i % 3), { p95: 190 + (i % 4), conversions: 100 + (i % 5) }),
    }));
  const same = (i: number) =>
    row(1000, 10 + ((i + 1) % 3), { p95: 190 + ((i + 2) % 4), conversions: 100 + (i % 5) });

  it('lets equals pass', () => {
    expect(rollbackAt(kayenta(1), minutes(20, same))).toBeNull();
  });

  it.each([
    ['more errors', (i: number) => ({ ...same(i), errors: 40 })],
    ['a slower p95', (i: number) => ({ ...same(i), p95: 230 })],
    ['fewer conversions', (i: number) => ({ ...same(i), conversions: 60 })],
    ['no data of the canary', () => null],
  ])('finds %s at the first look', (_what, canary) => {
    expect(rollbackAt(kayenta(1), minutes(20, canary))).toBe(5);
    expect(rollbackAt(kayenta(10), minutes(20, canary))).toBe(10);
  });

  it.each([
    ['fewer errors', (i: number) => ({ ...same(i), errors: 1 })],
    ['a faster p95', (i: number) => ({ ...same(i), p95: 120 })],
    ['more conversions', (i: number) => ({ ...same(i), conversions: 200 })],
  ])('welcomes %s', (_what, canary) => {
    expect(rollbackAt(kayenta(1), minutes(20, canary))).toBeNull();
  });

  it('has no tolerance: a certain difference of a hundredth is enough', () => {
    expect(
      rollbackAt(
        kayenta(10),
        minutes(20, (i) => ({ ...same(i), p95: 197 })),
      ),
    ).toBe(10);
  });

  it('judges at the end what the looks left open', () => {
    expect(
      rollbackAt(
        kayenta(10),
        minutes(8, (i) => ({ ...same(i), errors: 40 })),
      ),
    ).toBe('end');
  });

  it('asks nothing about a KPI that the service does not have', () => {
    const none = ({ conversions: _, ...rest }: Row): Row => rest;
    const pairs = minutes(20, (i) => none(same(i))).map(({ canary, stable }) => ({
      canary,
      stable: none(stable ?? row(0, 0)),
    }));
    expect(rollbackAt(kayenta(1), pairs)).toBeNull();
  });

  it('is not asked where nothing is left on stable', () => {
    const alone = minutes(10, () => row(1000, 500)).map(({ canary }) => ({ canary, stable: row(0, 0) }));
    expect(rollbackAt(kayenta(1), alone, { plan: [{ weight: 1, minutes: 10 }] })).toBeNull();
  });
});

describe('every peer', () => {
  it.each([
    ['CodeDeploy', codeDeployRate()],
    ['Flagger', flagger(2)],
    ['Argo', argoRollouts(1)],
    ['Kayenta', kayenta(1)],
  ])('%s forgets a rollout at the start of the next one', (_name, judge) => {
    const bad = canaries('FFFFFFFF', ROWS);
    const first = rollbackAt(judge, bad);
    expect(first).not.toBeNull();
    expect(rollbackAt(judge, canaries('oooooooooo', ROWS))).toBeNull();
    expect(rollbackAt(judge, bad)).toBe(first);
  });

  it('uses the documented limits where an operator set none', () => {
    expect(rollbackAt(codeDeployRate(), canaries('FF', ROWS), { policy: {} })).toBe(2);
    expect(rollbackAt(codeDeployRate(), canaries('SS', ROWS), { policy: {} })).toBe(2);
    expect(rollbackAt(codeDeployRate(), canaries('ee', ROWS), { policy: {} })).toBeNull();
  });
});
