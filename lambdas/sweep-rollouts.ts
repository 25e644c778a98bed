// Doorway of the step sweep-rollouts.
import { dynamodbRolloutStore } from '../src/aws/dynamodb-rollout-store.ts';
import { eventbridgeEventPublisher } from '../src/aws/eventbridge-event-publisher.ts';
import { sfnExecutions } from '../src/aws/sfn-executions.ts';
import { trafficRouters } from '../src/aws/traffic-routers.ts';
import { lambdaHandler } from '../src/runtime/lambda-handler.ts';
import { systemClock } from '../src/runtime/system-clock.ts';
import { sweepRollouts } from '../src/steps/sweep-rollouts.ts';

export const handler = lambdaHandler(sweepRollouts, {
  clock: systemClock(),
  store: dynamodbRolloutStore(),
  routers: trafficRouters(),
  executions: sfnExecutions(),
  events: eventbridgeEventPublisher(),
});
