// Doorway of the step abandon-rollout.
import { dynamodbRolloutStore } from '../src/aws/dynamodb-rollout-store.ts';
import { eventbridgeEventPublisher } from '../src/aws/eventbridge-event-publisher.ts';
import { trafficRouters } from '../src/aws/traffic-routers.ts';
import { lambdaHandler } from '../src/runtime/lambda-handler.ts';
import { systemClock } from '../src/runtime/system-clock.ts';
import { abandonRollout } from '../src/steps/abandon-rollout.ts';

export const handler = lambdaHandler(abandonRollout, {
  clock: systemClock(),
  store: dynamodbRolloutStore(),
  routers: trafficRouters(),
  events: eventbridgeEventPublisher(),
});
