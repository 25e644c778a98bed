import { describe, expect, it } from 'vitest';
import { LATENCY_LIMIT, type LatencyBaseline, THROTTLES } from '../../src/core/judge/measures.ts';
import type { Counts } from '../../src/core/judge/types.ts';
import type { ServiceSpec } from '../../src/core/service-spec.ts';
import type { MetricsAnswer, MetricsQuery } from '../../src/ports.ts';
import { type MetricWays, simMetrics } from '../../src/sim/sim-metrics.ts';
import type { Behaviour, VersionTruth } from '../../src/sim/traffic-behaviour.ts';
import { constantLoad } from '../../src/sim/traffic-load.ts';
import { MINUTE_MS, type TrafficModel } from '../../src/sim/traffic-model.ts';
import { metricSourceContract } from '../contracts/metric-source.contract.ts';
import { LATENCY, START_MS, simSpec, simTraffic, versionTruth } from './sim-spec.ts';

const CANARY = { version: '2', ref: '2' };
/** Long after everything of the first minutes is there to be read. */
const LATER_MS = START_MS + 20 * MINUTE_MS;
const WAYS: MetricWays = {
  visibleErrors: ({ errors }) => errors,
  httpStream: null,
  latenessSeconds: 60,
  delays: [],
  timeoutSeconds: 30,
  gaps: [],
  problems: [],
};
const BASELINE: LatencyBaseline = { p50Ms: 80, p90Ms: 187, p99Ms: 378, isCounted: true };

function halves(canary: VersionTruth, requestsPerMinute = 6000): TrafficModel {
  const traffic = simTraffic(canary, { load: constantLoad(requestsPerMinute) });
  traffic.setShares(START_MS, { stable: 50, canary: 50 });
  return traffic;
}

function canaryTraffic(behaviour: Partial<Behaviour> = {}, requestsPerMinute?: number): TrafficModel {
  return halves(versionTruth(behaviour), requestsPerMinute);
}

interface Asked extends Partial<Pick<MetricsQuery, 'canary' | 'latency' | 'periodSeconds'>> {
  readonly nowMs?: number;
  readonly minutes?: number;
  readonly checks?: Partial<ServiceSpec['checks']>;
}

function read(
  traffic: TrafficModel,
  ways: Partial<MetricWays> = {},
  { nowMs = LATER_MS, minutes = 1, checks, ...asked }: Asked = {},
): Promise<MetricsAnswer> {
  const spec = simSpec(checks);
  return simMetrics(traffic, { ...WAYS, ...ways }, () => nowMs).read({
    spec,
    target: spec.target,
    targetRoleArn: null,
    latency: BASELINE,
    stable: { version: '1', ref: '1' },
    canary: CANARY,
    fromMs: START_MS,
    toMs: START_MS + minutes * MINUTE_MS,
    periodSeconds: 60,
    ...asked,
  });
}

/** What the first minute shows of the canary. */
async function canaryOf(behaviour: Partial<Behaviour>, asked: Asked = {}): Promise<Counts> {
  const { periods } = await read(canaryTraffic(behaviour), {}, asked);
  const counts = periods[0]?.canary;
  if (!counts) throw new Error('the canary reported nothing');
  return counts;
}

metricSourceContract('the simulated metrics', {
  spec: simSpec(),
  drive: async () => {
    const reporting = { ratePercents: { conversion: 3 }, levels: { cpu: 45, basket: 20 } };
    const versions = { stable: versionTruth(reporting), canary: versionTruth(reporting) };
    const traffic = simTraffic(versions.canary, { versions });
    traffic.setShares(START_MS, { stable: 90, canary: 10 });
    const source = simMetrics(traffic, WAYS, () => LATER_MS);
    return { source, fromMs: START_MS, minutes: 10, latency: BASELINE };
  },
});

describe('the simulated metrics', () => {
  it('show a minute only after their lateness', async () => {
    const shownMs = START_MS + MINUTE_MS + 60_000;
    const early = await read(canaryTraffic(), {}, { nowMs: shownMs - 1 });
    expect(early.periods).toEqual([{ startMs: START_MS, stable: null, canary: null }]);
    const due = await read(canaryTraffic(), {}, { nowMs: shownMs });
    expect(due.periods[0]?.canary?.requests).toBeGreaterThan(2500);
  });

  it('show the minutes of a delay later than the others', async () => {
    const delay = { fromMs: START_MS, untilMs: START_MS + MINUTE_MS, latenessSeconds: 300 };
    const { periods } = await read(
      canaryTraffic(),
      { delays: [delay] },
      { nowMs: START_MS + 4 * MINUTE_MS, minutes: 2 },
    );
    expect(periods.map(({ canary }) => canary === null)).toEqual([true, false]);
  });

  it('have no data point where nothing was invoked', async () => {
    const { periods } = await read(canaryTraffic({}, 0), {}, { nowMs: START_MS + 10 * MINUTE_MS });
    expect(periods).toEqual([{ startMs: START_MS, stable: null, canary: null }]);
  });

  it('show hung requests, as errors, only once they have timed out', async () => {
    const traffic = canaryTraffic({ hangPercent: 100 });
    const before = await read(traffic, {}, { nowMs: START_MS + 2 * MINUTE_MS });
    expect(before.periods[0]?.canary).toBeNull();
    const after = await read(traffic, {}, { nowMs: START_MS + 2 * MINUTE_MS + 30_000 });
    const { requests } = traffic.minute('canary', START_MS);
    expect(after.periods[0]?.canary).toMatchObject({ requests, errors: requests });
  });

  it('leave out the minutes of a gap for the version that has it', async () => {
    const gap = { fromMs: START_MS, untilMs: START_MS + MINUTE_MS, of: 'canary' as const };
    const { periods } = await read(
      canaryTraffic(),
      { gaps: [gap] },
      { nowMs: START_MS + 10 * MINUTE_MS, minutes: 2 },
    );
    expect(periods.map(({ stable }) => stable === null)).toEqual([false, false]);
    expect(periods.map(({ canary }) => canary === null)).toEqual([true, false]);
  });

  it('say why an answer is worth nothing', async () => {
    const nowMs = START_MS + 10 * MINUTE_MS;
    const window = { fromMs: nowMs, untilMs: nowMs + 1 };
    const forbidden = await read(
      canaryTraffic(),
      { problems: [{ ...window, status: 'Forbidden' }] },
      { nowMs },
    );
    expect(forbidden.problem).toContain('Forbidden');
    expect(forbidden.periods[0]?.stable).toBeNull();
    const partial = await read(
      canaryTraffic(),
      { problems: [{ ...window, status: 'PartialData' }] },
      { nowMs },
    );
    expect(partial.problem).toContain('PartialData');
    expect(partial.periods[0]?.stable).not.toBeNull();
  });

  it.each([
    ['reports', true],
    ['silent', false],
    [null, null],
  ] as const)('tell of an HTTP-status stream that is %s: %s', async (httpStream, isHttpStreamAlive) => {
    const nowMs = START_MS + 10 * MINUTE_MS;
    expect(await read(canaryTraffic(), { httpStream }, { nowMs })).toMatchObject({ isHttpStreamAlive });
    const quiet = await read(canaryTraffic({}, 0), { httpStream }, { nowMs });
    expect(quiet.isHttpStreamAlive).toBeNull();
  });

  it('do not call the HTTP-status stream silent when the answer has holes', async () => {
    const nowMs = START_MS + 10 * MINUTE_MS;
    const problems = [{ fromMs: nowMs, untilMs: nowMs + 1, status: 'PartialData' as const }];
    const answer = await read(canaryTraffic(), { httpStream: 'silent', problems }, { nowMs });
    expect(answer.isHttpStreamAlive).toBeNull();
  });

  it('know nothing of a canary before there is one', async () => {
    const { periods } = await read(canaryTraffic(), {}, { nowMs: START_MS + 10 * MINUTE_MS, canary: null });
    expect(periods[0]?.stable).not.toBeNull();
    expect(periods[0]?.canary).toBeNull();
  });

  it('add up the minutes of a longer period', async () => {
    const traffic = canaryTraffic({ ratePercents: { conversion: 3 }, levels: { cpu: 45 } });
    const { periods } = await read(traffic, {}, { minutes: 2 });
    const [first, second] = periods.map(({ canary }) => canary);
    const both = (await read(traffic, {}, { minutes: 2, periodSeconds: 120 })).periods[0]?.canary;
    if (!first || !second || !both) throw new Error('nothing was shown');
    expect(both.requests).toBe(first.requests + second.requests);
    for (const name of Object.keys(first.shares)) {
      const [one, other] = [first.shares[name] ?? [0, 0], second.shares[name] ?? [0, 0]];
      expect([name, both.shares[name]]).toEqual([name, [one[0] + other[0], one[1] + other[1]]]);
    }
    expect(both.values['cpu']).toBeCloseTo(((first.values['cpu'] ?? 0) + (second.values['cpu'] ?? 0)) / 2);
    const percentiles = [first, second].map(({ values }) => values['latency-percentile'] ?? 0);
    expect(both.values['latency-percentile']).toBeGreaterThanOrEqual(Math.min(...percentiles));
    expect(both.values['latency-percentile']).toBeLessThanOrEqual(Math.max(...percentiles));
  });
});

describe('the latency that simulated metrics show', () => {
  it('is counted at the thresholds of each side, nested and the same at every read', async () => {
    const traffic = canaryTraffic({ p50Ms: 160, p95Ms: 480 });
    const { periods } = await read(traffic);
    const [stable, canary] = [periods[0]?.stable, periods[0]?.canary];
    const slow = (counts: Counts | null | undefined) =>
      ['latency-p50', 'latency-p90', 'latency-p99', 'latency-tail'].map((name) => {
        const [requests, events] = counts?.shares[name] ?? [0, 0];
        expect(requests).toBe(counts?.requests);
        return events / requests;
      });
    // stable has its own shares by definition; a canary twice as slow has many above 1.25 times those latencies
    expect(slow(stable)[0]).toBeCloseTo(0.5, 1);
    expect(slow(stable)[1]).toBeCloseTo(0.1, 1);
    expect(slow(canary)[0]).toBeCloseTo(0.76, 1);
    expect(slow(canary)[1]).toBeCloseTo(0.28, 1);
    expect(slow(canary)).toEqual(slow(canary).toSorted((a, b) => b - a));
    expect((await read(traffic)).periods).toEqual(periods);
  });

  it('has no counts before the usual latency is known, nor where nobody counts', async () => {
    const names = async (latency: LatencyBaseline | null): Promise<readonly string[]> =>
      Object.keys((await canaryOf({}, { latency })).shares);
    expect(await names(null)).toEqual([]);
    expect(await names({ ...BASELINE, isCounted: false })).toEqual([]);
  });

  it('counts requests above the limit where that limit takes the canary back', async () => {
    const checks = { latency: { ...LATENCY, onLimit: 'rollback' as const } };
    const { requests, shares } = await canaryOf({ p50Ms: 900, p95Ms: 900 }, { checks, latency: null });
    expect(shares).toEqual({ [LATENCY_LIMIT]: [requests, requests] });
  });

  it('is the percentile that the service file names', async () => {
    const checks = { latency: { ...LATENCY, quantile: 0.5 } };
    expect((await canaryOf({}, { checks })).values['latency-percentile']).toBeCloseTo(80, -1);
    expect((await canaryOf({})).values['latency-percentile']).toBeCloseTo(240, -2);
  });

  it('is not shown at all where it is not checked', async () => {
    const off = await canaryOf({}, { checks: { latency: null } });
    expect([off.shares, Object.keys(off.values), off.coldStarts]).toEqual([{}, [THROTTLES], null]);
  });

  it('of hung requests is the time-out', async () => {
    const { requests, shares, values } = await canaryOf({ hangPercent: 100 });
    expect(shares['latency-tail']).toEqual([requests, requests]);
    expect(values['latency-percentile']).toBeCloseTo(30_000, -2);
  });

  it('of stable over all the time asked for comes when stable is asked for alone', async () => {
    const traffic = canaryTraffic();
    const { percentiles } = await read(traffic, {}, { minutes: 10, canary: null, latency: null });
    expect(percentiles?.p50Ms).toBeCloseTo(80, -1);
    expect((percentiles?.p90Ms ?? 0) / 187).toBeCloseTo(1, 1);
    expect((percentiles?.p99Ms ?? 0) / 378).toBeCloseTo(1, 1);
    expect((await read(traffic, {}, { minutes: 10 })).percentiles).toBeNull();
    const off = { minutes: 10, canary: null, checks: { latency: null } };
    expect((await read(traffic, {}, off)).percentiles).toBeNull();
    expect((await read(canaryTraffic({}, 0), {}, { canary: null })).percentiles).toBeNull();
  });

  it('tells of cold starts only where the service file names their metric', async () => {
    const coldStarts = { percent: 30, slowerMs: 900, forMs: 3 * MINUTE_MS };
    const traffic = halves(versionTruth({}, { coldStarts }));
    const named = { latency: { ...LATENCY, coldStarts: { namespace: 'Shop', name: 'ColdStart' } } };
    const { periods } = await read(traffic, {}, { checks: named });
    expect(periods[0]?.canary?.coldStarts).toBe(traffic.minute('canary', START_MS).coldStarts);
    expect(periods[0]?.canary?.coldStarts).toBeGreaterThan(0);
    expect(periods[0]?.stable?.coldStarts).toBe(0);
    expect((await read(traffic)).periods[0]?.canary?.coldStarts).toBeNull();
  });
});

describe('the other things that simulated metrics show', () => {
  it('are custom rates as counts and custom values and gauges as values, under the names of the checks', async () => {
    const traffic = canaryTraffic({ ratePercents: { conversion: 3 }, levels: { cpu: 45, basket: 20 } });
    const { periods } = await read(traffic);
    const { requests, events } = traffic.minute('canary', START_MS);
    expect(periods[0]?.canary?.shares['conversion']).toEqual([requests, events['conversion']]);
    const { cpu, basket } = traffic.levels('canary', START_MS);
    expect(periods[0]?.canary?.values).toMatchObject({ cpu, basket });
  });

  it('leave out a custom check that the version does not report', async () => {
    const { shares, values } = await canaryOf({});
    expect(Object.keys(shares)).not.toContain('conversion');
    expect(Object.keys(values).toSorted()).toEqual(['latency-percentile', THROTTLES]);
  });

  it('leave out what the service file has no check for', async () => {
    const behaviour = { ratePercents: { conversion: 3 }, levels: { cpu: 45 } };
    const { shares, values } = await canaryOf(behaviour, { checks: { custom: [] } });
    expect(Object.keys(shares)).not.toContain('conversion');
    expect(Object.keys(values)).not.toContain('cpu');
  });

  it('tell the throttled share of all attempts on the alias beside the canary', async () => {
    const { periods } = await read(canaryTraffic({ throttledPercent: 20 }));
    // the canary has half of the attempts
    expect(periods[0]?.canary?.values[THROTTLES]).toBeCloseTo(10, 0);
    expect(Object.keys(periods[0]?.stable?.values ?? {})).not.toContain(THROTTLES);
    const off = await canaryOf({ throttledPercent: 20 }, { checks: { throttlesLimitPercent: null } });
    expect(Object.keys(off.values)).not.toContain(THROTTLES);
  });
});
