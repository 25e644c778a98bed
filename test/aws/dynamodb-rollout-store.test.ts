// The DynamoDB store keeps the promises of its port, on an emulated table over HTTP.
import { afterAll, beforeAll } from 'vitest';
import { dynamodbRolloutStore } from '../../src/aws/dynamodb-rollout-store.ts';
import { rolloutTable } from '../../src/aws/dynamodb-table.ts';
import { rolloutStoreContract } from '../contracts/rollout-store.contract.ts';
import { startTableServer, type TableServer } from './table-server.ts';

let server: TableServer;
let tables = 0;

beforeAll(async () => {
  server = await startTableServer();
});
afterAll(() => server.close());

rolloutStoreContract('dynamodbRolloutStore', async () => {
  tables += 1;
  const name = `rollouts-${tables}`;
  await server.createTable(name);
  return { store: dynamodbRolloutStore(rolloutTable(name, server.client)) };
});
