// The CloudWatch alarm source under the contract of all alarm sources, on a mocked client that pages.
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  type DescribeAlarmsInput,
} from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { cloudwatchAlarmSource } from '../../src/aws/cloudwatch-alarm-source.ts';
import { TransientError } from '../../src/core/errors.ts';
import { type AlarmDriver, alarmSourceContract } from '../contracts/alarm-source.contract.ts';

interface FakeAlarm {
  readonly AlarmName: string;
  readonly StateValue: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  readonly StateReason: string;
  readonly StateUpdatedTimestamp: Date;
}

const PAGE = 30;

function driver(): AlarmDriver & { readonly asked: DescribeAlarmsInput[] } {
  const client = new CloudWatchClient({ region: 'eu-west-2' });
  const metric = new Map<string, FakeAlarm>();
  const composite = new Map<string, FakeAlarm>();
  const asked: DescribeAlarmsInput[] = [];
  mockClient(client)
    .on(DescribeAlarmsCommand)
    .callsFake((input: DescribeAlarmsInput) => {
      asked.push(input);
      if ((input.AlarmNames ?? []).length > 100) throw new Error('at most 100 names');
      const types: readonly string[] = input.AlarmTypes ?? ['MetricAlarm'];
      const named = (alarms: ReadonlyMap<string, FakeAlarm>, type: string): FakeAlarm[] =>
        types.includes(type) ? (input.AlarmNames ?? []).flatMap((name) => alarms.get(name) ?? []) : [];
      const start = Number(input.NextToken ?? 0);
      const metrics = named(metric, 'MetricAlarm');
      return {
        MetricAlarms: metrics.slice(start, start + PAGE),
        CompositeAlarms: start === 0 ? named(composite, 'CompositeAlarm') : [],
        ...(start + PAGE < metrics.length ? { NextToken: String(start + PAGE) } : {}),
      };
    });
  return {
    asked,
    source: cloudwatchAlarmSource(client),
    set: (name, state, reason, atMs, type = 'metric') => {
      (type === 'metric' ? metric : composite).set(name, {
        AlarmName: name,
        StateValue: state,
        StateReason: reason,
        StateUpdatedTimestamp: new Date(atMs),
      });
    },
    remove: (name) => {
      metric.delete(name);
      composite.delete(name);
    },
  };
}

alarmSourceContract('cloudwatchAlarmSource', async () => driver());

describe('cloudwatchAlarmSource', () => {
  it('asks nothing of AWS when nothing is asked of it', async () => {
    const { source, asked } = driver();
    await source.read([]);
    expect(asked).toEqual([]);
  });

  it('calls throttling transient', async () => {
    const client = new CloudWatchClient({ region: 'eu-west-2' });
    mockClient(client).on(DescribeAlarmsCommand).rejects({ name: 'Throttling', message: 'Rate exceeded' });
    await expect(cloudwatchAlarmSource(client).read(['Errors'])).rejects.toThrow(TransientError);
  });
});
