// The part of the DynamoDB store that holds services and rollout rows, the latch and the token.
import { FencedError, InvalidDocumentError } from '../core/errors.ts';
import { ServiceRecordSchema } from '../core/service-spec.ts';
import type { RolloutRow, RolloutStore } from '../ports.ts';
import { isTerminal, itemOf, rowOf } from './dynamodb-row.ts';
import {
  type Change,
  changeItem,
  createItem,
  deleteItem,
  KEYS,
  type RolloutTable,
  readActive,
  readItem,
  writeItem,
} from './dynamodb-table.ts';

type RowMethods = Pick<
  RolloutStore,
  | 'readService'
  | 'putService'
  | 'removeService'
  | 'openRollout'
  | 'readRow'
  | 'listActive'
  | 'recordGates'
  | 'recordPrepared'
  | 'latch'
  | 'putToken'
  | 'readApprovedVersion'
>;

export function rowMethods(table: RolloutTable): RowMethods {
  return {
    readRow: (rolloutId) => readRow(table, rolloutId),
    listActive: async () => (await readActive(table)).map(rowOf).filter((row) => !isTerminal(row.phase)),
    openRollout: async (row) => {
      if (await createItem(table, itemOf(row))) return true;
      const standing = await requireRow(table, row.rolloutId);
      return standing.executionArn === row.executionArn && standing.startedAtMs === row.startedAtMs;
    },
    readApprovedVersion: async (targetId) => {
      const version = (await readItem(table, KEYS.approved(targetId)))?.['version'];
      return typeof version === 'string' ? version : null;
    },
    ...serviceMethods(table),
    ...recordMethods(table),
    latch: (rolloutId, interrupt) => latch(table, rolloutId, interrupt),
  };
}

export async function readRow(table: RolloutTable, rolloutId: string): Promise<RolloutRow | null> {
  const item = await readItem(table, KEYS.row(rolloutId));
  return item === undefined ? null : rowOf(item);
}

/** @throws InvalidDocumentError when there is no such row */
export async function requireRow(table: RolloutTable, rolloutId: string): Promise<RolloutRow> {
  const row = await readRow(table, rolloutId);
  if (row === null) throw new InvalidDocumentError(`no record of ${rolloutId}`);
  return row;
}

function serviceMethods(
  table: RolloutTable,
): Pick<RowMethods, 'readService' | 'putService' | 'removeService'> {
  return {
    readService: async (service) => {
      const item = await readItem(table, KEYS.service(service));
      return item === undefined ? null : ServiceRecordSchema.parse(JSON.parse(String(item['record'])));
    },
    putService: (record) =>
      writeItem(table, { ...KEYS.service(record.spec.service), record: JSON.stringify(record) }),
    removeService: (service) => deleteItem(table, KEYS.service(service)),
  };
}

function recordMethods(table: RolloutTable): Pick<RowMethods, 'recordGates' | 'recordPrepared' | 'putToken'> {
  return {
    recordGates: (rolloutId, gates) =>
      changeRow(table, {
        key: KEYS.row(rolloutId),
        set: 'SET #gates = :gates',
        condition: 'attribute_exists(pk)',
        values: { ':gates': JSON.stringify(gates) },
      }),
    recordPrepared: async (rollout) => {
      const isDone = await changeItem(table, {
        key: KEYS.row(rollout.rolloutId),
        set: 'SET #phase = :prepared, #rollout = :rollout',
        condition: '#phase IN (:pending, :prepared)',
        values: { ':pending': 'PENDING', ':prepared': 'PREPARED', ':rollout': JSON.stringify(rollout) },
      });
      if (isDone) return;
      const { phase } = await requireRow(table, rollout.rolloutId);
      if (phase === 'REVERTING' || isTerminal(phase)) {
        throw new FencedError(`${rollout.rolloutId} is ${phase}: it can no longer be prepared`);
      }
      // otherwise the rollout went on: a retry that comes late must not take it back to its beginning
    },
    putToken: async (rolloutId, token) => {
      const isDone = await changeItem(table, {
        key: KEYS.row(rolloutId),
        set: 'SET #token = :token',
        condition: 'attribute_exists(pk) AND attribute_not_exists(#outcome)',
        values: { ':token': token },
      });
      // the token of an ended rollout is of no use to anybody; a missing row is a defect
      if (!isDone) await requireRow(table, rolloutId);
    },
  };
}

/** Set-once: the condition refuses a second interrupt, and one that comes after the point of no return. */
async function latch(
  table: RolloutTable,
  rolloutId: string,
  interrupt: Parameters<RolloutStore['latch']>[1],
): ReturnType<RolloutStore['latch']> {
  const isDone = await changeItem(table, {
    key: KEYS.row(rolloutId),
    set: 'SET #interrupt = :interrupt',
    condition:
      'attribute_exists(pk) AND attribute_not_exists(#interrupt) AND attribute_not_exists(#outcome) AND #phase <> :promoting',
    values: { ':interrupt': JSON.stringify(interrupt), ':promoting': 'PROMOTING' },
  });
  if (isDone) return interrupt;
  const row = await readRow(table, rolloutId);
  if (row === null || row.phase === 'PROMOTING' || isTerminal(row.phase)) return null;
  return row.interrupt;
}

async function changeRow(table: RolloutTable, change: Change): Promise<void> {
  if (await changeItem(table, change)) return;
  throw new InvalidDocumentError(`no record of ${change.key.pk}`);
}
