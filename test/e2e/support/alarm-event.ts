// An alarm that fires, as EventBridge would tell it. Neither emulator emits this event, and only AWS may put it, so the deployed
// rule is asked whether it matches, and what it leads to is called as EventBridge calls it.
import {
  ListRulesCommand,
  ListTargetsByRuleCommand,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import type { Aws } from './aws.ts';
import { ACCOUNT, REGION } from './emulators.ts';

/** Throws when the deployed rule does not match the event. */
export async function deliverAlarmEvent({ events, lambda }: Aws, name: string, time: string): Promise<void> {
  const event = JSON.stringify(alarmEvent(name, time));
  const { Rules = [] } = await events.send(new ListRulesCommand({}));
  const rule = Rules.find(({ EventPattern }) => EventPattern?.includes('aws.cloudwatch'));
  const test = new TestEventPatternCommand({ EventPattern: rule?.EventPattern, Event: event });
  const { Result } = await events.send(test);
  if (Result !== true) throw new Error(`no rule of the engine matches ${event}`);
  const { Targets = [] } = await events.send(new ListTargetsByRuleCommand({ Rule: rule?.Name }));
  for (const { Arn } of Targets) {
    await lambda.send(new InvokeCommand({ FunctionName: Arn, InvocationType: 'Event', Payload: event }));
  }
}

/** Source: CloudWatch user guide, «Alarm events and EventBridge». */
function alarmEvent(alarmName: string, time: string) {
  return {
    version: '0',
    id: '2d9a7f6e-6d4c-4d4b-9a4e-3c0b7b4f4c11',
    'detail-type': 'CloudWatch Alarm State Change',
    source: 'aws.cloudwatch',
    account: ACCOUNT,
    time,
    region: REGION,
    resources: [`arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:${alarmName}`],
    detail: {
      alarmName,
      state: { value: 'ALARM', reason: 'Threshold Crossed', timestamp: time },
      previousState: { value: 'OK', reason: 'Threshold not crossed', timestamp: time },
    },
  };
}
