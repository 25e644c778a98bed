// One topic per severity: the contract with chat, paging and mail, which teams subscribe as they like.

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
  readonly arns: Readonly<Record<Severity, string>>;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const create = (severity: Severity): string =>
      new Topic(this, `Severity${severity}`, {
        displayName: `Stepshift severity ${severity}: ${SEVERITIES[severity]}`,
        enforceSSL: true,
      }).topicArn;
    this.arns = { 1: create(1), 2: create(2), 3: create(3), 4: create(4) };
  }
}
