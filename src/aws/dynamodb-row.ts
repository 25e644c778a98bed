// How a rollout row lies in the table: what conditions speak of is an attribute of its own, documents are JSON text
// (exact round trip, no limits of number types).
import { InvalidDocumentError } from '../core/errors.ts';
import { isTerminal, type Phase } from '../core/phase.ts';
import { sidesOf } from '../core/rollout.ts';
import { type Interrupt, NO_SIGNALS } from '../core/signals.ts';
import type { RolloutRow } from '../ports.ts';
import {
  ACTIVE_INDEX,
  type Change,
  type Item,
  KEYS,
  type Key,
  type RolloutTable,
  readItem,
} from './dynamodb-table.ts';

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

/** Asks whether the row is in one of these phases; a row that is not there is in none. */
export function inPhase(
  rolloutId: string,
  phases: readonly Phase[],
): Change & { readonly values: Readonly<Record<string, Phase>> } {
  const values = Object.fromEntries(phases.map((phase, index) => [`:from${index}`, phase]));
  const condition = `#phase IN (${Object.keys(values).join(', ')})`;
  return { key: KEYS.row(rolloutId), condition, values };
}

/** Moves the row on, on condition of where it is. */
export function phaseChange(rolloutId: string, to: Phase, from: readonly Phase[]) {
  const { key, condition, values } = inPhase(rolloutId, from);
  return { key, set: 'SET #phase = :phase', condition, values: { ...values, ':phase': to } };
}

/** The row is there, and its rollout has not ended. */
export const IS_OPEN = 'attribute_exists(pk) AND attribute_not_exists(#outcome)';

/** Attributes that are JSON text when set, and absent when null. */
const DOCUMENTS = ['rollout', 'interrupt', 'gates', 'reason', 'signals', 'acceptedAlarms'] as const;

export function itemOf(row: RolloutRow): Key & Item {
  const documents = DOCUMENTS.map((name) => [name, row[name] === null ? null : JSON.stringify(row[name])]);
  return withoutNulls({
    ...row,
    ...KEYS.row(row.rolloutId),
    alarms: [...row.alarms],
    [ACTIVE_INDEX]: isTerminal(row.phase) ? null : 'yes',
    // what conditions speak of, beside the documents that it is in
    paused: row.signals.paused?.actor ?? null,
    sides: row.rollout === null ? null : sidesOf(row.rollout),
    ...Object.fromEntries(documents),
  });
}

/** A row of the release before lacks what is new in this one: it is filled in with what it would have been. */
export function rowOf(item: Item): RolloutRow {
  const { pk, sk, [ACTIVE_INDEX]: active, tokenOrder, paused, sides, ...stored } = item;
  const documents = Object.fromEntries(DOCUMENTS.map((name) => [name, parse(stored[name])]));
  const interrupt = documents['interrupt'] as Interrupt | null;
  return {
    token: null,
    outcome: null,
    endedAtMs: null,
    stageIndex: -1,
    ...stored,
    ...documents,
    interrupt: interrupt === null ? null : { ...interrupt, causedAtMs: interrupt.causedAtMs ?? null },
    signals: documents['signals'] ?? NO_SIGNALS,
    acceptedAlarms: documents['acceptedAlarms'] ?? [],
  } as unknown as RolloutRow;
}

function withoutNulls<T extends Item>(item: T): T {
  return Object.fromEntries(Object.entries(item).filter(([, value]) => value !== null)) as T;
}

function parse(json: unknown): unknown {
  return typeof json === 'string' ? JSON.parse(json) : null;
}
