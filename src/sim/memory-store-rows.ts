// The part of the in-memory store that holds services and rollout rows, the lists of them and the sweeper's mark.
import { gatedFact, openedFact, preparedFact } from '../core/audit/transitions.ts';
import { FencedError } from '../core/errors.ts';
import { isTerminal } from '../core/phase.ts';
import { otherSides, sidesOf } from '../core/rollout.ts';
import type { RolloutRow, RolloutStore } from '../ports.ts';
import { append } from './memory-store-evidence.ts';
import { changeRow, frozenCopy, requireRow, type Tables } from './memory-store-tables.ts';

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

export function rowMethods(tables: Tables): RowMethods {
  const { services, claims, rows, watched, approvedVersions, sweep } = tables;
  return {
    readService: async (service) => services.get(service) ?? null,
    putService: async (record) => {
      services.set(record.spec.service, frozenCopy(record));
    },
    removeService: async (service) => {
      services.delete(service);
    },
    claimTarget: async (targetId, service, from) => {
      const owner = claims.get(targetId) ?? null;
      if (owner === null || owner === from) claims.set(targetId, service);
      return claims.get(targetId) ?? service;
    },
    readRow: async (rolloutId) => rows.get(rolloutId) ?? null,
    listActive: async () => [...rows.values()].filter((row) => !isTerminal(row.phase)),
    listWatched: async () => [...rows.values()].filter((row) => watched.has(row.rolloutId)),
    endWatch: async (rolloutId) => {
      watched.delete(rolloutId);
    },
    recordSweep: async (atMs) => {
      sweep.lastAtMs = atMs;
    },
    readLastSweep: async () => sweep.lastAtMs,
    readApprovedVersion: async (targetId) => approvedVersions.get(targetId) ?? null,
    ...startMethods(tables),
  };
}

function startMethods(tables: Tables): Pick<RowMethods, 'openRollout' | 'recordGates' | 'recordPrepared'> {
  return {
    openRollout: async (row) => openRollout(tables, row),
    recordGates: async (rolloutId, gates) => {
      const row = requireRow(tables, rolloutId);
      if (isTerminal(row.phase)) return;
      changeRow(tables, row, { gates: frozenCopy(gates) });
      append(tables, rolloutId, gatedFact(gates));
    },
    recordPrepared: async (rollout) => {
      const row = requireRow(tables, rollout.rolloutId);
      if (row.phase === 'REVERTING' || isTerminal(row.phase)) {
        throw new FencedError(`${row.rolloutId} is ${row.phase}: it can no longer be prepared`);
      }
      // a retry that comes late must not take a rollout that went on back to its beginning
      const isOfOthers = row.rollout !== null && sidesOf(row.rollout) !== sidesOf(rollout);
      if (row.rollout !== null && isOfOthers) throw new FencedError(otherSides(row.rollout, rollout));
      if (row.phase !== 'PENDING' && row.phase !== 'PREPARED') return;
      changeRow(tables, row, { phase: 'PREPARED', rollout: frozenCopy(rollout) });
      append(tables, row.rolloutId, preparedFact(rollout));
    },
  };
}

function openRollout(tables: Tables, row: RolloutRow): boolean {
  const standing = tables.rows.get(row.rolloutId);
  if (standing !== undefined) {
    return standing.executionArn === row.executionArn && standing.startedAtMs === row.startedAtMs;
  }
  tables.rows.set(row.rolloutId, frozenCopy(row));
  append(tables, row.rolloutId, openedFact(row));
  return true;
}
