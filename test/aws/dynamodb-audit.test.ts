// How the audit lies in the table, what the release before left there, and what somebody may have done to it.
import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { firstBroken } from '../../src/audit-chain.ts';
import { dynamodbRolloutStore } from '../../src/aws/dynamodb-rollout-store.ts';
import { type RolloutTable, rolloutTable } from '../../src/aws/dynamodb-table.ts';
import type { AuditFact } from '../../src/core/audit/facts.ts';
import { TransientError } from '../../src/core/errors.ts';
import { NO_SIGNALS } from '../../src/core/signals.ts';
import type { RolloutStore } from '../../src/ports.ts';
import {
  interruptBy,
  judgedFact,
  preparedRollout,
  ROLLED_BACK,
  rolloutDocument,
  rolloutRow,
  START_MS,
  signalBy,
  TARGET_ID,
} from '../support/rollout-fixtures.ts';
import { startTableServer, type TableServer } from './table-server.ts';

let server: TableServer;
let table: RolloutTable;
let store: RolloutStore;
let tables = 0;

beforeAll(async () => {
  server = await startTableServer();
});
afterAll(() => server.close());
beforeEach(async () => {
  tables += 1;
  const name = `audits-${tables}`;
  await server.createTable(name);
  table = rolloutTable(name, server.client);
  store = dynamodbRolloutStore(table);
});

const put = (Item: Record<string, unknown>) =>
  table.client.send(new PutCommand({ TableName: table.name, Item }));

describe('a row of the release before', () => {
  /** As that release wrote it. */
  const { acceptedAlarms: _unknown, ...document } = rolloutDocument('r1');
  const { causedAtMs: _unheardOf, ...interrupt } = interruptBy('Checkout5xx');
  const { stageIndex, acceptedAlarms, signals, ...plain } = rolloutRow('r1', { phase: 'BAKING' });
  const OLD_ITEM = {
    ...Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== null)),
    pk: 'rollout#r1',
    sk: 'row',
    active: 'yes',
    authorisedWeightPercent: 5,
    rollout: JSON.stringify(document),
    interrupt: JSON.stringify(interrupt),
    token: 'token-of-the-release-before',
  };

  beforeEach(async () => {
    await put(OLD_ITEM);
    await put({ pk: `target#${TARGET_ID}`, sk: 'fence', owner: 'r1', epoch: 1, mode: 'FORWARD' });
  });

  it('is read, with what is new filled in', async () => {
    expect(await store.readRow('r1')).toEqual({
      ...rolloutRow('r1'),
      phase: 'BAKING',
      authorisedWeightPercent: 5,
      stageIndex: -1,
      acceptedAlarms: [],
      signals: NO_SIGNALS,
      interrupt: { ...interrupt, causedAtMs: null },
      rollout: document,
      token: 'token-of-the-release-before',
    });
    await vi.waitFor(async () => expect(await store.listActive()).toHaveLength(1));
    expect(await store.readAudit('r1')).toEqual([]);
  });

  it('goes on in this one: it is signalled, aborted, woken, taken back, closed and watched', async () => {
    expect(await store.signal('r1', signalBy('ana', 'pause'))).toMatchObject({ paused: { actor: 'ana' } });
    expect(await store.latch('r1', interruptBy('ana', 'abort'))).toMatchObject({ kind: 'abort' });
    await store.putToken('r1', 'token-1', 7);
    expect((await store.readRow('r1'))?.token).toBe('token-1');
    expect(await store.beginRevert('r1')).toMatchObject({ state: 'reverting', epoch: 2 });
    await store.recordFact('r1', judgedFact(START_MS));
    await store.close('r1', ROLLED_BACK);
    const audit = await store.readAudit('r1');
    expect(audit.map(({ fact }) => fact.kind)).toEqual([
      'signalled',
      'latched',
      'reverting',
      'judged',
      'ended',
    ]);
    expect(firstBroken(audit, await store.readAuditHead('r1'))).toBeNull();
    await vi.waitFor(async () => expect(await store.listWatched()).toHaveLength(1));
  });

  it('begins its audit with a fact that no transition writes, where that comes first', async () => {
    await store.recordFact('r1', judgedFact(START_MS));
    expect(await store.readAuditHead('r1')).toMatchObject({ n: 1 });
  });
});

describe('an audit that somebody had a hand in', () => {
  beforeEach(async () => {
    await preparedRollout(store, 'r1');
    await store.recordFact('r1', judgedFact(START_MS));
    await store.recordFact('r1', judgedFact(START_MS + 60_000));
  });

  const keyOf = (sk: string) => ({ pk: 'rollout#r1', sk });
  const secondEntry = { ...keyOf('audit#leased') };

  async function change(sk: string, edit: (text: string) => string): Promise<void> {
    const { Item = {} } = await table.client.send(new GetCommand({ TableName: table.name, Key: keyOf(sk) }));
    await put({ ...Item, fact: edit(String(Item['fact'])) });
  }
  const broken = async () => firstBroken(await store.readAudit('r1'), await store.readAuditHead('r1'));

  it('tells of a changed value', async () => {
    await change(secondEntry.sk, (text) => text.replace('"epoch":1', '"epoch":2'));
    expect(await broken()).toMatchObject({ n: 1 });
  });

  it('tells of a fact that cannot be read any more, and reads all others', async () => {
    await change(secondEntry.sk, (text) => text.slice(0, -1));
    expect(await store.readAudit('r1')).toHaveLength(5);
    expect(await broken()).toMatchObject({ n: 1 });
  });

  it('tells of an entry that is gone', async () => {
    await table.client.send(new DeleteCommand({ TableName: table.name, Key: secondEntry }));
    expect(await broken()).toMatchObject({ n: 1 });
  });

  it('tells that the newest entry is gone', async () => {
    const newest = keyOf(`audit#judged ${START_MS + 60_000}`);
    await table.client.send(new DeleteCommand({ TableName: table.name, Key: newest }));
    expect(await broken()).toMatchObject({ n: 4 });
  });

  it('tells of an entry that was put in', async () => {
    const forged: AuditFact = { kind: 'gap', atMs: START_MS, why: 'Nothing happened.' };
    const [, , third] = await store.readAudit('r1');
    await put({ ...keyOf('audit#gap 1'), ...third, fact: JSON.stringify(forged) });
    expect(await broken()).toMatchObject({ n: 2 });
  });
});

describe('appending to the audit', () => {
  function mockedStore() {
    const mocked = rolloutTable('rollouts', new DynamoDBClient({ region: 'eu-west-2' }), async () => {});
    const mock = mockClient(mocked.client);
    mock.onAnyCommand().resolves({});
    return { store: dynamodbRolloutStore(mocked), mock };
  }
  const refused = new TransactionCanceledException({
    message: 'cancelled',
    $metadata: {},
    CancellationReasons: [{ Code: 'ConditionalCheckFailed' }, { Code: 'None' }],
  });

  it('leaves the row, which is large and changes often, out of it', async () => {
    const { store: mocked, mock } = mockedStore();
    mock.on(GetCommand).resolves({ Item: { n: 3, hash: 'f'.repeat(64) } });
    await mocked.recordFact('r1', judgedFact(START_MS));
    const [transaction] = mock.commandCalls(TransactWriteCommand);
    const touched = transaction?.args[0].input.TransactItems?.map(
      ({ Put, Update, ConditionCheck }) => (Update?.Key ?? ConditionCheck?.Key ?? Put?.Item)?.['sk'],
    );
    expect(touched).toEqual(['audit', `audit#judged ${START_MS}`]);
  });

  it('shows no reader an entry without those before it, which an earlier page may have missed', async () => {
    const { store: mocked, mock } = mockedStore();
    const place = (n: number) => ({ n, previous: 'p', hash: 'h', fact: '{"kind":"leased","epoch":1}' });
    mock.on(GetCommand).resolves({ Item: { n: 2, hash: 'h' } });
    mock.on(QueryCommand).resolves({ Items: [place(3), place(1), place(0)] });
    expect((await mocked.readAudit('r1')).map(({ n }) => n)).toEqual([0, 1]);
  });

  it('gives up as transient when others are always quicker', async () => {
    const { store: mocked, mock } = mockedStore();
    let n = 3;
    mock.on(GetCommand).callsFake(({ Key }) => {
      if (Key.sk !== 'audit') return {};
      n += 1;
      return { Item: { n, hash: 'f'.repeat(64) } };
    });
    mock.on(TransactWriteCommand).rejects(refused);
    await expect(mocked.recordFact('r1', judgedFact(START_MS))).rejects.toThrow(TransientError);
    expect(mock.commandCalls(TransactWriteCommand).length).toBeLessThan(20);
  });
});
