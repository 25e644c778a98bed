// The part of the in-memory store that holds services and rollout rows, the latch and the token.
import { FencedError } from '../core/errors.ts';
import type { RolloutStore } from '../ports.ts';
import { changeRow, frozenCopy, isTerminal, requireRow, type Tables } from './memory-store-tables.ts';

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

export function rowMethods(tables: Tables): RowMethods {
  const { services, rows, approvedVersions } = tables;
  return {
    readService: async (service) => services.get(service) ?? null,
    putService: async (record) => {
      services.set(record.spec.service, frozenCopy(record));
    },
    removeService: async (service) => {
      services.delete(service);
    },
    openRollout: async (row) => {
      const standing = rows.get(row.rolloutId);
      if (standing !== undefined) {
        return standing.executionArn === row.executionArn && standing.startedAtMs === row.startedAtMs;
      }
      rows.set(row.rolloutId, frozenCopy(row));
      return true;
    },
    readRow: async (rolloutId) => rows.get(rolloutId) ?? null,
    listActive: async () => [...rows.values()].filter((row) => !isTerminal(row)),
    readApprovedVersion: async (targetId) => approvedVersions.get(targetId) ?? null,
    ...recordMethods(tables),
  };
}

function recordMethods(
  tables: Tables,
): Pick<RowMethods, 'recordGates' | 'recordPrepared' | 'latch' | 'putToken'> {
  return {
    recordGates: async (rolloutId, gates) => {
      changeRow(tables, requireRow(tables, rolloutId), { gates: frozenCopy(gates) });
    },
    recordPrepared: async (rollout) => {
      const row = requireRow(tables, rollout.rolloutId);
      if (row.phase === 'REVERTING' || isTerminal(row)) {
        throw new FencedError(`${row.rolloutId} is ${row.phase}: it can no longer be prepared`);
      }
      // a retry that comes late must not take a rollout that went on back to its beginning
      if (row.phase !== 'PENDING' && row.phase !== 'PREPARED') return;
      changeRow(tables, row, { phase: 'PREPARED', rollout: frozenCopy(rollout) });
    },
    latch: async (rolloutId, interrupt) => {
      const row = tables.rows.get(rolloutId);
      if (row === undefined || row.phase === 'PROMOTING' || isTerminal(row)) return null;
      if (row.interrupt !== null) return row.interrupt;
      return changeRow(tables, row, { interrupt: frozenCopy(interrupt) }).interrupt;
    },
    putToken: async (rolloutId, token) => {
      const row = requireRow(tables, rolloutId);
      if (!isTerminal(row)) changeRow(tables, row, { token });
    },
  };
}
