// What people are told by SNS: the topic of the severity, a subject that SNS takes, text and attributes.
import { PublishCommand, type PublishInput, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { snsNotifier } from '../../src/aws/sns-notifier.ts';
import { PermissionError } from '../../src/core/errors.ts';
import { storyEvent } from '../support/rollout-fixtures.ts';

const TOPICS = { 1: 'topic-1', 2: 'topic-2', 3: 'topic-3', 4: 'topic-4' };
const EVENT = storyEvent('r1', 'canary-failed', Date.UTC(2026, 0, 5, 9));

function setUp() {
  const client = new SNSClient({ region: 'eu-west-2' });
  const mock = mockClient(client);
  mock.on(PublishCommand).resolves({});
  const sent = (): PublishInput => mock.call(0).args[0].input as PublishInput;
  return { mock, notifier: snsNotifier(TOPICS, client), sent };
}

describe('snsNotifier', () => {
  it('publishes text for people and attributes for filters, on the topic of the severity', async () => {
    const { notifier, sent } = setUp();
    await notifier.tell({
      severity: 2,
      subject: 'checkout: canary failed',
      channel: 'checkout-team',
      event: EVENT,
    });
    expect(sent()).toMatchObject({
      TopicArn: 'topic-2',
      Subject: 'checkout: canary failed',
      MessageAttributes: {
        severity: { DataType: 'Number', StringValue: '2' },
        event: { DataType: 'String', StringValue: 'canary-failed' },
        service: { DataType: 'String', StringValue: 'checkout' },
        rolloutId: { DataType: 'String', StringValue: 'r1' },
        channel: { DataType: 'String', StringValue: 'checkout-team' },
        detail: { DataType: 'String', StringValue: JSON.stringify(EVENT) },
      },
    });
    expect(sent().Message).toMatch(/^canary-failed happened\.\n\nService: checkout\nRollout: r1\n/);
  });

  it.each([1, 2, 3] as const)(
    'ends a message of severity %i with its article of the runbook',
    async (severity) => {
      const { notifier, sent } = setUp();
      await notifier.tell({ severity, subject: 's', channel: null, event: EVENT });
      expect(sent().Message).toMatch(
        /\nMore: stepshift status r1\nRunbook: docs\/runbook\.md#canary-failed$/,
      );
    },
  );

  it('sends nobody to the runbook for progress', async () => {
    const { notifier, sent } = setUp();
    await notifier.tell({ severity: 4, subject: 's', channel: null, event: EVENT });
    expect(sent().Message).toMatch(/\nMore: stepshift status r1$/);
  });

  it.each(['ü'.repeat(300), 'two\nlines', '\u001b[31mred', ' ', ''])(
    'makes a subject that SNS takes of %j',
    async (subject) => {
      const { notifier, sent } = setUp();
      await notifier.tell({ severity: 4, subject, channel: null, event: EVENT });
      expect(sent().Subject).toMatch(/^[\x21-\x7e][\x20-\x7e]{0,99}$/);
    },
  );

  it('throws when it could not tell, so that the bus tries again', async () => {
    const { mock, notifier } = setUp();
    mock.on(PublishCommand).rejects({ name: 'AuthorizationErrorException', message: 'no' });
    await expect(notifier.tell({ severity: 1, subject: 's', channel: null, event: EVENT })).rejects.toThrow(
      PermissionError,
    );
  });
});
