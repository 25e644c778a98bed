// Doorway of the step judge-canary.
import { cloudwatchAlarmSource } from '../src/aws/cloudwatch-alarm-source.ts';
import { cloudwatchMetricSource } from '../src/aws/cloudwatch-metric-source.ts';
import { dynamodbRolloutStore } from '../src/aws/dynamodb-rollout-store.ts';
import { eventbridgeEventPublisher } from '../src/aws/eventbridge-event-publisher.ts';
import { sfnExecutions } from '../src/aws/sfn-executions.ts';
import { trafficRouters } from '../src/aws/traffic-routers.ts';
import { lambdaHandler } from '../src/runtime/lambda-handler.ts';
import { systemClock } from '../src/runtime/system-clock.ts';
import { judgeCanary } from '../src/steps/judge-canary.ts';

export const handler = lambdaHandler(judgeCanary, {
  clock: systemClock(),
  store: dynamodbRolloutStore(),
  routers: trafficRouters(),
  metrics: cloudwatchMetricSource(),
  alarms: cloudwatchAlarmSource(),
  executions: sfnExecutions(),
  events: eventbridgeEventPublisher(),
});
