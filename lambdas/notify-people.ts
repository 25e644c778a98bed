// Doorway of the step notify-people.
import { dynamodbRolloutStore } from '../src/aws/dynamodb-rollout-store.ts';
import { snsNotifier } from '../src/aws/sns-notifier.ts';
import { lambdaHandler } from '../src/runtime/lambda-handler.ts';
import { notifyPeople } from '../src/steps/notify-people.ts';

export const handler = lambdaHandler(notifyPeople, {
  store: dynamodbRolloutStore(),
  notifier: snsNotifier(),
});
