// Stable's last hour before a start: how often it is read, what becomes of it, and what people are warned of.
import { describe, expect, it } from 'vitest';
import type { LatencyBaseline } from '../../src/core/judge/measures.ts';
import type { Counts } from '../../src/core/judge/types.ts';
import type { CustomCheck, ServiceSpec } from '../../src/core/service-spec.ts';
import type { MetricsAnswer, MetricsQuery } from '../../src/ports.ts';
import { historyWarnings, readStableHour } from '../../src/steps/read-history.ts';
import { counts, LATENCY } from '../support/rollout-fixtures.ts';
import { SPEC, START_MS } from '../support/step-world.ts';

const USUAL = { p50Ms: 40, p90Ms: 100, p99Ms: 260 };
const CONVERSION: CustomCheck = {
  kind: 'rate',
  name: 'conversion',
  metric: { namespace: 'Shop', name: 'Orders', stat: 'Sum', dimensions: { Version: '{version}' } },
  per: null,
  better: 'higher',
  toleranceRatio: 0.95,
  lagSeconds: 120,
};
const CPU: CustomCheck = {
  kind: 'gauge',
  name: 'cpu',
  metric: { namespace: 'Shop', name: 'CPU', stat: 'Average', dimensions: {} },
  limit: 80,
  onLimit: 'hold',
};

function withChecks(change: Partial<ServiceSpec['checks']>): ServiceSpec {
  return { ...SPEC, checks: { ...SPEC.checks, latency: null, custom: [], ...change } };
}

/** Reads an hour of a source that answers `stable` in every minute. */
async function readHour(
  spec: ServiceSpec,
  stable: (latency: LatencyBaseline | null) => Counts | null,
  more: Partial<MetricsAnswer> = { percentiles: USUAL },
) {
  const queries: MetricsQuery[] = [];
  const { history, answer } = await readStableHour(
    { target: spec.target, targetRoleArn: null },
    spec,
    { version: '41', ref: '41' },
    {
      clock: { now: () => START_MS + 42_000, sleep: async () => {} },
      metrics: {
        read: async (query) => {
          queries.push(query);
          return {
            periods: Array.from({ length: 60 }, (_, index) => ({
              startMs: query.fromMs + index * 60_000,
              stable: stable(query.latency),
              canary: null,
            })),
            problem: null,
            stableMaxSeconds: 2,
            percentiles: null,
            isHttpStreamAlive: null,
            ...more,
          };
        },
      },
    },
  );
  return { queries, history, answer, warnings: historyWarnings(spec, history) };
}

const slow = (share: readonly [number, number]) => counts(1000, 1, { shares: { 'latency-p50': share } });

describe('the hour before a start', () => {
  it('is whole minutes of stable alone', async () => {
    const { queries, history, warnings } = await readHour(withChecks({}), () => counts(1000, 1));
    // the last two minutes are not whole yet
    const toMs = START_MS - 120_000;
    expect(queries).toMatchObject([
      { canary: null, latency: null, fromMs: toMs - 3_600_000, toMs, periodSeconds: 60 },
    ]);
    expect(history).toMatchObject({ longestSeconds: 2, latency: null });
    expect(history.periods).toHaveLength(60);
    expect(history.periods[0]).toEqual({
      startMs: toMs - 3_600_000,
      seconds: 60,
      weightPercent: 0,
      stable: counts(1000, 1),
      canary: null,
    });
    expect(warnings).toEqual([]);
  });

  it('is read again at what is usual, and the second answer counts', async () => {
    const { queries, history, answer, warnings } = await readHour(
      withChecks({ latency: LATENCY }),
      (latency) => (latency === null ? counts(1000, 1) : slow([1000, 500])),
    );
    expect(queries.map(({ latency }) => latency)).toEqual([null, { ...USUAL, isCounted: true }]);
    expect(queries[1]).toEqual({ ...queries[0], latency: { ...USUAL, isCounted: true } });
    expect(history.latency).toEqual({ ...USUAL, isCounted: true });
    expect(history.periods[0]?.stable).toEqual(slow([1000, 500]));
    expect(answer.periods[0]?.stable).toEqual(slow([1000, 500]));
    expect(warnings).toEqual([]);
  });

  it('shows that slow requests cannot be counted where none come back at the thresholds', async () => {
    const { history, warnings } = await readHour(withChecks({ latency: LATENCY }), () => counts(1000, 1));
    expect(history.latency).toEqual({ ...USUAL, isCounted: false });
    expect(warnings).toEqual([
      'slow requests cannot be counted, so latency is compared by its p95 only, which takes longer',
    ]);
  });

  it.each([
    ['without percentiles', {}],
    ['with a problem', { problem: 'PartialData' }],
  ])('is read once %s: then nothing is known to compare with', async (_case, more) => {
    const spec = withChecks({ latency: LATENCY });
    const { queries, history, warnings } = await readHour(spec, () => null, more);
    expect(queries).toHaveLength(1);
    expect(history.latency).toBeNull();
    expect(warnings).toEqual([
      'the response times of stable are not known, so latency is compared by its p95 only, which takes longer',
    ]);
  });
});

describe('metrics that the service file names', () => {
  const spec = withChecks({
    latency: { ...LATENCY, coldStarts: { namespace: 'Stepshift', name: 'ColdStart' } },
    custom: [CONVERSION, CPU],
  });

  it('are missed where stable has requests and none of them', async () => {
    const { warnings } = await readHour(spec, () => slow([1000, 500]));
    expect(warnings).toEqual([
      'there is no data of the last hour for checks.latency.coldStarts, checks.conversion, checks.cpu',
    ]);
  });

  it('are not missed where they report, or where there was nothing to report', async () => {
    const full = counts(1000, 1, {
      shares: { 'latency-p50': [1000, 500], conversion: [1000, 0] },
      values: { cpu: 45 },
      coldStarts: 0,
    });
    expect((await readHour(spec, () => full)).warnings).toEqual([]);
    expect((await readHour(spec, () => null)).warnings).toEqual([]);
  });
});
