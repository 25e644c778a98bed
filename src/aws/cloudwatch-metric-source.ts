// Reads the metrics of both versions from CloudWatch, in one batch that is paged to its end.
import {
  CloudWatchClient,
  GetMetricDataCommand,
  type MessageData,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import type { LatencyBaseline } from '../core/judge/measures.ts';
import type { ServiceSpec } from '../core/service-spec.ts';
import type { MetricSource, MetricsAnswer, MetricsQuery } from '../ports.ts';
import { CLIENT_CONFIG } from './client-config.ts';
import { awsCall, isNamed } from './errors.ts';
import type { Asked, Batch } from './metric-queries.ts';
import { pageToken } from './page-token.ts';
import { httpStreamOf, longestOf, percentilesOf, periodsOf, type Reading } from './period-counts.ts';
import { wantedBatch, wantedId } from './wanted-series.ts';

/** What came back of one query over all pages. */
interface Received {
  readonly points: Map<number, number>;
  status: string;
  readonly messages: string[];
}

interface Answered {
  readonly received: ReadonlyMap<string, Received>;
  /** About the call as a whole. */
  readonly messages: readonly string[];
}

const NO_POINTS: ReadonlyMap<number, number> = new Map();

/** ValidationError is what CloudWatch says of a statistic or an expression that it cannot read; the others are modelled. */
const REFUSALS = [
  'ValidationError',
  'ValidationException',
  'InvalidParameterValueException',
  'InvalidParameterCombinationException',
] as const;

const NOTHING_ASKED: MetricsAnswer = {
  periods: [],
  problem: null,
  stableMaxSeconds: null,
  percentiles: null,
  isHttpStreamAlive: null,
};

export function cloudwatchMetricSource(client = new CloudWatchClient(CLIENT_CONFIG)): MetricSource {
  return {
    async read(query) {
      if (query.toMs <= query.fromMs) return NOTHING_ASKED;
      const batch = wantedBatch(query);
      const answered = await readPages(client, query, batch.asked).catch(refusedAnswer);
      const problem = problemOf(batch.asked, answered);
      const reading = readingOf(batch, answered);
      const periods = periodsOf(query, reading);
      return {
        periods,
        problem,
        stableMaxSeconds: longestOf(query, reading),
        percentiles: problem === null ? percentilesOf(query, reading, periods) : null,
        isHttpStreamAlive: httpStreamOf(query, reading, problem === null),
      };
    },
  };
}

/** How many metrics one read of a weighted target asks for. Metric math is free; each metric in it is not. */
export function metricsPerRead(spec: ServiceSpec, latency: LatencyBaseline | null): number {
  const { asked } = wantedBatch({
    target: spec.target,
    spec,
    latency,
    stable: { version: '1', ref: '1' },
    canary: { version: '2', ref: '2' },
    fromMs: 0,
    toMs: 60_000,
    periodSeconds: 60,
  });
  return asked.filter(({ what }) => what.MetricStat !== undefined).length;
}

/**
 * GetMetricData takes up to 500 queries and answers up to 100,800 values a page. A read has some dozens of queries and an
 * hour of minutes at the most, so pages are rare; with metric math CloudWatch gives no token for a next one, and what is
 * missing then stays PartialData.
 */
async function readPages(
  client: CloudWatchClient,
  query: MetricsQuery,
  asked: readonly Asked[],
): Promise<Answered> {
  const received = new Map<string, Received>();
  const messages: string[] = [];
  let token: string | undefined;
  do {
    const command = new GetMetricDataCommand({
      MetricDataQueries: asked.map(({ id, what, isReturned }) => ({
        Id: id,
        ...what,
        ReturnData: isReturned,
      })),
      StartTime: new Date(query.fromMs),
      EndTime: new Date(query.toMs),
      ScanBy: 'TimestampAscending',
      ...(token === undefined ? {} : { NextToken: token }),
    });
    const page = await awsCall('GetMetricData', () => client.send(command));
    for (const result of page.MetricDataResults ?? []) addPage(received, result);
    messages.push(...toSentences(page.Messages));
    token = pageToken(page.NextToken);
  } while (token !== undefined);
  return { received, messages };
}

/** The status of the last page counts: on the pages before it, PartialData only says that there are more. */
function addPage(received: Map<string, Received>, result: MetricDataResult): void {
  const id = result.Id ?? '';
  const series = received.get(id) ?? { points: new Map<number, number>(), status: '', messages: [] };
  received.set(id, series);
  series.status = result.StatusCode ?? 'none';
  series.messages.push(...toSentences(result.Messages));
  for (const [index, timestamp] of (result.Timestamps ?? []).entries()) {
    const value = result.Values?.[index];
    if (value !== undefined && Number.isFinite(value)) series.points.set(timestamp.getTime(), value);
  }
}

function readingOf({ answerIds }: Batch, { received }: Answered): Reading {
  const pointsById = (id: string | undefined) => received.get(id ?? '')?.points ?? NO_POINTS;
  return {
    pointsOf: (side, name) => pointsById(answerIds.get(wantedId(side, name))),
    valuesAt: (side, startMs) => {
      const prefix = wantedId(side, '');
      const values: Record<string, number> = {};
      for (const [id, answerId] of answerIds) {
        const value = id.startsWith(prefix) ? pointsById(answerId).get(startMs) : undefined;
        if (value !== undefined) values[id.slice(prefix.length)] = value;
      }
      return values;
    },
  };
}

/**
 * A question that CloudWatch refuses to understand, most likely metric math of the service file, is no accident of the
 * engine: it is told as what stands in the way of judging.
 */
function refusedAnswer(error: unknown): Answered {
  if (!(error instanceof Error && isNamed(error, ...REFUSALS))) throw error;
  return { received: new Map(), messages: [`${error.name}: ${error.message}`] };
}

/** One sentence about everything that is not complete; null when all is. */
function problemOf(asked: readonly Asked[], { received, messages }: Answered): string | null {
  const isRefused = received.size === 0 && messages.length > 0;
  const found = isRefused ? [] : asked.flatMap((one) => faultsOf(one, received.get(one.id)));
  const all = [...messages, ...found];
  return all.length === 0 ? null : `CloudWatch did not answer completely: ${all.join('; ')}`.slice(0, 500);
}

function faultsOf({ id, what, isReturned }: Asked, received: Received | undefined): string[] {
  if (!isReturned) return [];
  const { status, messages } = received ?? { status: 'no answer', messages: [] };
  const faults = [...(status === 'Complete' ? [] : [status]), ...messages];
  const words =
    what.Expression ?? `${what.MetricStat?.Metric?.MetricName ?? ''} ${what.MetricStat?.Stat ?? ''}`;
  return faults.length === 0 ? [] : [`${id} (${words}): ${faults.join(', ')}`];
}

/** Metric math that divides by zero leaves its point out and is complete without it: a minute without a value. */
const HARMLESS_CODES: readonly (string | undefined)[] = ['ArithmeticError'];

function toSentences(messages: readonly MessageData[] = []): string[] {
  return messages
    .filter(({ Code }) => !HARMLESS_CODES.includes(Code))
    .map(({ Code, Value }) => `${Code}: ${Value}`);
}
