// CloudWatch for the game day: raw series, and alarms that are set by hand.
import {
  CloudWatchClient,
  DeleteAlarmMuteRuleCommand,
  DescribeAlarmHistoryCommand,
  DisableAlarmActionsCommand,
  EnableAlarmActionsCommand,
  GetMetricDataCommand,
  PutAlarmMuteRuleCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { CLIENT_CONFIG } from '../../src/aws/client-config.ts';
import { isNamed } from '../../src/aws/errors.ts';
import { metricStat } from '../../src/aws/metric-queries.ts';
import { pageToken } from '../../src/aws/page-token.ts';
import type { Series } from '../../src/aws/target-series.ts';
import { MUTE_RULE } from '../core/names.ts';
import type { Alarms, Metrics, MetricsRead, Point } from '../ports.ts';
import { isPassing } from '../run/stopped.ts';

export function cloudwatchMetrics(
  client = new CloudWatchClient(CLIENT_CONFIG),
  once = new CloudWatchClient({ ...CLIENT_CONFIG, maxAttempts: 1 }),
): Metrics {
  return {
    tryOnce: async (series, asked) => {
      try {
        const { MetricDataResults = [] } = await once.send(commandFor(series, asked));
        const isWhole = MetricDataResults.every(({ StatusCode }) => StatusCode === 'Complete');
        return isWhole && MetricDataResults.length === series.length ? 'complete' : 'partial';
      } catch (error) {
        if (!isPassing(error)) throw error;
        return 'throttled';
      }
    },
    read: (series, asked) => readWhole(client, series, asked),
  };
}

function commandFor(
  series: readonly Series[],
  { fromMs, toMs, periodSeconds }: MetricsRead,
  token?: string,
): GetMetricDataCommand {
  return new GetMetricDataCommand({
    StartTime: new Date(fromMs),
    EndTime: new Date(toMs),
    ScanBy: 'TimestampAscending',
    ...(token === undefined ? {} : { NextToken: token }),
    MetricDataQueries: series.map((one, index) => ({
      Id: `s${index}`,
      MetricStat: metricStat(one, periodSeconds),
    })),
  });
}

async function readWhole(
  client: CloudWatchClient,
  series: readonly Series[],
  asked: MetricsRead,
): Promise<readonly (readonly Point[] | null)[]> {
  const points = series.map((): Point[] => []);
  const status = series.map((): string => '');
  let token: string | undefined;
  do {
    const { MetricDataResults = [], NextToken } = await client.send(commandFor(series, asked, token));
    for (const { Id = '', Timestamps = [], Values = [], StatusCode = '' } of MetricDataResults) {
      const index = Number(Id.slice(1));
      status[index] = StatusCode;
      points[index]?.push(
        ...Timestamps.map((at, place) => ({ atMs: at.getTime(), value: Values[place] ?? Number.NaN })),
      );
    }
    token = pageToken(NextToken);
  } while (token !== undefined);
  return points.map((found, index) => (status[index] === 'Complete' ? found : null));
}

export function cloudwatchAlarms(nowMs: () => number, client = new CloudWatchClient(CLIENT_CONFIG)): Alarms {
  return {
    setState: async (AlarmName, StateValue, StateReason) => {
      await client.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason }));
    },
    setActionsEnabled: async (name, areEnabled) => {
      await client.send(
        areEnabled
          ? new EnableAlarmActionsCommand({ AlarmNames: [name] })
          : new DisableAlarmActionsCommand({ AlarmNames: [name] }),
      );
    },
    mute: async (name) => {
      await client.send(
        new PutAlarmMuteRuleCommand({
          Name: MUTE_RULE,
          Rule: { Schedule: { Expression: atNextMinute(nowMs()), Duration: 'PT1H', Timezone: 'UTC' } },
          MuteTargets: { AlarmNames: [name] },
        }),
      );
    },
    unmute: async () => {
      try {
        await client.send(new DeleteAlarmMuteRuleCommand({ AlarmMuteRuleName: MUTE_RULE }));
      } catch (error) {
        if (!isNamed(error, 'ResourceNotFoundException', 'ResourceNotFound')) throw error;
      }
    },
    actionsSince: async (AlarmName, sinceMs) => {
      const { AlarmHistoryItems = [] } = await client.send(
        new DescribeAlarmHistoryCommand({
          AlarmName,
          HistoryItemType: 'Action',
          StartDate: new Date(sinceMs),
          EndDate: new Date(nowMs() + 60_000),
        }),
      );
      return AlarmHistoryItems.map(({ HistorySummary = '' }) => HistorySummary);
    },
  };
}

/** `at(2026-11-21T20:08)`. Source: CloudWatch API reference, Schedule of PutAlarmMuteRule. */
function atNextMinute(nowMs: number): string {
  return `at(${new Date(nowMs + 60_000).toISOString().slice(0, 16)})`;
}
