// Doorway of the step register-service.
import { dynamodbRolloutStore } from '../src/aws/dynamodb-rollout-store.ts';
import { lambdaHandler } from '../src/runtime/lambda-handler.ts';
import { registerService } from '../src/steps/register-service.ts';

export const handler = lambdaHandler(registerService, {
  store: dynamodbRolloutStore(),
});
