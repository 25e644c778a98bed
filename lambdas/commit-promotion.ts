// Doorway of the step commit-promotion.
import { dynamodbRolloutStore } from '../src/aws/dynamodb-rollout-store.ts';
import { eventbridgeEventPublisher } from '../src/aws/eventbridge-event-publisher.ts';
import { lambdaHandler } from '../src/runtime/lambda-handler.ts';
import { systemClock } from '../src/runtime/system-clock.ts';
import { commitPromotion } from '../src/steps/commit-promotion.ts';

export const handler = lambdaHandler(commitPromotion, {
  clock: systemClock(),
  store: dynamodbRolloutStore(),
  events: eventbridgeEventPublisher(),
});
