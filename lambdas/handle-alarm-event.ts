// Doorway of the step handle-alarm-event.
import { cloudwatchAlarmSource } from '../src/aws/cloudwatch-alarm-source.ts';
import { dynamodbRolloutStore } from '../src/aws/dynamodb-rollout-store.ts';
import { eventbridgeEventPublisher } from '../src/aws/eventbridge-event-publisher.ts';
import { sfnTaskTokens } from '../src/aws/sfn-task-tokens.ts';
import { lambdaHandler } from '../src/runtime/lambda-handler.ts';
import { systemClock } from '../src/runtime/system-clock.ts';
import { handleAlarmEvent } from '../src/steps/handle-alarm-event.ts';

export const handler = lambdaHandler(handleAlarmEvent, {
  clock: systemClock(),
  store: dynamodbRolloutStore(),
  alarms: cloudwatchAlarmSource(),
  tokens: sfnTaskTokens(),
  events: eventbridgeEventPublisher(),
});
