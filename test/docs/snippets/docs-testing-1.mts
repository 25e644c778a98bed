// docs/testing.md, TypeScript block 1; written by test/docs/snippets.test.ts.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamodbRolloutStore } from '../../../src/aws/dynamodb-rollout-store.ts';
import { rolloutTable } from '../../../src/aws/dynamodb-table.ts';
import { rolloutStoreContract } from '../../../test/contracts/rollout-store.contract.ts';

declare const process: { readonly env: { readonly ENDPOINT: string } };
declare function deleteAllItems(): Promise<void>;
declare function loseNext(client: DynamoDBClient): void;

rolloutStoreContract('DynamoDB', async () => {
  await deleteAllItems();
  const client = new DynamoDBClient({ endpoint: process.env['ENDPOINT'] });
  return { store: dynamodbRolloutStore(rolloutTable('contract-tests', client)), loseNextAnswer: () => loseNext(client) };
});
export {};
