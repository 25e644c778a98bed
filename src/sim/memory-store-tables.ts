// What the in-memory store keeps, and how it keeps it: rows are frozen values that are replaced, evidence is JSON text,
// so that no caller can change what is stored.
import { InvalidDocumentError } from '../core/errors.ts';
import type { ServiceRecord } from '../core/service-spec.ts';
import type { Fence, Phase, RolloutRow } from '../ports.ts';

/** Evidence of one rollout: JSON by key, first write of a key wins. */
export interface Evidence {
  readonly observations: Map<string, string>;
  readonly writes: Map<string, string>;
  readonly events: Map<string, string>;
}

export interface Tables {
  readonly services: Map<string, ServiceRecord>;
  readonly rows: Map<string, RolloutRow>;
  readonly fences: Map<string, Fence>;
  readonly approvedVersions: Map<string, string>;
  readonly evidence: Map<string, Evidence>;
}

const TERMINAL: readonly Phase[] = ['PROMOTED', 'ROLLED_BACK', 'ABORTED', 'REJECTED', 'SUPERSEDED'];
const NOBODY: Fence = Object.freeze({ owner: null, epoch: 0, mode: 'CLOSED' });

export function emptyTables(): Tables {
  return {
    services: new Map(),
    rows: new Map(),
    fences: new Map(),
    approvedVersions: new Map(),
    evidence: new Map(),
  };
}

export function isTerminal(row: RolloutRow): boolean {
  return TERMINAL.includes(row.phase);
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
  const empty: Evidence = { observations: new Map(), writes: new Map(), events: new Map() };
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
