// Doorway of the step guard-rollout.
import { dynamodbRolloutStore } from '../src/aws/dynamodb-rollout-store.ts';
import { eventbridgeEventPublisher } from '../src/aws/eventbridge-event-publisher.ts';
import { sfnExecutions } from '../src/aws/sfn-executions.ts';
import { trafficRouters } from '../src/aws/traffic-routers.ts';
import { lambdaHandler } from '../src/runtime/lambda-handler.ts';
import { systemClock } from '../src/runtime/system-clock.ts';
import { guardRollout } from '../src/steps/guard-rollout.ts';

export const handler = lambdaHandler(guardRollout, {
  clock: systemClock(),
  store: dynamodbRolloutStore(),
  routers: trafficRouters(),
  executions: sfnExecutions(),
  events: eventbridgeEventPublisher(),
});
