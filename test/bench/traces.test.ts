import { describe, expect, it } from 'vitest';
import { bucketShares, edgeAt, expectedQuantile } from '../../bench/judge/traces/latency.ts';
import { type Trace, traceOf } from '../../bench/judge/traces/rollout.ts';
import { type Harm, type Scenario, USUAL } from '../../bench/judge/traces/scenario.ts';
import { CHECKOUT, SEARCH } from '../../bench/judge/traces/services.ts';
import type { PeriodMessage, Row } from '../../src/replay/line-protocol.ts';

const ROLLOUTS = 40;

function scenario(given: Partial<Scenario>): Scenario {
  return {
    ...USUAL,
    name: 'sample',
    class: 'healthy',
    group: 'sample',
    says: 'sample',
    rollouts: ROLLOUTS,
    service: CHECKOUT,
    ...given,
  };
}

function tracesOf(given: Partial<Scenario>): readonly Trace[] {
  return Array.from({ length: ROLLOUTS }, (_, i) => traceOf(scenario(given), 5, i));
}

type Side = 'stable' | 'canary';

function total(
  traces: readonly Trace[],
  side: Side,
  count: (row: Row) => number,
  isWanted: (period: PeriodMessage) => boolean = () => true,
): number {
  return traces
    .flatMap(({ periods }) => periods)
    .filter(isWanted)
    .reduce((sum, period) => sum + (period[side] === null ? 0 : count(period[side])), 0);
}

const requests = (row: Row) => row.requests;
const errors = (row: Row) => row.errors;
const shareOf = (traces: readonly Trace[], side: Side, count: (row: Row) => number) =>
  total(traces, side, count) / total(traces, side, requests);
const badOf = ({ truth }: Trace) => truth.bad.reduce((sum, count) => sum + count, 0);
/** Relative difference. */
const off = (value: number, expected: number) => Math.abs(value / expected - 1);

describe('a trace', () => {
  it('is the same for the same seed, and another for another rollout or seed', () => {
    const given = scenario({
      harm: [{ kind: 'errors', toShare: 0.02, fromMinute: [3, 20] }],
      missingShare: 0.1,
    });
    expect(traceOf(given, 5, 2)).toEqual(traceOf(given, 5, 2));
    expect(traceOf(given, 5, 2).periods).not.toEqual(traceOf(given, 5, 3).periods);
    expect(traceOf(given, 5, 2).periods).not.toEqual(traceOf(given, 6, 2).periods);
  });

  it('splits requests by the weight, and treats both versions alike', () => {
    const traces = tracesOf({});
    for (const weight of [0.05, 0.25, 0.5, 0.95]) {
      const here = (period: PeriodMessage) => period.weight === weight;
      const canary = total(traces, 'canary', requests, here);
      const stable = total(traces, 'stable', requests, here);
      expect(off(canary / (canary + stable), weight)).toBeLessThan(0.01);
    }
    // about 2,000 errors a side
    expect(off(shareOf(traces, 'canary', errors), CHECKOUT.errorShare)).toBeLessThan(0.12);
    expect(off(shareOf(traces, 'stable', errors), CHECKOUT.errorShare)).toBeLessThan(0.12);
    for (const side of ['stable', 'canary'] as const) {
      const conversions = shareOf(traces, side, (row) => row.conversions ?? 0);
      expect(off(conversions, CHECKOUT.conversionShare ?? 0)).toBeLessThan(0.02);
    }
    const slow = (row: Row) => row.hist?.slice(edgeAt(300)).reduce((sum, count) => sum + count, 0) ?? 0;
    expect(off(shareOf(traces, 'canary', slow), shareOf(traces, 'stable', slow))).toBeLessThan(0.05);
  });

  it('has nothing bad where nothing is wrong', () => {
    for (const { truth } of tracesOf({ client: [20, 95], warmUp: null })) {
      expect(truth.onsetSec).toBeNull();
      expect(truth.bad.every((count) => count === 0)).toBe(true);
    }
  });
});

describe('harm', () => {
  const late: readonly Harm[] = [{ kind: 'errors', toShare: 0.05, fromMinute: [12, 30] }];

  it('begins where the truth says so', () => {
    for (const { truth, start } of tracesOf({ harm: late })) {
      const onset = truth.onsetSec ?? -1;
      expect(onset).toBeGreaterThanOrEqual(12 * 60);
      expect(onset).toBeLessThanOrEqual(30 * 60);
      const before = truth.bad.slice(0, onset / start.periodSec);
      expect(before.every((count) => count === 0)).toBe(true);
    }
  });

  it('of errors is in the rows, at the wanted rate', () => {
    const traces = tracesOf({ harm: [{ kind: 'errors', toShare: 0.05 }] });
    expect(off(shareOf(traces, 'canary', errors), 0.05)).toBeLessThan(0.03);
    expect(off(shareOf(traces, 'stable', errors), CHECKOUT.errorShare)).toBeLessThan(0.12);
    for (const { periods, truth } of traces) {
      for (const [i, { canary }] of periods.entries()) {
        expect(truth.bad[i]).toBeLessThanOrEqual(canary?.errors ?? 0);
      }
    }
    const bad = traces.reduce((sum, trace) => sum + badOf(trace), 0);
    const usual = total(traces, 'canary', requests) * CHECKOUT.errorShare;
    expect(off(bad + usual, total(traces, 'canary', errors))).toBeLessThan(0.02);
  });

  it.each([
    ['at a weight', { fromWeightPercent: 50 }, (period: PeriodMessage) => period.weight >= 0.5],
    ['in each third minute', { everyMinutes: 3 }, (period: PeriodMessage) => (period.t / 60) % 3 === 0],
  ])('%s acts there only', (_what, when, isThere) => {
    const traces = tracesOf({ harm: [{ kind: 'errors', toShare: 0.2, ...when }] });
    for (const { periods, truth } of traces) {
      for (const [i, period] of periods.entries()) {
        if (!isThere(period)) expect(truth.bad[i]).toBe(0);
      }
    }
    const there = total(traces, 'canary', errors, isThere) / total(traces, 'canary', requests, isThere);
    expect(off(there, 0.2)).toBeLessThan(0.03);
  });

  it('ramps up to its full size', () => {
    const traces = tracesOf({ harm: [{ kind: 'errors', toShare: 0.2, rampMinutes: 30 }] });
    const rateAt = (minute: number) => {
      const here = (period: PeriodMessage) => period.t === minute * 60;
      return total(traces, 'canary', errors, here) / total(traces, 'canary', requests, here);
    };
    expect(off(rateAt(14), 0.1)).toBeLessThan(0.1);
    expect(off(rateAt(35), 0.2)).toBeLessThan(0.1);
  });

  it.each([
    ['latency', [{ kind: 'latency', factor: 2, ofShare: 1 }]],
    ['a thin tail', [{ kind: 'tail', addedMs: 5000, ofShare: 0.02 }]],
  ] as const)('of %s counts the requests above the usual p95', (_what, harm) => {
    const traces = tracesOf({ harm, service: SEARCH, noise: { ...USUAL.noise, latencyDriftSd: 0 } });
    // every rollout has its own speed, so the rows are compared at its own p95
    let excess = 0;
    let bad = 0;
    for (const trace of traces) {
      const usualP95 = expectedQuantile(bucketShares(SEARCH.latency), 0.95);
      const speed =
        (trace.start.policy.p99MaxMs ?? 0) / 2 / expectedQuantile(bucketShares(SEARCH.latency), 0.99);
      const edge = edgeAt(usualP95 * speed);
      const slow = (row: Row) => row.hist?.slice(edge + 1).reduce((sum, count) => sum + count, 0) ?? 0;
      const expected = shareOf([trace], 'stable', slow) * total([trace], 'canary', requests);
      excess += total([trace], 'canary', slow) - expected;
      bad += badOf(trace);
    }
    expect(off(bad, excess)).toBeLessThan(0.1);
  });

  it('of the KPI counts the lost conversions', () => {
    const traces = tracesOf({ harm: [{ kind: 'kpi', lostShare: 0.3 }] });
    const conversions = (row: Row) => row.conversions ?? 0;
    expect(
      off(shareOf(traces, 'canary', conversions), 0.7 * shareOf(traces, 'stable', conversions)),
    ).toBeLessThan(0.03);
    const bad = traces.reduce((sum, trace) => sum + badOf(trace), 0);
    expect(off(bad, 0.3 * 0.04 * total(traces, 'canary', requests))).toBeLessThan(0.03);
  });

  it('of silence takes all requests and every report', () => {
    const traces = tracesOf({ harm: [{ kind: 'silence', fromMinute: [20, 20] }] });
    for (const { periods, truth } of traces) {
      for (const [i, { t, canary, stable }] of periods.entries()) {
        expect(canary === null).toBe(t >= 1200);
        expect(stable).not.toBeNull();
        expect((truth.bad[i] ?? 0) > 0).toBe(t >= 1200);
      }
    }
  });
});

describe('disturbances', () => {
  it('hit both versions in an incident', () => {
    const traces = tracesOf({
      incident: { minutes: [3, 12], startPart: [0.02, 0.9], errorShare: 0.25, latencyFactor: 3 },
    });
    for (const { periods, truth } of traces) {
      const isHit = (row: Row | null) => row !== null && row.errors / row.requests > 0.1;
      const hit = periods.filter(({ canary, stable }) => isHit(canary) && isHit(stable)).length;
      expect(hit).toBeGreaterThanOrEqual(3);
      expect(hit).toBeLessThanOrEqual(14);
      expect(periods.filter(({ canary, stable }) => isHit(canary) !== isHit(stable))).toHaveLength(0);
      expect(truth.bad.every((count) => count === 0)).toBe(true);
    }
  });

  it('count cold starts only where somebody counts them, and let them fall to none', () => {
    const warmUp = { share: 0.3, minutes: 4, addedMs: 900, isCounted: true };
    const counted = tracesOf({ warmUp });
    const cold = (row: Row) => row.coldStarts ?? 0;
    const first = (period: PeriodMessage) => period.t % 600 === 0;
    const rate = total(counted, 'canary', cold, first) / total(counted, 'canary', requests, first);
    expect(off(rate, 0.3)).toBeLessThan(0.03);
    expect(total(counted, 'canary', cold, ({ t }) => t % 600 >= 240)).toBe(0);
    for (const { periods } of tracesOf({ warmUp: { ...warmUp, isCounted: false } })) {
      expect(periods.every(({ canary }) => canary?.coldStarts === undefined)).toBe(true);
    }
  });

  it('are one period of one client', () => {
    for (const { periods } of tracesOf({ client: [60, 95] })) {
      expect(periods.filter(({ canary }) => (canary?.errors ?? 0) >= 60)).toHaveLength(1);
    }
  });

  it('lose as many periods as wanted', () => {
    const traces = tracesOf({ missingShare: 0.12 });
    const periods = traces.flatMap((trace) => trace.periods);
    for (const side of ['stable', 'canary'] as const) {
      const missing = periods.filter((period) => period[side] === null).length / periods.length;
      expect(Math.abs(missing - 0.12)).toBeLessThan(0.04);
    }
  });
});
