// How a rollout row lies in the table: what conditions speak of is an attribute of its own, documents are JSON text
// (exact round trip, no limits of number types).
import type { GateResult } from '../core/gates.ts';
import type { Rollout } from '../core/rollout.ts';
import type { Reason } from '../core/verdict.ts';
import type { Interrupt, Phase, RolloutRow } from '../ports.ts';
import { ACTIVE_INDEX, type Change, type Item, KEYS, type Key } from './dynamodb-table.ts';

const TERMINAL: readonly Phase[] = ['PROMOTED', 'ROLLED_BACK', 'ABORTED', 'REJECTED', 'SUPERSEDED'];

export function isTerminal(phase: Phase): boolean {
  return TERMINAL.includes(phase);
}

/** Phases from which a rollout may go on, turn back or commit. */
export const FORWARD_PHASES: readonly Phase[] = ['PENDING', 'PREPARED', 'SHIFTING', 'BAKING'];

/** Moves the row on, on condition of where it is. */
export function phaseChange(rolloutId: string, to: Phase, from: readonly Phase[]): Change {
  const names = from.map((_, index) => `:from${index}`);
  return {
    key: KEYS.row(rolloutId),
    set: 'SET #phase = :phase',
    condition: `#phase IN (${names.join(', ')})`,
    values: { ':phase': to, ...Object.fromEntries(from.map((phase, index) => [`:from${index}`, phase])) },
  };
}

/** Attributes that are JSON text when set, and absent when null. */
const DOCUMENTS = ['rollout', 'interrupt', 'gates', 'reason'] as const;

export function itemOf(row: RolloutRow): Key & Item {
  const { token, outcome, endedAtMs, rollout, interrupt, gates, reason, ...plain } = row;
  return withoutNulls({
    ...KEYS.row(row.rolloutId),
    ...plain,
    alarms: [...row.alarms],
    [ACTIVE_INDEX]: isTerminal(row.phase) ? null : 'yes',
    token,
    outcome,
    endedAtMs,
    ...documentsOf({ rollout, interrupt, gates, reason }),
  });
}

export function rowOf(item: Item): RolloutRow {
  const { pk, sk, [ACTIVE_INDEX]: active, ...stored } = item;
  const row: Record<string, unknown> = { token: null, outcome: null, endedAtMs: null, ...stored };
  for (const name of DOCUMENTS) row[name] = parse(stored[name]);
  return row as unknown as RolloutRow;
}

function documentsOf(documents: {
  readonly rollout: Rollout | null;
  readonly interrupt: Interrupt | null;
  readonly gates: readonly GateResult[] | null;
  readonly reason: Reason | null;
}): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(documents).map(([name, value]) => [name, value === null ? null : JSON.stringify(value)]),
  );
}

function withoutNulls<T extends Item>(item: T): T {
  return Object.fromEntries(Object.entries(item).filter(([, value]) => value !== null)) as T;
}

function parse(json: unknown): unknown {
  return typeof json === 'string' ? JSON.parse(json) : null;
}
