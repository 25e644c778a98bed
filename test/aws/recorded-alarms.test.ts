// DescribeAlarms as it stands on the wire: metric and composite alarms over two pages, and how it fails.
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { describe, expect, it } from 'vitest';
import { cloudwatchAlarmSource } from '../../src/aws/cloudwatch-alarm-source.ts';
import { PermissionError, TransientError } from '../../src/core/errors.ts';
import { replay } from './recorded/replay.ts';

const NAMES = ['CheckoutAny', 'Checkout5xx', 'CheckoutQueueAge', 'Nowhere'];

function reading(names: readonly string[], alarms: readonly string[] = NAMES) {
  const cloudwatch = replay({ DescribeAlarms: names.map((name) => `cloudwatch/${name}`) });
  const source = cloudwatchAlarmSource(new CloudWatchClient(cloudwatch.config));
  return { ...cloudwatch, answer: source.read(alarms) };
}

describe('alarms over two pages', () => {
  const PAGES = ['describe-alarms.page-1', 'describe-alarms.page-2'];

  it('come in the order in which they were asked for, the composite one too, the one that is not there as missing', async () => {
    const { answer, unused } = reading(PAGES);
    expect(await answer).toEqual([
      {
        name: 'CheckoutAny',
        state: 'ALARM',
        reason: expect.stringMatching(/:alarm:CheckoutLatency transitioned to ALARM/),
        updatedAtMs: Date.UTC(2026, 0, 5, 9, 1, 12, 801),
      },
      {
        name: 'Checkout5xx',
        state: 'OK',
        reason: expect.stringMatching(/^Threshold Crossed: 1 datapoint \[0\.0/),
        // the last evaluation; that its state turned a day earlier is another field, StateTransitionedTimestamp
        updatedAtMs: Date.UTC(2026, 0, 5, 9, 2, 11, 456),
      },
      {
        name: 'CheckoutQueueAge',
        state: 'INSUFFICIENT_DATA',
        reason: 'Unchecked: Initial alarm creation',
        updatedAtMs: Date.UTC(2025, 11, 1),
      },
      { name: 'Nowhere', state: 'MISSING', reason: 'there is no alarm of this name', updatedAtMs: null },
    ]);
    expect(unused()).toEqual([]);
  });

  it('are asked for in AWS JSON 1.0 with both types, the second page by the token of the first', async () => {
    const { sent, answer } = reading(PAGES);
    await answer;
    for (const { method, host, path, headers } of sent) {
      expect({ method, host, path }).toEqual({
        method: 'POST',
        host: 'monitoring.eu-west-2.amazonaws.com',
        path: '/',
      });
      expect(headers).toMatchObject({
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': 'GraniteServiceVersion20100801.DescribeAlarms',
      });
    }
    const asked = { AlarmNames: NAMES, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'], MaxRecords: 100 };
    expect(sent.map(({ body }) => JSON.parse(body))).toEqual([
      asked,
      { ...asked, NextToken: 'AAMA-EFRSURBSGlPN2pTZ3==' },
    ]);
  });
});

describe('one page', () => {
  it('without alarms leaves all of them missing', async () => {
    const found = await reading(['describe-alarms.none']).answer;
    expect(found.map(({ state }) => state)).toEqual(['MISSING', 'MISSING', 'MISSING', 'MISSING']);
  });

  // an empty token was taken for one more page, and the same question asked for ever
  it('ends with an empty token; a state that nobody knows is not fine', async () => {
    const { answer, sent } = reading(['describe-alarms.empty-token'], ['Checkout5xx']);
    expect(await answer).toMatchObject([{ name: 'Checkout5xx', state: 'INSUFFICIENT_DATA' }]);
    expect(sent).toHaveLength(1);
  });
});

it.each([
  ['throttling', TransientError, 'DescribeAlarms: Throttling: Rate exceeded'],
  ['internal-failure', TransientError, 'DescribeAlarms: InternalFailure'],
  ['access-denied', PermissionError, 'DescribeAlarms: AccessDenied'],
])('%s is an error of its kind', async (name, kind, words) => {
  const { answer } = reading([name]);
  await expect(answer).rejects.toThrow(kind);
  await expect(answer).rejects.toThrow(words);
});
