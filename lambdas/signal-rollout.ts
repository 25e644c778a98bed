// Doorway of the step signal-rollout.
import { dynamodbRolloutStore } from '../src/aws/dynamodb-rollout-store.ts';
import { eventbridgeEventPublisher } from '../src/aws/eventbridge-event-publisher.ts';
import { sfnTaskTokens } from '../src/aws/sfn-task-tokens.ts';
import { lambdaHandler } from '../src/runtime/lambda-handler.ts';
import { systemClock } from '../src/runtime/system-clock.ts';
import { signalRollout } from '../src/steps/signal-rollout.ts';

export const handler = lambdaHandler(signalRollout, {
  clock: systemClock(),
  store: dynamodbRolloutStore(),
  tokens: sfnTaskTokens(),
  events: eventbridgeEventPublisher(),
});
