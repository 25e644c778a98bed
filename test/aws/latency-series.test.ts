// Response times: at which thresholds requests are counted, how counts become shares, and what is usual for an hour.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slowMeasures } from '../../src/core/judge/measures.ts';
import type { ServiceSpec } from '../../src/core/service-spec.ts';
import { albAccess, BLUE, GREEN } from '../contracts/alb-driver.ts';
import {
  ALIAS,
  BASELINE,
  FROM_MS,
  LATENCY,
  MINUTE_MS,
  metricsQuery,
  recorded,
  shortForm,
  sourceThatAnswers,
  sourceWith,
  withChecks,
} from './recorded-metrics.ts';

const SPEC = withChecks({ latency: LATENCY });
const ROLLBACK_SPEC = withChecks({ latency: { ...LATENCY, onLimit: 'rollback' } });
const ALB_SPEC: ServiceSpec = { ...SPEC, target: albAccess().target };
const ALB_SIDES = { stable: { version: '41', ref: BLUE }, canary: { version: '42', ref: GREEN } };

/** Statistics of the response times that are asked for, by id. */
async function statistics(change: Parameters<typeof metricsQuery>[0]): Promise<Record<string, string>> {
  const { source, asked } = sourceWith({});
  await source.read(metricsQuery(change));
  return Object.fromEntries(
    (asked[0]?.MetricDataQueries ?? []).flatMap(({ Id = '', MetricStat }) =>
      ['Duration', 'TargetResponseTime'].includes(MetricStat?.Metric?.MetricName ?? '')
        ? [[Id, MetricStat?.Stat ?? '']]
        : [],
    ),
  );
}

describe('the statistics of response times', () => {
  it('are thresholds of each side around what is usual, the far tail, and the percentile people see', async () => {
    expect(await statistics({ spec: SPEC, latency: BASELINE })).toEqual({
      stable_inTime_latency_p50: 'TC(:40)',
      stable_inTime_latency_p90: 'TC(:100)',
      stable_inTime_latency_p99: 'TC(:260)',
      stable_inTime_latency_tail: 'TC(:780)',
      stable_latencyPercentile: 'p95',
      canary_inTime_latency_p50: 'TC(:50)',
      canary_inTime_latency_p90: 'TC(:125)',
      canary_inTime_latency_p99: 'TC(:325)',
      canary_inTime_latency_tail: 'TC(:975)',
      canary_latencyPercentile: 'p95',
    });
  });

  it('are in seconds on a load balancer', async () => {
    const asked = await statistics({ spec: ALB_SPEC, ...ALB_SIDES, latency: BASELINE });
    expect(asked).toMatchObject({
      stable_inTime_latency_p50: 'TC(:0.04)',
      canary_inTime_latency_p90: 'TC(:0.125)',
      canary_inTime_latency_tail: 'TC(:0.975)',
    });
  });

  it('count at the limit of the file only where it can roll back', async () => {
    const asked = await statistics({ spec: ROLLBACK_SPEC });
    expect(asked).toEqual({
      stable_inTime_latency_limit: 'TC(:500)',
      stable_latencyPercentile: 'p95',
      canary_inTime_latency_limit: 'TC(:500)',
      canary_latencyPercentile: 'p95',
    });
  });

  it('are the percentile alone where requests cannot be counted, and none where latency is not judged', async () => {
    const uncounted = await statistics({ spec: SPEC, latency: { ...BASELINE, isCounted: false } });
    expect(Object.values(uncounted)).toEqual(['p95', 'p95']);
    expect(await statistics({ latency: null })).toEqual({});
  });

  it('of stable alone are the usual percentiles over the whole time, asked for as one period', async () => {
    const { source, asked } = sourceWith({});
    const toMs = FROM_MS + 60 * MINUTE_MS;
    await source.read(metricsQuery({ spec: SPEC, canary: null, toMs }));
    expect(shortForm(asked[0])).toEqual({
      stable_invocations: `Invocations Sum ${ALIAS}`,
      stable_errors: `Errors Sum ${ALIAS}`,
      stable_latencyPercentile: `Duration p95 ${ALIAS}`,
      stable_longest: `Duration Maximum ${ALIAS}`,
      stable_usualP50: `Duration p50 ${ALIAS}`,
      stable_usualP90: `Duration p90 ${ALIAS}`,
      stable_usualP99: `Duration p99 ${ALIAS}`,
    });
    const periods = (asked[0]?.MetricDataQueries ?? []).map(({ Id = '', MetricStat }) => [
      Id.includes('usual'),
      MetricStat?.Period,
    ]);
    for (const [isUsual, period] of periods) expect(period).toBe(isUsual ? 3600 : 60);
  });

  it('are asked for by the minute and over the whole time, also where both are the same percentile', async () => {
    const spec = withChecks({ latency: { ...LATENCY, quantile: 0.9 } });
    expect(await statistics({ spec, canary: null })).toMatchObject({
      stable_latencyPercentile: 'p90',
      stable_usualP90: 'p90',
    });
  });

  it('are numbers that CloudWatch can read: no exponent, six decimals at the most', async () => {
    const quantile = fc.double({ min: 0.001, max: 0.999999, noNaN: true });
    const milliseconds = fc.double({ min: 0.001, max: 900_000, noNaN: true });
    await fc.assert(
      fc.asyncProperty(quantile, milliseconds, fc.boolean(), async (asked, p50Ms, isAlb) => {
        const spec = withChecks({ latency: { ...LATENCY, quantile: asked } });
        const latency = { p50Ms, p90Ms: p50Ms * 1.7, p99Ms: p50Ms * 3.3, isCounted: true };
        const change = isAlb ? { spec: { ...spec, target: ALB_SPEC.target }, ...ALB_SIDES } : { spec };
        for (const stat of Object.values(await statistics({ ...change, latency }))) {
          expect(stat).toMatch(/^(TC\(:\d+(\.\d{1,6})?\)|p\d{1,2}(\.\d{1,6})?)$/);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('the share of slow requests', () => {
  it('is what is left of the requests that were in time, by measure', async () => {
    const { source } = sourceWith({
      canary_invocations: [1000],
      canary_inTime_latency_p50: [480],
      canary_inTime_latency_p90: [899.6],
      canary_inTime_latency_p99: [1000],
      canary_inTime_latency_tail: [1000.4],
      canary_latencyPercentile: [131.5],
    });
    const { periods } = await source.read(metricsQuery({ spec: SPEC, latency: BASELINE }));
    expect(periods[0]?.canary).toEqual({
      requests: 1000,
      errors: 0,
      shares: {
        'latency-p50': [1000, 520],
        'latency-p90': [1000, 100],
        'latency-p99': [1000, 0],
        'latency-tail': [1000, 0],
      },
      values: { 'latency-percentile': 131.5 },
      coldStarts: null,
    });
  });

  it('is unknown, not none and not all, where CloudWatch gave no count', async () => {
    const { source } = sourceWith({
      canary_invocations: [100, 100],
      canary_inTime_latency_p90: [undefined, 0],
    });
    const { periods } = await source.read(metricsQuery({ spec: SPEC, latency: BASELINE }));
    expect(periods.map((period) => period.canary?.shares)).toEqual([
      {},
      { 'latency-p90': [100, 100] },
      undefined,
    ]);
  });

  it('is a whole number between none and all, whatever CloudWatch interpolates', async () => {
    const inTime = fc.double({ min: -5, max: 2e6, noNaN: true });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1_000_000 }), inTime, async (requests, count) => {
        const { source } = sourceWith({
          stable_invocations: [requests],
          stable_inTime_latency_limit: [count],
        });
        const { periods } = await source.read(metricsQuery({ spec: ROLLBACK_SPEC }));
        const [trials, slow = Number.NaN] = periods[0]?.stable?.shares['latency-limit'] ?? [];
        expect(trials).toBe(requests);
        expect(Number.isInteger(slow)).toBe(true);
        expect(slow).toBeGreaterThanOrEqual(0);
        expect(slow).toBeLessThanOrEqual(requests);
        if (count >= 0 && count <= requests)
          expect(Math.abs(requests - slow - count)).toBeLessThanOrEqual(0.5);
      }),
    );
  });

  it.each([
    ['in flight at the end of the minute is not slow', { answered2xx: 990 }, 90],
    ['never answered is slow beyond what may be in flight', { answered2xx: 950 }, 87],
    ['refused is slow', { answered2xx: 950, refused: 50 }, 100],
    ['answered 5xx in time is not slow', { answered2xx: 900, answered5xx: 100 }, 100],
    ['of the minute before does not hide a slow one', { answered2xx: 1010 }, 110],
  ])('of a load balancer: a request that is %s; times are in milliseconds', async (_name, values, slow) => {
    const { source } = sourceWith({
      canary_requests: [1000],
      ...Object.fromEntries(Object.entries(values).map(([name, value]) => [`canary_${name}`, [value]])),
      canary_inTime_latency_p90: [900],
      canary_latencyPercentile: [0.25],
    });
    const { periods } = await source.read(metricsQuery({ spec: ALB_SPEC, ...ALB_SIDES, latency: BASELINE }));
    expect(periods[0]?.canary).toMatchObject({
      shares: { 'latency-p90': [1000, slow] },
      values: { 'latency-percentile': 250 },
    });
  });

  it('has a name for every measure that the judge compares', async () => {
    const names = slowMeasures(ROLLBACK_SPEC.checks.latency, BASELINE).map(({ name }) => name);
    const { source } = sourceWith(
      Object.fromEntries([
        ['stable_invocations', [10]],
        ...names.map((name) => [`stable_inTime_${name.replaceAll('-', '_')}`, [9]]),
      ]),
    );
    const { periods } = await source.read(metricsQuery({ spec: ROLLBACK_SPEC, latency: BASELINE }));
    expect(Object.keys(periods[0]?.stable?.shares ?? {})).toEqual(names);
  });
});

describe('the longest request of stable', () => {
  it.each([
    ['Lambda', SPEC, { stable_invocations: [10, 10, 10] }, [120, 2500, undefined]],
    ['a load balancer', ALB_SPEC, { stable_requests: [10, 10, 10] }, [0.12, 2.5, undefined]],
  ] as const)('is that of all periods, in seconds: %s', async (_kind, spec, requests, longest) => {
    const { source } = sourceWith({ ...requests, stable_longest: longest });
    const answer = await source.read(metricsQuery({ spec, stable: ALB_SIDES.stable, canary: null }));
    expect(answer).toMatchObject({ stableMaxSeconds: 2.5, problem: null });
  });
});

describe('the usual percentiles of stable', () => {
  const usual = (p50: readonly number[], p90: readonly number[], p99: readonly number[]) => ({
    stable_usualP50: p50,
    stable_usualP90: p90,
    stable_usualP99: p99,
  });
  const alone = { spec: SPEC, canary: null } as const;

  it('are the one value of the whole time', async () => {
    const { source } = sourceWith({ stable_invocations: [10, 7, 10], ...usual([40.1], [100.7], [260.3]) });
    const { percentiles } = await source.read(metricsQuery(alone));
    expect(percentiles).toEqual({ p50Ms: 40.1, p90Ms: 100.7, p99Ms: 260.3 });
  });

  it('are milliseconds of a load balancer too', async () => {
    const { source } = sourceWith({ stable_requests: [10], ...usual([0.04], [0.125], [0.25]) });
    const query = metricsQuery({ ...alone, spec: ALB_SPEC, stable: ALB_SIDES.stable });
    expect((await source.read(query)).percentiles).toEqual({ p50Ms: 40, p90Ms: 125, p99Ms: 250 });
  });

  it('are the mean by requests, should CloudWatch cut the time in two', async () => {
    // an hour from 08:30, cut at 08:00 and 09:00: 300 requests in the first piece, 100 in the second
    const fromMs = FROM_MS - 30 * MINUTE_MS;
    const at = (minute: number) => new Date(fromMs + minute * MINUTE_MS);
    const pieces = (Id: string, values: number[]) =>
      recorded(Id, [], { Timestamps: [at(-30), at(30)], Values: values });
    const { source } = sourceThatAnswers({
      MetricDataResults: [
        recorded('stable_invocations', [], { Timestamps: [at(0), at(29), at(45)], Values: [100, 200, 100] }),
        ...['stable_errors', 'stable_latencyPercentile', 'stable_longest'].map((id) => recorded(id, [])),
        pieces('stable_usualP50', [40, 80]),
        pieces('stable_usualP90', [100, 200]),
        pieces('stable_usualP99', [200, 400]),
      ],
    });
    const query = metricsQuery({ ...alone, fromMs, toMs: fromMs + 60 * MINUTE_MS });
    expect(await source.read(query)).toMatchObject({
      problem: null,
      percentiles: { p50Ms: 50, p90Ms: 125, p99Ms: 250 },
    });
  });

  it.each([
    ['one of them is missing', { stable_invocations: [10], ...usual([40], [100], []) }, alone],
    ['there were no requests', usual([40], [100], [260]), alone],
    ['the metric rounds them to nothing', { stable_invocations: [10], ...usual([0], [100], [260]) }, alone],
    ['latency is not judged', { stable_invocations: [10] }, { ...alone, spec: withChecks({}) }],
    ['the canary is asked for too', { stable_invocations: [10] }, { spec: SPEC }],
  ])('are unknown where %s', async (_case, values, change) => {
    const answer = await sourceWith(values).source.read(metricsQuery(change));
    expect(answer).toMatchObject({ problem: null, percentiles: null });
  });

  it('are unknown where the answer is not complete', async () => {
    const { source } = sourceThatAnswers({
      MetricDataResults: [
        recorded('stable_invocations', [10]),
        ...Object.entries(usual([40], [100], [260])).map(([id, values]) => recorded(id, values)),
      ],
    });
    const { percentiles, problem } = await source.read(metricsQuery(alone));
    expect(problem).toMatch(/no answer/);
    expect(percentiles).toBeNull();
  });
});
