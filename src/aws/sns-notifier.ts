// Publishes what people are told, on the topic of its severity.
import { type MessageAttributeValue, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { RolloutEvent, Severity } from '../core/events.ts';
import { plainText } from '../core/plain-text.ts';
import { runbookArticle } from '../core/runbook.ts';
import type { Notifier } from '../ports.ts';
import { CLIENT_CONFIG } from './client-config.ts';
import { awsCall } from './errors.ts';
import { requireEnv } from './require-env.ts';

/** Longest subject that SNS takes; it must be ASCII in one line (SNS API reference, Publish). */
const MAX_SUBJECT_CHARACTERS = 100;

type Topics = Readonly<Record<Severity, string>>;

/** Reads STEPSHIFT_TOPIC_SEV1 to STEPSHIFT_TOPIC_SEV4 unless topics are given. */
export function snsNotifier(
  topicArns: Topics = topicsOfEnvironment(),
  client = new SNSClient(CLIENT_CONFIG),
): Notifier {
  return {
    async tell({ severity, subject, channel, event }) {
      const command = new PublishCommand({
        TopicArn: topicArns[severity],
        Subject: asciiSubject(subject),
        Message: messageOf(event, severity),
        MessageAttributes: {
          severity: { DataType: 'Number', StringValue: String(severity) },
          event: text(event.event),
          service: text(event.service),
          rolloutId: text(event.rolloutId),
          ...(channel === null ? {} : { channel: text(channel) }),
          detail: text(JSON.stringify(event)),
        },
      });
      await awsCall('Publish', () => client.send(command));
    },
  };
}

function topicsOfEnvironment(): Topics {
  const topic = (severity: Severity): string => requireEnv(`STEPSHIFT_TOPIC_SEV${severity}`);
  return { 1: topic(1), 2: topic(2), 3: topic(3), 4: topic(4) };
}

function asciiSubject(subject: string): string {
  const ascii = plainText(subject)
    .replace(/[^\x20-\x7e]/g, '?')
    .trim();
  return ascii === '' ? 'Stepshift' : ascii.slice(0, MAX_SUBJECT_CHARACTERS);
}

/** Whatever asks somebody to look says where it stands what to do now. */
function messageOf(event: RolloutEvent, severity: Severity): string {
  return [
    plainText(event.sentence),
    '',
    `Service: ${event.service}`,
    `Rollout: ${event.rolloutId}`,
    `Event:   ${event.event}`,
    `At:      ${new Date(event.atMs).toISOString()}`,
    '',
    `More: stepshift status ${event.rolloutId}`,
    ...(severity <= 3 ? [`Runbook: ${runbookArticle(event.event)}`] : []),
  ].join('\n');
}

function text(value: string): MessageAttributeValue {
  return { DataType: 'String', StringValue: value };
}
