// What the in-memory store keeps, and how it keeps it: frozen values that are replaced, so that no caller can change
// what is stored.
import type { AuditEntry } from '../core/audit/facts.ts';
import { InvalidDocumentError } from '../core/errors.ts';
import type { RolloutEvent } from '../core/events.ts';
import type { ServiceRecord } from '../core/service-spec.ts';
import type { Fence, RolloutRow } from '../ports.ts';

/** Evidence of one rollout: of a fact or an event with the same key the first stands. */
export interface Evidence {
  readonly audit: AuditEntry[];
  readonly factKeys: Set<string>;
  readonly events: Map<string, RolloutEvent>;
}

export interface Tables {
  readonly services: Map<string, ServiceRecord>;
  /** Target id → the service that it belongs to. */
  readonly claims: Map<string, string>;
  readonly rows: Map<string, RolloutRow>;
  /** Order of the token in the row, by rollout. */
  readonly tokenOrders: Map<string, number>;
  /** Ended rollouts that are still watched. */
  readonly watched: Set<string>;
  readonly fences: Map<string, Fence>;
  readonly approvedVersions: Map<string, string>;
  readonly evidence: Map<string, Evidence>;
  /** Of the engine: when its sweeper was here last. */
  readonly sweep: { lastAtMs: number | null };
  readonly onEntry: (rolloutId: string, entry: AuditEntry) => void;
}

const NOBODY: Fence = Object.freeze({ owner: null, epoch: 0, mode: 'CLOSED' });

export function emptyTables(onEntry: Tables['onEntry']): Tables {
  return {
    services: new Map(),
    claims: new Map(),
    rows: new Map(),
    tokenOrders: new Map(),
    watched: new Set(),
    fences: new Map(),
    approvedVersions: new Map(),
    evidence: new Map(),
    sweep: { lastAtMs: null },
    onEntry,
  };
}

/** @throws InvalidDocumentError when there is no such row */
export function requireRow(tables: Tables, rolloutId: string): RolloutRow {
  const row = tables.rows.get(rolloutId);
  if (row === undefined) throw new InvalidDocumentError(`no record of ${rolloutId}`);
  return row;
}

/** The caller freezes nested values that came from outside (`frozenCopy`); the row itself is frozen here. */
export function changeRow(tables: Tables, row: RolloutRow, change: Partial<RolloutRow>): RolloutRow {
  const changed = Object.freeze({ ...row, ...change });
  tables.rows.set(row.rolloutId, changed);
  return changed;
}

export function fenceOf(tables: Tables, targetId: string): Fence {
  return tables.fences.get(targetId) ?? NOBODY;
}

export function setFence(tables: Tables, targetId: string, fence: Fence): void {
  tables.fences.set(targetId, Object.freeze(fence));
}

export function evidenceOf(tables: Tables, rolloutId: string): Evidence {
  const found = tables.evidence.get(rolloutId);
  if (found !== undefined) return found;
  const empty: Evidence = { audit: [], factKeys: new Set(), events: new Map() };
  tables.evidence.set(rolloutId, empty);
  return empty;
}

/** A deep copy of plain data that nobody can change. */
export function frozenCopy<T>(value: T): T {
  return deepFreeze(structuredClone(value));
}

function deepFreeze<T>(value: T): T {
  if (value !== null && typeof value === 'object') {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value;
}
