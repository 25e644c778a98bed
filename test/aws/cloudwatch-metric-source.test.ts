// Reading metrics: what is asked of CloudWatch for which version, how pages become counts, what makes an answer useless.
import {
  CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataInput,
  type GetMetricDataOutput,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { cloudwatchMetricSource, metricsPerRead } from '../../src/aws/cloudwatch-metric-source.ts';
import { PermissionError, TransientError } from '../../src/core/errors.ts';
import type { ServiceSpec } from '../../src/core/service-spec.ts';
import { kindOf } from '../../src/core/targets/index.ts';
import type { MetricsQuery } from '../../src/ports.ts';
import { SPEC } from '../support/rollout-fixtures.ts';

const FROM_MS = Date.UTC(2026, 0, 5, 9);
const MINUTE_MS = 60_000;

const FULL_SPEC: ServiceSpec = {
  ...SPEC,
  checks: {
    ...SPEC.checks,
    errors: { ...SPEC.checks.errors, http5xx: { namespace: 'Stepshift', name: 'Http5xx' } },
    latency: { limitMs: 500, quantile: 0.95 },
  },
};

function query(change: Partial<MetricsQuery> = {}): MetricsQuery {
  const spec = change.spec ?? SPEC;
  return {
    target: spec.target,
    targetRoleArn: null,
    spec,
    stable: { version: '41', ref: '41' },
    canary: { version: '42', ref: '42' },
    fromMs: FROM_MS,
    toMs: FROM_MS + 3 * MINUTE_MS,
    periodSeconds: 60,
    ...change,
  };
}

/** Values by minute after FROM_MS; undefined: no data point. */
function series(Id: string, values: readonly (number | undefined)[], more: object = {}): MetricDataResult {
  const points = values.flatMap((value, index) => (value === undefined ? [] : [{ value, index }]));
  return {
    Id,
    StatusCode: 'Complete',
    Timestamps: points.map(({ index }) => new Date(FROM_MS + index * MINUTE_MS)),
    Values: points.map(({ value }) => value),
    ...more,
  };
}

function sourceThatAnswers(...pages: readonly GetMetricDataOutput[]) {
  const client = new CloudWatchClient({ region: 'eu-west-2' });
  const mock = mockClient(client);
  const asked: GetMetricDataInput[] = [];
  mock.on(GetMetricDataCommand).callsFake((input: GetMetricDataInput) => {
    asked.push(input);
    return pages[asked.length - 1] ?? {};
  });
  return { source: cloudwatchMetricSource(client), asked, mock };
}

/** `metric stat {dimensions}` by id. */
function shortForm(input: GetMetricDataInput | undefined): Record<string, string> {
  return Object.fromEntries(
    (input?.MetricDataQueries ?? []).map(({ Id = '', MetricStat }) => {
      const dimensions = (MetricStat?.Metric?.Dimensions ?? []).map(({ Name, Value }) => `${Name}=${Value}`);
      return [Id, `${MetricStat?.Metric?.MetricName} ${MetricStat?.Stat} ${dimensions.join(' ')}`];
    }),
  );
}

const QUIET: readonly MetricDataResult[] = ['stable', 'canary'].flatMap((side) => [
  series(`${side}_invocations`, []),
  series(`${side}_errors`, []),
]);

describe('what cloudwatchMetricSource asks', () => {
  it('is each side by its executed version while the alias is weighted', async () => {
    const { source, asked } = sourceThatAnswers({ MetricDataResults: [...QUIET] });
    await source.read(query({ spec: FULL_SPEC }));
    const alias = 'FunctionName=checkout-api Resource=checkout-api:live';
    expect(shortForm(asked[0])).toEqual({
      stable_invocations: `Invocations Sum ${alias} ExecutedVersion=41`,
      stable_errors: `Errors Sum ${alias} ExecutedVersion=41`,
      stable_inTime: `Duration TC(:500) ${alias} ExecutedVersion=41`,
      stable_http5xx: 'Http5xx Sum FunctionName=checkout-api Version=41',
      canary_invocations: `Invocations Sum ${alias} ExecutedVersion=42`,
      canary_errors: `Errors Sum ${alias} ExecutedVersion=42`,
      canary_inTime: `Duration TC(:500) ${alias} ExecutedVersion=42`,
      canary_http5xx: 'Http5xx Sum FunctionName=checkout-api Version=42',
    });
  });

  it('is the whole alias, and its longest request, before the rollout', async () => {
    const { source, asked } = sourceThatAnswers({});
    await source.read(query({ canary: null }));
    const alias = 'FunctionName=checkout-api Resource=checkout-api:live';
    expect(shortForm(asked[0])).toEqual({
      stable_invocations: `Invocations Sum ${alias}`,
      stable_errors: `Errors Sum ${alias}`,
      stable_longestMs: `Duration Maximum ${alias}`,
    });
  });

  it('is one time range in periods of the query, with ids that CloudWatch takes', async () => {
    const { source, asked } = sourceThatAnswers({});
    await source.read(query({ spec: FULL_SPEC }));
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({
      StartTime: new Date(FROM_MS),
      EndTime: new Date(FROM_MS + 3 * MINUTE_MS),
    });
    for (const { Id, MetricStat } of asked[0]?.MetricDataQueries ?? []) {
      expect(Id).toMatch(/^[a-z][a-zA-Z0-9_]{0,254}$/);
      expect(MetricStat?.Period).toBe(60);
    }
  });

  it('is nothing for an empty time range, which CloudWatch would refuse', async () => {
    const { source, asked } = sourceThatAnswers();
    expect(await source.read(query({ toMs: FROM_MS }))).toEqual({
      periods: [],
      problem: null,
      stableMaxSeconds: null,
      isHttpStreamAlive: null,
    });
    expect(asked).toEqual([]);
  });

  it.each([SPEC, FULL_SPEC])('is as many metrics as the plan says', (spec) => {
    const { latency, errors } = spec.checks;
    const perVersion = kindOf(spec.target).metricsPerVersion({
      latency: latency !== null,
      http5xx: errors.http5xx !== null,
    });
    expect(metricsPerRead(spec)).toBe(2 * perVersion);
  });
});

describe('what cloudwatchMetricSource makes of the answer', () => {
  it('is one entry per period, errors 0 only where there were requests', async () => {
    const { source } = sourceThatAnswers({
      MetricDataResults: [
        series('stable_invocations', [1000, 1100, undefined]),
        series('stable_errors', [undefined, 3, 7]),
        series('canary_invocations', [50, undefined, undefined]),
        series('canary_errors', []),
      ],
    });
    expect(await source.read(query())).toEqual({
      periods: [
        {
          startMs: FROM_MS,
          stable: { requests: 1000, errors: 0, slow: null },
          canary: { requests: 50, errors: 0, slow: null },
        },
        { startMs: FROM_MS + MINUTE_MS, stable: { requests: 1100, errors: 3, slow: null }, canary: null },
        { startMs: FROM_MS + 2 * MINUTE_MS, stable: null, canary: null },
      ],
      problem: null,
      stableMaxSeconds: null,
      isHttpStreamAlive: null,
    });
  });

  it('adds HTTP 5xx to the errors, and never counts more errors than requests', async () => {
    const { source } = sourceThatAnswers({
      MetricDataResults: [
        series('stable_invocations', [100, 100]),
        series('stable_errors', [2, 60]),
        series('stable_http5xx', [5, 60]),
      ],
    });
    const { periods } = await source.read(query({ spec: FULL_SPEC }));
    expect(periods.map((period) => period.stable?.errors)).toEqual([7, 100, undefined]);
  });

  const HTTP_SPEC: ServiceSpec = { ...FULL_SPEC, checks: { ...FULL_SPEC.checks, latency: null } };
  it.each([
    ['reported, were it only zeros', { http5xx: [undefined, 0] }, true],
    ['never reported beside its requests', {}, false],
    ['had nothing to report: no requests', { invocations: [] }, null],
    ['had nothing to report: the handler always threw', { errors: [10, 10] }, null],
  ] as const)('tells that the HTTP-status stream of stable %s', async (_case, change, isHttpStreamAlive) => {
    const values = { invocations: [10, 10], errors: [], http5xx: [], ...change };
    const { source } = sourceThatAnswers({
      MetricDataResults: [
        ...Object.entries(values).map(([name, points]) => series(`stable_${name}`, points)),
        ...['invocations', 'errors', 'http5xx'].map((name) => series(`canary_${name}`, [10])),
      ],
    });
    expect(await source.read(query({ spec: HTTP_SPEC }))).toMatchObject({ problem: null, isHttpStreamAlive });
  });

  it('does not call the HTTP-status stream silent when the answer has holes, or where none is configured', async () => {
    const partial = sourceThatAnswers({
      MetricDataResults: [
        series('stable_invocations', [10]),
        series('stable_http5xx', [], { StatusCode: 'PartialData' }),
      ],
    });
    expect(await partial.source.read(query({ spec: HTTP_SPEC }))).toMatchObject({ isHttpStreamAlive: null });
    const without = sourceThatAnswers({ MetricDataResults: [...QUIET, series('stable_invocations', [10])] });
    expect(await without.source.read(query())).toMatchObject({ problem: null, isHttpStreamAlive: null });
  });

  it('turns requests in time into slow ones: rounded, never fewer than none or more than all', async () => {
    const { source } = sourceThatAnswers({
      MetricDataResults: [
        series('canary_invocations', [100, 100, 100]),
        series('canary_inTime', [94.6, 100.4, 0]),
      ],
    });
    const { periods } = await source.read(query({ spec: FULL_SPEC }));
    expect(periods.map((period) => period.canary?.slow)).toEqual([5, 0, 100]);
  });

  it('leaves the slow requests unknown where CloudWatch gave no latency', async () => {
    const { source } = sourceThatAnswers({
      MetricDataResults: [series('canary_invocations', [100]), series('canary_inTime', [])],
    });
    const { periods } = await source.read(query({ spec: FULL_SPEC }));
    expect(periods[0]?.canary).toEqual({ requests: 100, errors: 0, slow: null });
  });

  it('is the longest request of all periods in seconds', async () => {
    const { source } = sourceThatAnswers({
      MetricDataResults: [
        series('stable_invocations', [10, 10, 10]),
        series('stable_errors', []),
        series('stable_longestMs', [120, 2500, undefined]),
      ],
    });
    const answer = await source.read(query({ canary: null }));
    expect(answer).toMatchObject({ stableMaxSeconds: 2.5, problem: null });
  });

  it('is put together from all pages; only the last page tells whether a series is complete', async () => {
    const { source, asked } = sourceThatAnswers(
      {
        MetricDataResults: [...QUIET, series('stable_invocations', [1000], { StatusCode: 'PartialData' })],
        NextToken: 'more',
      },
      { MetricDataResults: [series('stable_invocations', [undefined, 1100])] },
    );
    const { periods, problem } = await source.read(query());
    expect(problem).toBeNull();
    expect(periods.map((period) => period.stable?.requests)).toEqual([1000, 1100, undefined]);
    expect(asked.map((input) => input.NextToken)).toEqual([undefined, 'more']);
  });

  it.each(['PartialData', 'InternalError', 'Forbidden'] as const)(
    'has a problem when a series ends %s',
    async (StatusCode) => {
      const { source } = sourceThatAnswers({
        MetricDataResults: [...QUIET.slice(0, 3), series('canary_errors', [], { StatusCode })],
      });
      const { problem } = await source.read(query());
      expect(problem).toBe(`CloudWatch did not answer completely: canary_errors (Errors Sum): ${StatusCode}`);
    },
  );

  it('has a problem when a series did not come back at all', async () => {
    const { source } = sourceThatAnswers({ MetricDataResults: QUIET.slice(1) });
    expect((await source.read(query())).problem).toMatch(/stable_invocations .*no answer/);
  });

  it.each([
    { MetricDataResults: [...QUIET], Messages: [{ Code: 'MaxQueryTimeRangeExceeded', Value: 'too long' }] },
    {
      MetricDataResults: [
        ...QUIET.slice(1),
        series('stable_invocations', [], {
          Messages: [{ Code: 'MaxQueryTimeRangeExceeded', Value: 'too long' }],
        }),
      ],
    },
  ])('has a problem when CloudWatch adds a message', async (page) => {
    const { source } = sourceThatAnswers(page);
    expect((await source.read(query())).problem).toContain('MaxQueryTimeRangeExceeded: too long');
  });

  it('is an error of its own when CloudWatch throttles or forbids', async () => {
    const { source, mock } = sourceThatAnswers();
    mock
      .on(GetMetricDataCommand)
      .rejectsOnce({ name: 'ThrottlingException' })
      .rejectsOnce({ name: 'AccessDenied' });
    await expect(source.read(query())).rejects.toThrow(TransientError);
    await expect(source.read(query())).rejects.toThrow(PermissionError);
  });
});
