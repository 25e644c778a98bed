// Doorway of the step settle-promotion.
import { dynamodbRolloutStore } from '../src/aws/dynamodb-rollout-store.ts';
import { lambdaHandler } from '../src/runtime/lambda-handler.ts';
import { settlePromotion } from '../src/steps/settle-promotion.ts';

export const handler = lambdaHandler(settlePromotion, {
  store: dynamodbRolloutStore(),
});
