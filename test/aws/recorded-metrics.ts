// Answers of GetMetricData in the shape that the SDK returns them, and a metric source that is given them.
import {
  CloudWatchClient,
  GetMetricDataCommand,
  type GetMetricDataInput,
  type GetMetricDataOutput,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { cloudwatchMetricSource } from '../../src/aws/cloudwatch-metric-source.ts';
import type { LatencyBaseline } from '../../src/core/judge/measures.ts';
import type { ServiceSpec } from '../../src/core/service-spec.ts';
import type { MetricsQuery } from '../../src/ports.ts';
import { LATENCY, SPEC } from '../support/rollout-fixtures.ts';

export { LATENCY };

export const FROM_MS = Date.UTC(2026, 0, 5, 9);
export const MINUTE_MS = 60_000;
export const ALIAS = 'FunctionName=checkout-api Resource=checkout-api:live';

/** Errors only. */
export const PLAIN: ServiceSpec = {
  ...SPEC,
  checks: { ...SPEC.checks, latency: null, throttlesLimitPercent: null, custom: [] },
};

export const BASELINE: LatencyBaseline = { p50Ms: 40, p90Ms: 100, p99Ms: 260, isCounted: true };

export function withChecks(change: Partial<ServiceSpec['checks']>): ServiceSpec {
  return { ...PLAIN, checks: { ...PLAIN.checks, ...change } };
}

export function metricsQuery(change: Partial<MetricsQuery> = {}): MetricsQuery {
  const spec = change.spec ?? PLAIN;
  return {
    target: spec.target,
    targetRoleArn: null,
    spec,
    latency: null,
    stable: { version: '41', ref: '41' },
    canary: { version: '42', ref: '42' },
    fromMs: FROM_MS,
    toMs: FROM_MS + 3 * MINUTE_MS,
    periodSeconds: 60,
    ...change,
  };
}

/** Values by minute after FROM_MS; undefined: no data point. */
export function recorded(
  Id: string,
  values: readonly (number | undefined)[],
  more: Partial<MetricDataResult> = {},
): MetricDataResult {
  const points = values.flatMap((value, index) => (value === undefined ? [] : [{ value, index }]));
  return {
    Id,
    Label: Id,
    StatusCode: 'Complete',
    Timestamps: points.map(({ index }) => new Date(FROM_MS + index * MINUTE_MS)),
    Values: points.map(({ value }) => value),
    ...more,
  };
}

/** One page of results by id; every series that is asked for and not named here is complete and empty. */
export type RecordedPage = Readonly<Record<string, readonly (number | undefined)[]>>;

export function sourceThatAnswers(...pages: readonly GetMetricDataOutput[]) {
  const { source, asked, mock } = sourceThatDoes((_input, page) => pages[page] ?? {});
  return { source, asked, mock };
}

/** Answers whatever is asked and returned, as CloudWatch does: what is not named has no data points. */
export function sourceWith(values: RecordedPage) {
  return sourceThatDoes((input) => ({
    MetricDataResults: (input.MetricDataQueries ?? []).flatMap(({ Id = '', ReturnData }) =>
      ReturnData === false ? [] : [recorded(Id, values[Id] ?? [])],
    ),
  }));
}

function sourceThatDoes(answer: (input: GetMetricDataInput, page: number) => GetMetricDataOutput) {
  const client = new CloudWatchClient({ region: 'eu-west-2' });
  const mock = mockClient(client);
  const asked: GetMetricDataInput[] = [];
  mock.on(GetMetricDataCommand).callsFake((input: GetMetricDataInput) => {
    asked.push(input);
    return answer(input, asked.length - 1);
  });
  return { source: cloudwatchMetricSource(client), asked, mock };
}

/** What was asked by id: `metric stat dimensions`, or the expression; ` (hidden)` where it is not returned. */
export function shortForm(input: GetMetricDataInput | undefined): Record<string, string> {
  return Object.fromEntries(
    (input?.MetricDataQueries ?? []).map(({ Id = '', MetricStat, Expression, ReturnData }) => {
      const dimensions = (MetricStat?.Metric?.Dimensions ?? []).map(({ Name, Value }) => `${Name}=${Value}`);
      const words = Expression ?? [MetricStat?.Metric?.MetricName, MetricStat?.Stat, ...dimensions].join(' ');
      return [Id, `${words}${ReturnData === false ? ' (hidden)' : ''}`];
    }),
  );
}
