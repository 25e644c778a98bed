// Reads the metrics of both versions from CloudWatch, in one batch that is paged to its end.
import {
  CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import type { ServiceSpec } from '../core/service-spec.ts';
import type { Side } from '../core/targets/target.ts';
import type { MetricSource, MetricsAnswer, MetricsQuery } from '../ports.ts';
import { CLIENT_CONFIG } from './client-config.ts';
import { awsCall } from './errors.ts';
import { type PeriodValues, type Series, TARGET_SERIES } from './target-series.ts';

type SideName = 'stable' | 'canary';

/** One series that was asked for, and what came back of it over all pages. */
interface Asked {
  readonly id: string;
  readonly side: SideName;
  readonly name: string;
  readonly series: Series;
}
interface Received {
  readonly values: Map<number, number>;
  status: string;
  readonly messages: string[];
}

const NOTHING_ASKED: MetricsAnswer = {
  periods: [],
  problem: null,
  stableMaxSeconds: null,
  isHttpStreamAlive: null,
};

export function cloudwatchMetricSource(client = new CloudWatchClient(CLIENT_CONFIG)): MetricSource {
  return {
    async read(query) {
      const asked = seriesToAsk(query);
      if (query.toMs <= query.fromMs) return NOTHING_ASKED;
      const { received, messages } = await readPages(client, query, asked);
      const problem = problemOf(asked, received, messages);
      return {
        periods: periodsOf(query, asked, received),
        problem,
        stableMaxSeconds: longestOf(query, asked, received),
        isHttpStreamAlive: httpStreamOf(query, asked, received, problem === null),
      };
    },
  };
}

/** How many metrics one read of a weighted target asks for; each is billed. */
export function metricsPerRead(spec: ServiceSpec): number {
  const side = { version: '1', ref: '1' };
  return seriesToAsk({ target: spec.target, spec, stable: side, canary: side }).length;
}

function seriesToAsk(query: Pick<MetricsQuery, 'target' | 'spec' | 'stable' | 'canary'>): Asked[] {
  const { seriesOf } = TARGET_SERIES[query.target.kind];
  const sides: readonly (readonly [SideName, Side | null])[] = [
    ['stable', query.stable],
    ['canary', query.canary],
  ];
  return sides.flatMap(([side, version]) =>
    version === null
      ? []
      : Object.entries(seriesOf(query, version)).map(([name, series]) => ({
          id: `${side}_${name}`,
          side,
          name,
          series,
        })),
  );
}

/** GetMetricData takes up to 500 queries and 100,800 values a call; one read has at most a dozen and 17 × 12. */
async function readPages(client: CloudWatchClient, query: MetricsQuery, asked: readonly Asked[]) {
  const received = new Map<string, Received>();
  const messages: string[] = [];
  let token: string | undefined;
  do {
    const command = new GetMetricDataCommand({
      MetricDataQueries: asked.map((one) => dataQuery(one, query.periodSeconds)),
      StartTime: new Date(query.fromMs),
      EndTime: new Date(query.toMs),
      ScanBy: 'TimestampAscending',
      ...(token === undefined ? {} : { NextToken: token }),
    });
    const page = await awsCall('GetMetricData', () => client.send(command));
    for (const result of page.MetricDataResults ?? []) addPage(received, result);
    messages.push(...(page.Messages ?? []).map((message) => `${message.Code}: ${message.Value}`));
    token = page.NextToken;
  } while (token !== undefined);
  return { received, messages };
}

function dataQuery({ id, series }: Asked, periodSeconds: number): MetricDataQuery {
  return {
    Id: id,
    MetricStat: {
      Metric: {
        Namespace: series.namespace,
        MetricName: series.metric,
        Dimensions: Object.entries(series.dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: periodSeconds,
      Stat: series.stat,
    },
    ReturnData: true,
  };
}

/** The status of the last page counts: on the pages before it, PartialData only says that there are more. */
function addPage(received: Map<string, Received>, result: MetricDataResult): void {
  const id = result.Id ?? '';
  const series = received.get(id) ?? { values: new Map<number, number>(), status: '', messages: [] };
  received.set(id, series);
  series.status = result.StatusCode ?? 'none';
  for (const message of result.Messages ?? []) series.messages.push(`${message.Code}: ${message.Value}`);
  for (const [index, timestamp] of (result.Timestamps ?? []).entries()) {
    const value = result.Values?.[index];
    if (value !== undefined) series.values.set(timestamp.getTime(), value);
  }
}

function periodsOf(
  query: MetricsQuery,
  asked: readonly Asked[],
  received: ReadonlyMap<string, Received>,
): MetricsAnswer['periods'] {
  const { countsOf } = TARGET_SERIES[query.target.kind];
  return periodStarts(query).map((startMs) => ({
    startMs,
    stable: countsOf(valuesAt(startMs, 'stable', asked, received), query.spec),
    canary: query.canary === null ? null : countsOf(valuesAt(startMs, 'canary', asked, received), query.spec),
  }));
}

function longestOf(
  query: MetricsQuery,
  asked: readonly Asked[],
  received: ReadonlyMap<string, Received>,
): number | null {
  const { longestSecondsOf } = TARGET_SERIES[query.target.kind];
  return periodStarts(query).reduce<number | null>((longest, startMs) => {
    const seconds = longestSecondsOf(valuesAt(startMs, 'stable', asked, received));
    return seconds === null ? longest : Math.max(longest ?? 0, seconds);
  }, null);
}

/** Silence means nothing where the answer has holes. */
function httpStreamOf(
  query: MetricsQuery,
  asked: readonly Asked[],
  received: ReadonlyMap<string, Received>,
  isComplete: boolean,
): boolean | null {
  const { hasHttpStatus } = TARGET_SERIES[query.target.kind];
  const found = periodStarts(query).map((startMs) =>
    hasHttpStatus(valuesAt(startMs, 'stable', asked, received), query.spec),
  );
  if (found.includes(true)) return true;
  return isComplete && found.includes(false) ? false : null;
}

function periodStarts({ fromMs, toMs, periodSeconds }: MetricsQuery): number[] {
  const count = Math.ceil((toMs - fromMs) / (periodSeconds * 1000));
  return Array.from({ length: count }, (_, index) => fromMs + index * periodSeconds * 1000);
}

function valuesAt(
  startMs: number,
  side: SideName,
  asked: readonly Asked[],
  received: ReadonlyMap<string, Received>,
): PeriodValues {
  const values: Record<string, number> = {};
  for (const one of asked) {
    const value = one.side === side ? received.get(one.id)?.values.get(startMs) : undefined;
    if (value !== undefined) values[one.name] = value;
  }
  return values;
}

/** One sentence about everything that is not complete; null when all is. */
function problemOf(
  asked: readonly Asked[],
  received: ReadonlyMap<string, Received>,
  messages: readonly string[],
): string | null {
  const found = asked.flatMap(({ id, series }) => {
    const { status, messages: own } = received.get(id) ?? { status: 'no answer', messages: [] };
    const faults = [...(status === 'Complete' ? [] : [status]), ...own];
    return faults.length === 0 ? [] : [`${id} (${series.metric} ${series.stat}): ${faults.join(', ')}`];
  });
  const all = [...messages, ...found];
  return all.length === 0 ? null : `CloudWatch did not answer completely: ${all.join('; ')}`.slice(0, 500);
}
