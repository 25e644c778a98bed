// Reading metrics: what is asked of CloudWatch for which version, how pages become counts, what makes an answer useless.
import type { GetMetricDataOutput, MetricDataResult } from '@aws-sdk/client-cloudwatch';
import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PermissionError, TransientError } from '../../src/core/errors.ts';
import type { ServiceSpec } from '../../src/core/service-spec.ts';
import {
  ALIAS,
  BASELINE,
  FROM_MS,
  LATENCY,
  MINUTE_MS,
  metricsQuery,
  PLAIN,
  recorded,
  shortForm,
  sourceThatAnswers,
  sourceWith,
  withChecks,
} from './recorded-metrics.ts';

const HTTP_SPEC = withChecks({
  errors: { ...PLAIN.checks.errors, http5xx: { namespace: 'Stepshift', name: 'Http5xx' } },
});
const FULL_SPEC: ServiceSpec = {
  ...HTTP_SPEC,
  checks: {
    ...HTTP_SPEC.checks,
    latency: { ...LATENCY, coldStarts: { namespace: 'Stepshift', name: 'ColdStart' } },
    throttlesLimitPercent: 1,
  },
};

const QUIET: readonly MetricDataResult[] = ['stable', 'canary'].flatMap((side) => [
  recorded(`${side}_invocations`, []),
  recorded(`${side}_errors`, []),
]);

/** Counts of which nothing but requests and errors is known. */
function counts(requests: number, errors: number) {
  return { requests, errors, shares: {}, values: {}, coldStarts: null };
}

describe('what cloudwatchMetricSource asks', () => {
  it('is each side by its executed version while the alias is weighted', async () => {
    const { source, asked } = sourceWith({});
    await source.read(metricsQuery({ spec: HTTP_SPEC }));
    expect(shortForm(asked[0])).toEqual({
      stable_invocations: `Invocations Sum ${ALIAS} ExecutedVersion=41`,
      stable_errors: `Errors Sum ${ALIAS} ExecutedVersion=41`,
      stable_http5xx: 'Http5xx Sum FunctionName=checkout-api Version=41',
      canary_invocations: `Invocations Sum ${ALIAS} ExecutedVersion=42`,
      canary_errors: `Errors Sum ${ALIAS} ExecutedVersion=42`,
      canary_http5xx: 'Http5xx Sum FunctionName=checkout-api Version=42',
    });
  });

  it('is the whole alias, and its longest request, before the rollout', async () => {
    const { source, asked } = sourceWith({});
    await source.read(metricsQuery({ canary: null }));
    expect(shortForm(asked[0])).toEqual({
      stable_invocations: `Invocations Sum ${ALIAS}`,
      stable_errors: `Errors Sum ${ALIAS}`,
      stable_longest: `Duration Maximum ${ALIAS}`,
    });
  });

  it('is one time range in periods of the query, with ids that CloudWatch takes', async () => {
    const { source, asked } = sourceWith({});
    await source.read(metricsQuery({ spec: FULL_SPEC, latency: BASELINE }));
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({
      StartTime: new Date(FROM_MS),
      EndTime: new Date(FROM_MS + 3 * MINUTE_MS),
    });
    const queries = asked[0]?.MetricDataQueries ?? [];
    expect(new Set(queries.map(({ Id }) => Id)).size).toBe(queries.length);
    for (const { Id, MetricStat } of queries) {
      expect(Id).toMatch(/^[a-z][a-zA-Z0-9_]{0,254}$/);
      expect(MetricStat?.Period).toBe(60);
    }
  });

  it('is nothing for an empty time range, which CloudWatch would refuse', async () => {
    const { source, asked } = sourceThatAnswers();
    expect(await source.read(metricsQuery({ toMs: FROM_MS }))).toEqual({
      periods: [],
      problem: null,
      stableMaxSeconds: null,
      percentiles: null,
      isHttpStreamAlive: null,
    });
    expect(asked).toEqual([]);
  });
});

describe('what cloudwatchMetricSource makes of the answer', () => {
  it('is one entry per period, errors 0 only where there were requests', async () => {
    const { source } = sourceWith({
      stable_invocations: [1000, 1100, undefined],
      stable_errors: [undefined, 3, 7],
      canary_invocations: [50, undefined, undefined],
    });
    expect(await source.read(metricsQuery())).toEqual({
      periods: [
        { startMs: FROM_MS, stable: counts(1000, 0), canary: counts(50, 0) },
        { startMs: FROM_MS + MINUTE_MS, stable: counts(1100, 3), canary: null },
        { startMs: FROM_MS + 2 * MINUTE_MS, stable: null, canary: null },
      ],
      problem: null,
      stableMaxSeconds: null,
      percentiles: null,
      isHttpStreamAlive: null,
    });
  });

  it('adds HTTP 5xx to the errors, and never counts more errors than requests', async () => {
    const { source } = sourceWith({
      stable_invocations: [100, 100],
      stable_errors: [2, 60],
      stable_http5xx: [5, 60],
    });
    const { periods } = await source.read(metricsQuery({ spec: HTTP_SPEC }));
    expect(periods.map((period) => period.stable?.errors)).toEqual([7, 100, undefined]);
  });

  it('counts cold starts where the stream reports, never more than requests', async () => {
    const { source } = sourceWith({
      canary_invocations: [100, 100, 4],
      canary_coldStarts: [7, undefined, 5],
    });
    const { periods } = await source.read(metricsQuery({ spec: FULL_SPEC }));
    expect(periods.map((period) => period.canary?.coldStarts)).toEqual([7, null, 4]);
  });

  it.each([
    ['reported, were it only zeros', { http5xx: [undefined, 0] }, true],
    ['never reported beside its requests', {}, false],
    ['had nothing to report: no requests', { invocations: [] }, null],
    ['had nothing to report: the handler always threw', { errors: [10, 10] }, null],
  ] as const)('tells that the HTTP-status stream of stable %s', async (_case, change, isHttpStreamAlive) => {
    const { invocations, errors, http5xx } = { invocations: [10, 10], errors: [], http5xx: [], ...change };
    const { source } = sourceWith({
      stable_invocations: invocations,
      stable_errors: errors,
      stable_http5xx: http5xx,
      canary_http5xx: [10],
    });
    const answer = await source.read(metricsQuery({ spec: HTTP_SPEC }));
    expect(answer).toMatchObject({ problem: null, isHttpStreamAlive });
  });

  it('does not call the HTTP-status stream silent when the answer has holes, or where none is configured', async () => {
    const partial = sourceThatAnswers({
      MetricDataResults: [
        recorded('stable_invocations', [10]),
        recorded('stable_http5xx', [], { StatusCode: 'PartialData' }),
      ],
    });
    const holes = await partial.source.read(metricsQuery({ spec: HTTP_SPEC }));
    expect(holes).toMatchObject({ isHttpStreamAlive: null });
    const without = await sourceWith({ stable_invocations: [10] }).source.read(metricsQuery());
    expect(without).toMatchObject({ problem: null, isHttpStreamAlive: null });
  });

  it('is put together from all pages; only the last page tells whether a series is complete', async () => {
    const { source, asked } = sourceThatAnswers(
      {
        MetricDataResults: [
          ...QUIET.slice(1),
          recorded('stable_invocations', [1000], { StatusCode: 'PartialData' }),
        ],
        NextToken: 'more',
      },
      { MetricDataResults: [recorded('stable_invocations', [undefined, 1100])] },
    );
    const { periods, problem } = await source.read(metricsQuery());
    expect(problem).toBeNull();
    expect(periods.map((period) => period.stable?.requests)).toEqual([1000, 1100, undefined]);
    expect(asked.map((input) => input.NextToken)).toEqual([undefined, 'more']);
    expect(asked[1]?.MetricDataQueries).toEqual(asked[0]?.MetricDataQueries);
  });

  it('is the same however CloudWatch orders its results and cuts them into pages', async () => {
    const results = ['stable', 'canary'].flatMap((side, index) => [
      recorded(`${side}_invocations`, [100 + index, undefined, 300 + index]),
      recorded(`${side}_errors`, [1, 2 + index, undefined]),
    ]);
    const whole = await sourceThatAnswers({ MetricDataResults: results }).source.read(metricsQuery());
    const shuffled = fc.shuffledSubarray(results, { minLength: results.length });
    await fc.assert(
      fc.asyncProperty(shuffled, fc.nat(results.length), async (order, cut) => {
        const page = (MetricDataResults: MetricDataResult[], more: object = {}): GetMetricDataOutput => ({
          MetricDataResults,
          ...more,
        });
        const { source } = sourceThatAnswers(
          page(order.slice(0, cut), { NextToken: 'more' }),
          page(order.slice(cut)),
        );
        expect(await source.read(metricsQuery())).toEqual(whole);
      }),
      { numRuns: 50 },
    );
  });
});

describe('an answer of which nothing may be concluded', () => {
  it.each(['PartialData', 'InternalError', 'Forbidden'] as const)(
    'has a problem when a series ends %s',
    async (StatusCode) => {
      const { source } = sourceThatAnswers({
        MetricDataResults: [...QUIET.slice(0, 3), recorded('canary_errors', [], { StatusCode })],
      });
      const { problem } = await source.read(metricsQuery());
      expect(problem).toBe(`CloudWatch did not answer completely: canary_errors (Errors Sum): ${StatusCode}`);
    },
  );

  it('has a problem when a series did not come back at all', async () => {
    const { source } = sourceThatAnswers({ MetricDataResults: QUIET.slice(1) });
    expect((await source.read(metricsQuery())).problem).toMatch(/stable_invocations .*no answer/);
  });

  it.each([
    { MetricDataResults: [...QUIET], Messages: [{ Code: 'MaxQueryTimeRangeExceeded', Value: 'too long' }] },
    {
      MetricDataResults: [
        ...QUIET.slice(1),
        recorded('stable_invocations', [], {
          Messages: [{ Code: 'MaxQueryTimeRangeExceeded', Value: 'too long' }],
        }),
      ],
    },
  ])('has a problem when CloudWatch adds a message', async (page) => {
    const { source } = sourceThatAnswers(page);
    expect((await source.read(metricsQuery())).problem).toContain('MaxQueryTimeRangeExceeded: too long');
  });

  it('has a problem, told in the words of CloudWatch alone, when CloudWatch does not understand the question', async () => {
    const { source, mock } = sourceThatAnswers();
    const refusal = { name: 'ValidationError', message: "Error in expression 'canary_custom_cpu'" };
    mock.on(GetMetricDataCommand).rejectsOnce(refusal);
    const { periods, problem } = await source.read(metricsQuery());
    expect(problem).toBe(
      "CloudWatch did not answer completely: ValidationError: Error in expression 'canary_custom_cpu'",
    );
    expect(periods).toHaveLength(3);
    expect(periods.every(({ stable, canary }) => stable === null && canary === null)).toBe(true);
  });

  it('is an error of its own when CloudWatch throttles, forbids, or fails in another way', async () => {
    const { source, mock } = sourceThatAnswers();
    mock
      .on(GetMetricDataCommand)
      .rejectsOnce({ name: 'ThrottlingException' })
      .rejectsOnce({ name: 'AccessDenied' })
      .rejectsOnce({ name: 'InvalidNextToken' });
    await expect(source.read(metricsQuery())).rejects.toThrow(TransientError);
    await expect(source.read(metricsQuery())).rejects.toThrow(PermissionError);
    await expect(source.read(metricsQuery())).rejects.toMatchObject({ name: 'InvalidNextToken' });
  });
});
