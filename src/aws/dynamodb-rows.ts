// The part of the DynamoDB store that holds services and rollout rows, the lists of them and the sweeper's mark.
import { NO_CHAIN } from '../audit-chain.ts';
import { gatedFact, openedFact, preparedFact } from '../core/audit/transitions.ts';
import { FencedError } from '../core/errors.ts';
import type { GateResult } from '../core/gates.ts';
import { isTerminal } from '../core/phase.ts';
import { otherSides, type Rollout, sidesOf } from '../core/rollout.ts';
import { ServiceRecordSchema } from '../core/service-spec.ts';
import type { RolloutRow, RolloutStore } from '../ports.ts';
import { append, appending } from './dynamodb-audit.ts';
import { IS_OPEN, inPhase, itemOf, readRow, requireRow, rowOf } from './dynamodb-row.ts';
import {
  type Change,
  changeItem,
  deleteItem,
  KEYS,
  type RolloutTable,
  readActive,
  readItem,
  transact,
  writeItem,
} from './dynamodb-table.ts';

type RowMethods = Pick<
  RolloutStore,
  | 'readService'
  | 'putService'
  | 'removeService'
  | 'claimTarget'
  | 'openRollout'
  | 'readRow'
  | 'listActive'
  | 'listWatched'
  | 'endWatch'
  | 'recordSweep'
  | 'readLastSweep'
  | 'recordGates'
  | 'recordPrepared'
  | 'readApprovedVersion'
>;

export function rowMethods(table: RolloutTable): RowMethods {
  return {
    readRow: (rolloutId) => readRow(table, rolloutId),
    openRollout: (row) => openRollout(table, row),
    recordGates: (rolloutId, gates) => recordGates(table, rolloutId, gates),
    recordPrepared: (rollout) => recordPrepared(table, rollout),
    readApprovedVersion: async (targetId) => {
      const version = (await readItem(table, KEYS.approved(targetId)))?.['version'];
      return typeof version === 'string' ? version : null;
    },
    ...serviceMethods(table),
    ...listMethods(table),
  };
}

function serviceMethods(
  table: RolloutTable,
): Pick<RowMethods, 'readService' | 'putService' | 'removeService' | 'claimTarget'> {
  return {
    readService: async (service) => {
      const item = await readItem(table, KEYS.service(service));
      return item === undefined ? null : ServiceRecordSchema.parse(JSON.parse(String(item['record'])));
    },
    putService: (record) =>
      writeItem(table, { ...KEYS.service(record.spec.service), record: JSON.stringify(record) }),
    removeService: (service) => deleteItem(table, KEYS.service(service)),
    claimTarget: async (targetId, service, from) => {
      const key = KEYS.claim(targetId);
      await changeItem(table, {
        key,
        set: 'SET #service = :service',
        condition: 'attribute_not_exists(pk) OR #service = :from',
        values: { ':service': service, ':from': from ?? service },
      });
      return String((await readItem(table, key))?.['service']);
    },
  };
}

function listMethods(
  table: RolloutTable,
): Pick<RowMethods, 'listActive' | 'listWatched' | 'endWatch' | 'recordSweep' | 'readLastSweep'> {
  const listed = async () => (await readActive(table)).map(rowOf);
  return {
    listActive: async () => (await listed()).filter(({ phase }) => !isTerminal(phase)),
    listWatched: async () => (await listed()).filter(({ phase }) => isTerminal(phase)),
    endWatch: async (rolloutId) => {
      // refused: it has not ended, and must stay where the sweeper finds it
      await changeItem(table, {
        key: KEYS.row(rolloutId),
        set: 'REMOVE #active',
        condition: 'attribute_exists(#outcome)',
      });
    },
    recordSweep: (atMs) => writeItem(table, { ...KEYS.sweep, atMs }),
    readLastSweep: async () => {
      const atMs = (await readItem(table, KEYS.sweep))?.['atMs'];
      return typeof atMs === 'number' ? atMs : null;
    },
  };
}

async function openRollout(table: RolloutTable, row: RolloutRow): Promise<boolean> {
  const { moved, entry } = appending(row.rolloutId, NO_CHAIN, openedFact(row));
  if (await transact(table, [moved], [itemOf(row), entry])) return true;
  const standing = await requireRow(table, row.rolloutId);
  return standing.executionArn === row.executionArn && standing.startedAtMs === row.startedAtMs;
}

async function recordGates(
  table: RolloutTable,
  rolloutId: string,
  gates: readonly GateResult[],
): Promise<void> {
  const found: Change = {
    key: KEYS.row(rolloutId),
    set: 'SET #gates = :gates',
    condition: IS_OPEN,
    values: { ':gates': JSON.stringify(gates) },
  };
  const isDone = await keepNewest(table, rolloutId, gatedFact(gates), found);
  // a rollout that has ended keeps what it has; a missing row is a defect
  if (!isDone) await requireRow(table, rolloutId);
}

async function recordPrepared(table: RolloutTable, rollout: Rollout): Promise<void> {
  const { rolloutId } = rollout;
  const { key, condition, values } = inPhase(rolloutId, ['PENDING', 'PREPARED']);
  const isDone = await keepNewest(table, rolloutId, preparedFact(rollout), {
    key,
    set: 'SET #phase = :prepared, #rollout = :rollout, #sides = :sides',
    condition: `${condition} AND (attribute_not_exists(#sides) OR #sides = :sides)`,
    values: {
      ...values,
      ':prepared': 'PREPARED',
      ':rollout': JSON.stringify(rollout),
      ':sides': sidesOf(rollout),
    },
  });
  if (isDone) return;
  const { phase, rollout: first } = await requireRow(table, rolloutId);
  if (phase === 'REVERTING' || isTerminal(phase)) {
    throw new FencedError(`${rolloutId} is ${phase}: it can no longer be prepared`);
  }
  if (first !== null && sidesOf(first) !== sidesOf(rollout))
    throw new FencedError(otherSides(first, rollout));
  // otherwise the rollout went on: a retry that comes late must not take it back to its beginning
}

/** Of a repeated transition the row keeps the newest value, the audit the first fact. False when it was refused. */
async function keepNewest(
  table: RolloutTable,
  rolloutId: string,
  fact: Parameters<typeof append>[2],
  change: Change,
): Promise<boolean> {
  const result = await append(table, rolloutId, fact, [change]);
  return result === 'repeated' ? changeItem(table, change) : result === 'appended';
}
