// GetMetricData as it stands on the wire: what is asked in AWS JSON 1.0, and what the metric source makes of each answer.
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { describe, expect, it } from 'vitest';
import { cloudwatchMetricSource } from '../../src/aws/cloudwatch-metric-source.ts';
import { PermissionError, TransientError } from '../../src/core/errors.ts';
import type { CustomCheck } from '../../src/core/service-spec.ts';
import type { MetricsQuery } from '../../src/ports.ts';
import { replay } from './recorded/replay.ts';
import { FROM_MS, MINUTE_MS, metricsQuery, withChecks } from './recorded-metrics.ts';

const FROM_S = FROM_MS / 1000;

/** Reads once, with these answers one after the other. */
function reading(names: readonly string[], change: Partial<MetricsQuery> = {}) {
  const cloudwatch = replay({ GetMetricData: names.map((name) => `cloudwatch/${name}`) });
  const source = cloudwatchMetricSource(new CloudWatchClient(cloudwatch.config));
  return { ...cloudwatch, answer: source.read(metricsQuery(change)) };
}

/** Requests and errors of both sides, minute by minute. */
async function countsIn({ answer }: ReturnType<typeof reading>) {
  const { periods } = await answer;
  return periods.map(({ stable, canary }) =>
    [stable, canary].map((side) => (side === null ? null : `${side.errors} of ${side.requests}`)),
  );
}

/** Metric math, which CloudWatch answers without a token for a next page. */
const BUSY: CustomCheck = {
  kind: 'gauge',
  name: 'busy',
  metric: {
    expression: 'a / 100',
    series: {
      a: { namespace: 'Shop', name: 'Busy', stat: 'Average', dimensions: { Version: '{version}' } },
    },
  },
  limit: null,
  onLimit: 'hold',
};

function query(id: string, name: string, version: string) {
  const dimensions = {
    FunctionName: 'checkout-api',
    Resource: 'checkout-api:live',
    ExecutedVersion: version,
  };
  return {
    Id: id,
    MetricStat: {
      Metric: {
        Namespace: 'AWS/Lambda',
        MetricName: name,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: 60,
      Stat: 'Sum',
    },
    ReturnData: true,
  };
}

describe('the request', () => {
  it('is one POST in AWS JSON 1.0 that names operation, dimensions and a time range in seconds', async () => {
    const { sent, answer } = reading(['get-metric-data.last-page-with-empty-token']);
    await answer;
    expect(sent).toHaveLength(1);
    const { method, host, path, headers, body } = sent[0] ?? {};
    expect({ method, host, path }).toEqual({
      method: 'POST',
      host: 'monitoring.eu-west-2.amazonaws.com',
      path: '/',
    });
    expect(headers).toMatchObject({
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'GraniteServiceVersion20100801.GetMetricData',
      'x-amzn-query-mode': 'true',
    });
    expect(headers?.['authorization']).toMatch(/\/eu-west-2\/monitoring\/aws4_request,/);
    expect(JSON.parse(body ?? '')).toEqual({
      MetricDataQueries: [
        query('stable_invocations', 'Invocations', '41'),
        query('stable_errors', 'Errors', '41'),
        query('canary_invocations', 'Invocations', '42'),
        query('canary_errors', 'Errors', '42'),
      ],
      StartTime: FROM_S,
      EndTime: FROM_S + 180,
      ScanBy: 'TimestampAscending',
    });
  });

  it('sends metric math as an expression, and what only feeds it with ReturnData false', async () => {
    const { sent, answer } = reading(['get-metric-data.partial-without-token'], {
      spec: withChecks({ custom: [BUSY] }),
    });
    await answer;
    const { MetricDataQueries } = JSON.parse(sent[0]?.body ?? '');
    expect(MetricDataQueries).toContainEqual({
      Id: 'canary_custom_busy',
      Expression: 'canary_custom_busy_IN_a / 100',
      ReturnData: true,
    });
    expect(MetricDataQueries).toContainEqual({
      Id: 'canary_custom_busy_IN_a',
      MetricStat: {
        Metric: { Namespace: 'Shop', MetricName: 'Busy', Dimensions: [{ Name: 'Version', Value: '42' }] },
        Period: 60,
        Stat: 'Average',
      },
      ReturnData: false,
    });
  });
});

describe('several pages', () => {
  const PAGES = ['get-metric-data.page-1', 'get-metric-data.page-2'];

  it('are one answer; a minute without a time stamp has no requests', async () => {
    const read = reading(PAGES);
    expect(await read.answer).toMatchObject({ problem: null });
    expect(await countsIn(read)).toEqual([
      ['2 of 1000', '0 of 50'],
      ['0 of 1100', null],
      ['0 of 1050', '0 of 55'],
    ]);
  });

  it('are asked for by the token of the page before, with the same questions', async () => {
    const { sent, answer } = reading(PAGES);
    await answer;
    const [first, second] = sent.map(({ body }) => JSON.parse(body));
    expect(second).toEqual({ ...first, NextToken: 'eyJzdGFydCI6MiwibWV0cmljIjoic3RhYmxlIn0=' });
  });

  // an empty token was taken for one more page, and the same question asked for ever
  it('end with an empty token as they do without one', async () => {
    const read = reading(['get-metric-data.last-page-with-empty-token']);
    expect(await countsIn(read)).toEqual([
      ['0 of 1000', '0 of 50'],
      [null, null],
      [null, null],
    ]);
    expect(read.sent).toHaveLength(1);
  });
});

describe('an answer with holes is told', () => {
  it('when metric math is partial and there is no token to go on with', async () => {
    const { answer } = reading(['get-metric-data.partial-without-token'], {
      spec: withChecks({ custom: [BUSY] }),
    });
    const { problem, periods } = await answer;
    expect(problem).toBe(
      'CloudWatch did not answer completely: stable_custom_busy (stable_custom_busy_IN_a / 100): PartialData',
    );
    expect(periods[0]?.stable?.values).toEqual({ busy: 0.42 });
  });

  it('when a series is forbidden or failed inside, though the call succeeded', async () => {
    const { problem } = await reading(['get-metric-data.forbidden']).answer;
    expect(problem).toBe(
      'CloudWatch did not answer completely: stable_invocations (Invocations Sum): Forbidden, ' +
        'Forbidden: Authentication too complex to retrieve cross region data; ' +
        'stable_errors (Errors Sum): InternalError',
    );
  });

  // CloudWatch then gives the values of one unit alone: the sum lacks what was sent under the other
  it('when a series came in several units', async () => {
    const { problem } = await reading(['get-metric-data.several-units']).answer;
    expect(problem).toContain(
      "stable_errors (Errors Sum): MultipleUnits: Multiple units returned: '[Count, None]'",
    );
  });

  it('when there is a message about the call as a whole', async () => {
    const { problem } = await reading(['get-metric-data.message-of-the-call']).answer;
    expect(problem).toContain('MaxMetricsExceeded: Response limited to 500 metrics');
  });

  it('when the body is empty', async () => {
    const { problem, periods } = await reading(['get-metric-data.without-results']).answer;
    expect(problem).toMatch(/stable_invocations \(Invocations Sum\): no answer; .*canary_errors/);
    expect(periods.every(({ stable, canary }) => stable === null && canary === null)).toBe(true);
  });
});

describe('values and time stamps', () => {
  it('that are no numbers count for nothing, nor does a time stamp without a value', async () => {
    const read = reading(['get-metric-data.odd-values']);
    expect(await read.answer).toMatchObject({ problem: null });
    expect(await countsIn(read)).toEqual([
      ['0 of 1000', '0 of 50'],
      [null, null],
      ['0 of 1050', null],
    ]);
  });

  it('in the format of the old query protocol are refused by the client, not taken for other minutes', async () => {
    await expect(reading(['get-metric-data.old-timestamps']).answer).rejects.toThrow('Expected real number');
  });
});

describe('a refusal', () => {
  it.each([
    ['get-metric-data.validation-error', "ValidationException: Error in expression 'stable_custom_busy'"],
    ['get-metric-data.invalid-parameter', 'InvalidParameterValueException: The parameter StartTime must be'],
  ])('of the question (%s) is a problem in the words of CloudWatch', async (name, words) => {
    const { problem, periods } = await reading([name]).answer;
    expect(problem).toContain(`did not answer completely: ${words}`);
    expect(periods.map(({ startMs }) => startMs - FROM_MS)).toEqual([0, MINUTE_MS, 2 * MINUTE_MS]);
  });

  it.each([
    ['throttling', TransientError, 'GetMetricData: Throttling: Rate exceeded'],
    ['throttling-without-query-code', TransientError, 'GetMetricData: ThrottlingException: Rate exceeded'],
    ['internal-failure', TransientError, 'GetMetricData: InternalFailure'],
    ['access-denied', PermissionError, 'is not authorized to perform: cloudwatch:GetMetricData'],
  ])('of the call (%s) is an error of its kind', async (name, kind, words) => {
    const { answer } = reading([name]);
    await expect(answer).rejects.toThrow(kind);
    await expect(answer).rejects.toThrow(words);
  });
});
