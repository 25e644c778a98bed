// Doorway of the step shift-traffic.
import { dynamodbRolloutStore } from '../src/aws/dynamodb-rollout-store.ts';
import { eventbridgeEventPublisher } from '../src/aws/eventbridge-event-publisher.ts';
import { trafficRouters } from '../src/aws/traffic-routers.ts';
import { lambdaHandler } from '../src/runtime/lambda-handler.ts';
import { systemClock } from '../src/runtime/system-clock.ts';
import { shiftTraffic } from '../src/steps/shift-traffic.ts';

export const handler = lambdaHandler(shiftTraffic, {
  clock: systemClock(),
  store: dynamodbRolloutStore(),
  routers: trafficRouters(),
  events: eventbridgeEventPublisher(),
});
