// Doorway of the step settle-promotion.
import { dynamodbRolloutStore } from '../src/aws/dynamodb-rollout-store.ts';
import { eventbridgeEventPublisher } from '../src/aws/eventbridge-event-publisher.ts';
import { lambdaHandler } from '../src/runtime/lambda-handler.ts';
import { systemClock } from '../src/runtime/system-clock.ts';
import { settlePromotion } from '../src/steps/settle-promotion.ts';

export const handler = lambdaHandler(settlePromotion, {
  clock: systemClock(),
  store: dynamodbRolloutStore(),
  events: eventbridgeEventPublisher(),
});
