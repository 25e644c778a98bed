// Counts the DynamoDB request units of what goes through a table, as its price list counts them, from the items themselves.
// Source: DynamoDB developer guide, «DynamoDB read and write operations» and «DynamoDB item sizes and formats».
import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { ACTIVE_INDEX, type Item, type RolloutTable } from '../../src/aws/dynamodb-table.ts';

export interface RequestUnits {
  readonly reads: number;
  readonly writes: number;
}

/** What a write names: a whole item, or the key of one. */
interface Written {
  readonly Key?: Item | undefined;
  readonly Item?: Item | undefined;
}

const BYTES_PER_READ = 4096;
const BYTES_PER_WRITE = 1024;
/** A transaction prepares and commits each of its items. */
const IN_TRANSACTION = 2;

export interface CountedTable {
  readonly table: RolloutTable;
  /** Since the last call of this. */
  readonly take: () => RequestUnits;
}

export function countedTable(plain: RolloutTable): CountedTable {
  let reads = 0;
  let writes = 0;

  const itemOf = async (Key: Item | undefined): Promise<Item | undefined> =>
    (await plain.client.send(new GetCommand({ TableName: plain.name, Key, ConsistentRead: true }))).Item;

  const counted = async (written: readonly Written[], factor: number, run: () => Promise<unknown>) => {
    const keys = written.map(({ Key, Item }) => Key ?? { pk: Item?.['pk'], sk: Item?.['sk'] });
    const before = await Promise.all(keys.map(itemOf));
    const failed = await run().then(
      () => null,
      (error: unknown) => ({ error }),
    );
    const after = await Promise.all(keys.map(itemOf));
    for (const [index] of keys.entries()) {
      const [was, is] = [before[index], after[index]];
      writes += factor * writeUnits(Math.max(sizeOf(was), sizeOf(is)));
      // the index holds whole rows; a write that changes none of them leaves it alone
      const isIndexed = ACTIVE_INDEX in (was ?? {}) || ACTIVE_INDEX in (is ?? {});
      if (isIndexed && JSON.stringify(was) !== JSON.stringify(is)) {
        writes += writeUnits(Math.max(sizeOf(was), sizeOf(is)));
      }
    }
    if (failed !== null) throw failed.error;
    return {};
  };

  const send = async (command: unknown): Promise<unknown> => {
    if (command instanceof GetCommand) {
      const answer = await plain.client.send(command);
      reads += readUnits(sizeOf(answer.Item));
      return answer;
    }
    if (command instanceof QueryCommand) {
      const answer = await plain.client.send(command);
      const bytes = (answer.Items ?? []).reduce((sum, item) => sum + sizeOf(item), 0);
      reads += readUnits(bytes) * (command.input.ConsistentRead === true ? 1 : 0.5);
      return answer;
    }
    if (command instanceof TransactWriteCommand) {
      const parts = (command.input.TransactItems ?? []).flatMap((part) => Object.values(part) as Written[]);
      return counted(parts, IN_TRANSACTION, () => plain.client.send(command));
    }
    if (command instanceof PutCommand || command instanceof UpdateCommand) {
      return counted([command.input], 1, () => plain.client.send(command as PutCommand));
    }
    throw new TypeError('a command that nobody counts');
  };

  return {
    table: { ...plain, client: { send } as unknown as DynamoDBDocumentClient },
    take: () => {
      const units = { reads, writes };
      reads = 0;
      writes = 0;
      return units;
    },
  };
}

function readUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / BYTES_PER_READ));
}

function writeUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / BYTES_PER_WRITE));
}

function sizeOf(item: Item | undefined): number {
  return Object.entries(item ?? {}).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + valueSize(value),
    0,
  );
}

/** A number takes a byte for two digits and one more; a list three bytes and one for each element. */
function valueSize(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return Math.ceil(String(value).length / 2) + 1;
  if (Array.isArray(value)) return 3 + value.reduce((sum, one) => sum + 1 + valueSize(one), 0);
  return 1;
}
