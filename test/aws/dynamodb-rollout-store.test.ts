// The DynamoDB store keeps the promises of its port, on an emulated table over HTTP; and what only a network can do to it.
import {
  DynamoDBClient,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import { GetCommand, QueryCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dynamodbRolloutStore } from '../../src/aws/dynamodb-rollout-store.ts';
import { type RolloutTable, rolloutTable } from '../../src/aws/dynamodb-table.ts';
import { FencedError, TransientError } from '../../src/core/errors.ts';
import type { RolloutStore } from '../../src/ports.ts';
import { rolloutStoreContract } from '../contracts/rollout-store.contract.ts';
import {
  intent,
  interruptBy,
  preparedRollout,
  ROLLED_BACK,
  rolloutRow,
  TARGET_ID,
} from '../support/rollout-fixtures.ts';
import { startTableServer, type TableServer } from './table-server.ts';

let server: TableServer;
let tables = 0;

beforeAll(async () => {
  server = await startTableServer();
});
afterAll(() => server.close());

async function emptyTable(): Promise<RolloutTable> {
  tables += 1;
  const name = `rollouts-${tables}`;
  await server.createTable(name);
  return rolloutTable(name, server.client);
}

async function emptyStore(): Promise<RolloutStore> {
  return dynamodbRolloutStore(await emptyTable());
}

rolloutStoreContract('dynamodbRolloutStore', async () => ({
  store: await emptyStore(),
  loseNextAnswer: server.loseNextAnswer,
}));

/** A store whose table finds nothing and takes everything, until it is told otherwise. */
function mockedStore() {
  const pauses: number[] = [];
  const pause = async (ms: number): Promise<void> => void pauses.push(ms);
  const table = rolloutTable('rollouts', new DynamoDBClient({ region: 'eu-west-2' }), pause);
  const mock = mockClient(table.client);
  mock.onAnyCommand().resolves({});
  return { store: dynamodbRolloutStore(table), mock, pauses };
}

function cancelled(code = 'TransactionConflict'): TransactionCanceledException {
  return new TransactionCanceledException({
    message: 'cancelled',
    $metadata: { httpStatusCode: 400 },
    CancellationReasons: [{ Code: 'None' }, { Code: code }],
  });
}

/** The client sends a write again when its answer is lost, so that the store meets its own earlier success. */
describe('dynamodbRolloutStore knows its own success when the answer was lost', () => {
  let store: RolloutStore;
  beforeEach(async () => {
    store = await emptyStore();
  });

  it('opens a rollout', async () => {
    server.loseNextAnswer();
    expect(await store.openRollout(rolloutRow('r1'))).toBe(true);
  });

  it('takes the lease', async () => {
    await store.openRollout(rolloutRow('r1'));
    server.loseNextAnswer();
    expect(await store.takeLease(TARGET_ID, 'r1')).toEqual({ taken: true, epoch: 1 });
  });

  it('latches', async () => {
    await preparedRollout(store, 'r1');
    server.loseNextAnswer();
    expect(await store.latch('r1', interruptBy('Checkout5xx'))).toEqual(interruptBy('Checkout5xx'));
  });

  it('authorises a shift', async () => {
    const rollout = await preparedRollout(store, 'r1');
    server.loseNextAnswer();
    await store.authoriseShift(rollout, intent(rollout, 1, 5));
    expect((await store.readAudit('r1')).at(-1)?.fact).toEqual(intent(rollout, 1, 5));
  });

  it('commits the promotion', async () => {
    const rollout = await preparedRollout(store, 'r1');
    server.loseNextAnswer();
    await store.commitPromotion(rollout);
    expect(await store.readRow('r1')).toMatchObject({ phase: 'PROMOTING' });
  });

  it('opens the way back, and raises the epoch once', async () => {
    await preparedRollout(store, 'r1');
    server.loseNextAnswer();
    expect(await store.beginRevert('r1')).toMatchObject({ state: 'reverting', epoch: 2 });
    expect(await store.readFence(TARGET_ID)).toMatchObject({ epoch: 2, mode: 'REVERT' });
  });

  it('closes', async () => {
    await preparedRollout(store, 'r1');
    await store.beginRevert('r1');
    server.loseNextAnswer();
    await store.close('r1', ROLLED_BACK);
    expect(await store.readFence(TARGET_ID)).toMatchObject({ owner: null, mode: 'CLOSED' });
  });
});

describe('dynamodbRolloutStore', () => {
  it('lets exactly one of a commit and a way back through when they race', async () => {
    const store = await emptyStore();
    const rollout = await preparedRollout(store, 'r1');
    const [commit, revert] = await Promise.allSettled([
      store.commitPromotion(rollout),
      store.beginRevert('r1'),
    ]);
    const hasCommitted = commit.status === 'fulfilled';
    const wayBack = revert.status === 'fulfilled' ? revert.value.state : 'failed';
    expect(wayBack).toBe(hasCommitted ? 'promoting' : 'reverting');
    if (commit.status === 'rejected') expect(commit.reason).toBeInstanceOf(FencedError);
  });

  // an emulator shows every write at once, so only what is asked for can tell
  it('reads strongly consistent wherever DynamoDB can, which an index cannot', async () => {
    const { store, mock } = mockedStore();
    await Promise.all([
      store.readRow('r1'),
      store.readFence(TARGET_ID),
      store.readService('checkout'),
      store.readApprovedVersion(TARGET_ID),
      store.readLastSweep(),
      store.readAuditHead('r1'),
      store.readAudit('r1'),
      store.readEvents('r1'),
      store.listActive(),
      store.listWatched(),
    ]);
    const reads = [...mock.commandCalls(GetCommand), ...mock.commandCalls(QueryCommand)].map(
      ({ args: [{ input }] }) => input,
    );
    expect(reads).toHaveLength(11);
    for (const input of reads) {
      const isOfIndex = 'IndexName' in input;
      expect([isOfIndex, input.ConsistentRead]).toEqual([isOfIndex, isOfIndex ? undefined : true]);
    }
  });

  it('tries a transaction that met another write again, after short pauses that differ', async () => {
    const { store, mock, pauses } = mockedStore();
    mock.on(TransactWriteCommand).rejectsOnce(cancelled()).rejectsOnce(cancelled()).resolves({});
    expect(await store.takeLease(TARGET_ID, 'r1')).toEqual({ taken: true, epoch: 1 });
    expect(new Set(pauses).size).toBe(2);
    for (const ms of pauses) {
      expect(ms).toBeGreaterThanOrEqual(20);
      expect(ms).toBeLessThanOrEqual(200);
    }
  });

  it('tries a plain write that met a transaction again', async () => {
    const { store, mock, pauses } = mockedStore();
    const conflict = new TransactionConflictException({ message: 'conflict', $metadata: {} });
    mock.on(UpdateCommand).rejectsOnce(conflict).resolves({});
    await store.putToken('r1', 'token-1', 1);
    expect(pauses).toHaveLength(1);
  });

  it('calls a transaction that other writes stay in the way of transient', async () => {
    const { store, mock, pauses } = mockedStore();
    mock.on(TransactWriteCommand).rejects(cancelled());
    await expect(store.takeLease(TARGET_ID, 'r1')).rejects.toThrow(TransientError);
    expect(pauses).toHaveLength(4);
  });

  it('leaves throttling to the retry of its step, which has longer pauses', async () => {
    const { store, mock, pauses } = mockedStore();
    mock.on(TransactWriteCommand).rejects(cancelled('ThrottlingError'));
    await expect(store.takeLease(TARGET_ID, 'r1')).rejects.toThrow(TransientError);
    expect(pauses).toEqual([]);
  });
});
