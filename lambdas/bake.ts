// Doorway of the step bake.
import { dynamodbRolloutStore } from '../src/aws/dynamodb-rollout-store.ts';
import { lambdaHandler } from '../src/runtime/lambda-handler.ts';
import { bake } from '../src/steps/bake.ts';

export const handler = lambdaHandler(bake, {
  store: dynamodbRolloutStore(),
});
