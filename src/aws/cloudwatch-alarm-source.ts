// Reads the states of alarms from CloudWatch, metric and composite ones.
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import type { AlarmReading } from '../core/judge/types.ts';
import type { AlarmSource } from '../ports.ts';
import { chunks } from './chunks.ts';
import { CLIENT_CONFIG } from './client-config.ts';
import { awsCall } from './errors.ts';
import { pageToken } from './page-token.ts';

/** Most names that one DescribeAlarms takes (CloudWatch API reference). */
const MAX_NAMES = 100;

/** The fields that metric and composite alarms share. */
interface FoundAlarm {
  readonly AlarmName?: string | undefined;
  readonly StateValue?: string | undefined;
  readonly StateReason?: string | undefined;
  readonly StateUpdatedTimestamp?: Date | undefined;
}

export function cloudwatchAlarmSource(client = new CloudWatchClient(CLIENT_CONFIG)): AlarmSource {
  return {
    async read(names) {
      const found = new Map<string, AlarmReading>();
      for (const some of chunks([...new Set(names)], MAX_NAMES)) {
        for (const reading of await readSome(client, some)) found.set(reading.name, reading);
      }
      return names.map((name) => found.get(name) ?? missing(name));
    },
  };
}

async function readSome(client: CloudWatchClient, names: readonly string[]): Promise<AlarmReading[]> {
  const readings: AlarmReading[] = [];
  let token: string | undefined;
  do {
    const command = new DescribeAlarmsCommand({
      AlarmNames: [...names],
      // without the types AWS answers metric alarms only
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
      MaxRecords: MAX_NAMES,
      ...(token === undefined ? {} : { NextToken: token }),
    });
    const page = await awsCall('DescribeAlarms', () => client.send(command));
    readings.push(...[...(page.MetricAlarms ?? []), ...(page.CompositeAlarms ?? [])].map(readingOf));
    token = pageToken(page.NextToken);
  } while (token !== undefined);
  return readings;
}

function readingOf(alarm: FoundAlarm): AlarmReading {
  const { AlarmName = '', StateValue, StateReason = '', StateUpdatedTimestamp } = alarm;
  return {
    name: AlarmName,
    // a state that AWS may add one day is not known to be fine
    state: StateValue === 'OK' || StateValue === 'ALARM' ? StateValue : 'INSUFFICIENT_DATA',
    reason: StateReason,
    updatedAtMs: StateUpdatedTimestamp?.getTime() ?? null,
  };
}

function missing(name: string): AlarmReading {
  return { name, state: 'MISSING', reason: 'there is no alarm of this name', updatedAtMs: null };
}
