// The one table: its keys, and the five ways in which the store talks to it.
import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { TransientError } from '../core/errors.ts';
import { RECORD_CLIENT_CONFIG } from './client-config.ts';
import { cancellationCodes, writeDespiteConflicts } from './dynamodb-conflicts.ts';
import { awsCall, isNamed } from './errors.ts';
import { requireEnv } from './require-env.ts';

export interface RolloutTable {
  readonly name: string;
  readonly client: DynamoDBDocumentClient;
  readonly pause: (ms: number) => Promise<void>;
}

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

export type Item = Readonly<Record<string, unknown>>;

/** A condition, and a change where there is one, on one item. `#x` names the attribute x, `:x` is `values[':x']`. */
export interface Change {
  readonly key: Key;
  readonly set?: string;
  readonly condition: string;
  readonly values?: Item;
}

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** Sparse index: only rollouts that have not ended, or that are watched after their end, carry the attribute. */
export const ACTIVE_INDEX = 'active';

export function rolloutTable(
  name: string = requireEnv('STEPSHIFT_TABLE'),
  client = new DynamoDBClient(RECORD_CLIENT_CONFIG),
  pause: RolloutTable['pause'] = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
) {
  return { name, client: DynamoDBDocumentClient.from(client), pause } satisfies RolloutTable;
}

export const KEYS = {
  service: (service: string): Key => ({ pk: `service#${service}`, sk: 'record' }),
  row: (rolloutId: string): Key => ({ pk: `rollout#${rolloutId}`, sk: 'row' }),
  auditHead: (rolloutId: string): Key => ({ pk: `rollout#${rolloutId}`, sk: 'audit' }),
  evidence: (rolloutId: string, sk: string): Key => ({ pk: `rollout#${rolloutId}`, sk }),
  fence: (targetId: string): Key => ({ pk: `target#${targetId}`, sk: 'fence' }),
  claim: (targetId: string): Key => ({ pk: `target#${targetId}`, sk: 'service' }),
  approved: (targetId: string): Key => ({ pk: `target#${targetId}`, sk: 'approved' }),
  sweep: { pk: 'engine', sk: 'sweep' } satisfies Key,
} as const;

/** Strongly consistent. */
export async function readItem({ client, name }: RolloutTable, key: Key): Promise<Item | undefined> {
  const command = new GetCommand({ TableName: name, Key: key, ConsistentRead: true });
  return (await awsCall(`read ${key.pk}`, () => client.send(command))).Item;
}

/** All items of one partition whose sort key begins so, in its order. Strongly consistent. */
export function readItems(table: RolloutTable, { pk, sk }: Key): Promise<Item[]> {
  return queryAll(table, {
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
    ExpressionAttributeValues: { ':pk': pk, ':sk': sk },
  });
}

/** Rows in the sparse index; lags behind. */
export function readActive(table: RolloutTable): Promise<Item[]> {
  return queryAll(table, {
    IndexName: ACTIVE_INDEX,
    KeyConditionExpression: '#active = :active',
    ExpressionAttributeNames: { '#active': ACTIVE_INDEX },
    ExpressionAttributeValues: { ':active': 'yes' },
  });
}

async function queryAll(
  { client, name }: RolloutTable,
  query: Omit<ConstructorParameters<typeof QueryCommand>[0], 'TableName'>,
): Promise<Item[]> {
  const items: Item[] = [];
  let start: Record<string, unknown> | undefined;
  do {
    const command = new QueryCommand({
      TableName: name,
      ...query,
      ...(start === undefined ? {} : { ExclusiveStartKey: start }),
    });
    const page = await awsCall(`query ${name}`, () => client.send(command));
    items.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return items;
}

export async function writeItem(table: RolloutTable, item: Key & Item): Promise<void> {
  const { client, name } = table;
  await writeDespiteConflicts(table.pause, `write ${item.pk}`, () =>
    client.send(new PutCommand({ TableName: name, Item: item })),
  );
}

/** False when an item with that key was there already; also after a retry of our own write. */
export function createItem(table: RolloutTable, item: Key & Item): Promise<boolean> {
  const input = { TableName: table.name, Item: item, ConditionExpression: 'attribute_not_exists(pk)' };
  return unlessRefused(table, `create ${item.pk}`, () => table.client.send(new PutCommand(input)));
}

export async function deleteItem(table: RolloutTable, key: Key): Promise<void> {
  const { client, name } = table;
  await writeDespiteConflicts(table.pause, `delete ${key.pk}`, () =>
    client.send(new DeleteCommand({ TableName: name, Key: key })),
  );
}

/** False when the condition did not hold; also after a retry of our own write. */
export function changeItem(table: RolloutTable, change: Change): Promise<boolean> {
  const input = { TableName: table.name, Key: change.key, ...expressions(change) };
  return unlessRefused(table, `change ${change.key.pk}`, () => table.client.send(new UpdateCommand(input)));
}

/**
 * All or nothing. False when a condition did not hold; the caller reads to find out which, and whether the one that
 * made it false was an earlier try of its own. Throws TransientError when other writes stayed in the way.
 */
export async function transact(
  table: RolloutTable,
  changes: readonly Change[],
  created: readonly (Key & Item)[] = [],
): Promise<boolean> {
  const { client, name } = table;
  const items: TransactItem[] = [
    ...changes.map((change) => transactItem(name, change)),
    ...created.map((item) => ({
      Put: { TableName: name, Item: item, ConditionExpression: 'attribute_not_exists(pk)' },
    })),
  ];
  try {
    await writeDespiteConflicts(table.pause, 'transaction', () =>
      client.send(new TransactWriteCommand({ TransactItems: items })),
    );
    return true;
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    const codes = cancellationCodes(error);
    if (codes.includes('ConditionalCheckFailed')) return false;
    if (codes.every((code) => code === 'None' || PASSING_CODES.has(code))) {
      throw new TransientError(`transaction cancelled: ${codes.join(', ')}`, error);
    }
    throw error;
  }
}

/** Source: DynamoDB API reference, TransactWriteItems, cancellation reason codes. */
const PASSING_CODES: ReadonlySet<string> = new Set([
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]);

function transactItem(name: string, change: Change): TransactItem {
  const common = { TableName: name, Key: change.key, ConditionExpression: change.condition };
  return change.set === undefined
    ? { ConditionCheck: { ...common, ...attributes(change) } }
    : { Update: { ...common, UpdateExpression: change.set, ...attributes(change) } };
}

function expressions(change: Change) {
  return {
    ...(change.set === undefined ? {} : { UpdateExpression: change.set }),
    ConditionExpression: change.condition,
    ...attributes(change),
  };
}

/** Attribute names are always written `#name`, because many of ours (owner, mode, token) are reserved words. */
function attributes({ set = '', condition, values }: Change) {
  const names = [...new Set(`${set} ${condition}`.match(/#\w+/g) ?? [])].map((name) => [name, name.slice(1)]);
  return {
    ...(names.length === 0 ? {} : { ExpressionAttributeNames: Object.fromEntries(names) }),
    ...(values === undefined ? {} : { ExpressionAttributeValues: values }),
  };
}

async function unlessRefused(
  table: RolloutTable,
  doing: string,
  call: () => Promise<unknown>,
): Promise<boolean> {
  try {
    await writeDespiteConflicts(table.pause, doing, call);
    return true;
  } catch (error) {
    if (isNamed(error, 'ConditionalCheckFailedException')) return false;
    throw error;
  }
}
