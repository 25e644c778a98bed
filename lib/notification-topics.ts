// One topic per severity: the contract with chat, paging and mail, which teams subscribe as they like.

import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Severity } from '../src/core/events.ts';

const SEVERITIES: Readonly<Record<Severity, string>> = {
  1: 'traffic is not safe',
  2: 'rolled back',
  3: 'look at it',
  4: 'progress',
};

/**
 * Only TLS is accepted. Messages are not encrypted with a key of their own: they hold service names, versions and
 * rates, never secrets or personal data, and the managed SNS key would shut out subscribers of other AWS services.
 */
export class NotificationTopics extends Construct {
  readonly topics: Readonly<Record<Severity, Topic>>;
  readonly arns: Readonly<Record<Severity, string>>;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const create = (severity: Severity): Topic =>
      new Topic(this, `Severity${severity}`, {
        displayName: `Stepshift severity ${severity}: ${SEVERITIES[severity]}`,
        enforceSSL: true,
      });
    const topics = { 1: create(1), 2: create(2), 3: create(3), 4: create(4) };
    for (const topic of [topics[1], topics[2]]) allowAlarms(topic);
    this.topics = topics;
    this.arns = {
      1: topics[1].topicArn,
      2: topics[2].topicArn,
      3: topics[3].topicArn,
      4: topics[4].topicArn,
    };
  }
}

/** A topic with a policy of its own has lost the default one, by which alarms of its account may publish. */
function allowAlarms(topic: Topic): void {
  const { account, partition, region } = Stack.of(topic);
  topic.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: {
        ArnLike: { 'aws:SourceArn': `arn:${partition}:cloudwatch:${region}:${account}:alarm:*` },
        StringEquals: { 'aws:SourceAccount': account },
      },
    }),
  );
}
