// The part of the in-memory store that keeps evidence: observations, traffic writes, the published story.
import type { RolloutEvent } from '../core/events.ts';
import type { Observation, RolloutStore, WriteRecord } from '../ports.ts';
import { type Evidence, evidenceOf, type Tables } from './memory-store-tables.ts';

type EvidenceMethods = Pick<
  RolloutStore,
  'recordObservation' | 'recordWrite' | 'readObservations' | 'readWrites' | 'recordEvent' | 'readEvents'
>;

export function evidenceMethods(tables: Tables): EvidenceMethods {
  return {
    recordObservation: async (rolloutId, observation) => {
      keep(evidenceOf(tables, rolloutId).observations, String(observation.atMs), observation);
    },
    recordWrite: async (rolloutId, record) => {
      keepWrite(evidenceOf(tables, rolloutId), record);
    },
    recordEvent: async (event) => {
      keep(evidenceOf(tables, event.rolloutId).events, `${event.atMs} ${event.event}`, event);
    },
    readObservations: async (rolloutId) =>
      readAll<Observation>(evidenceOf(tables, rolloutId).observations).sort((a, b) => a.atMs - b.atMs),
    readWrites: async (rolloutId) => readAll<WriteRecord>(evidenceOf(tables, rolloutId).writes).sort(byOrder),
    readEvents: async (rolloutId) =>
      readAll<RolloutEvent>(evidenceOf(tables, rolloutId).events).sort((a, b) => a.atMs - b.atMs),
  };
}

/** False when that intent or outcome was there already. */
export function keepWrite(evidence: Evidence, record: WriteRecord): boolean {
  return keep(evidence.writes, `${record.epoch} ${record.seq} ${record.kind}`, record);
}

function byOrder(a: WriteRecord, b: WriteRecord): number {
  if (a.epoch !== b.epoch) return a.epoch - b.epoch;
  if (a.seq !== b.seq) return a.seq - b.seq;
  return (a.kind === 'outcome' ? 1 : 0) - (b.kind === 'outcome' ? 1 : 0);
}

function keep(table: Map<string, string>, key: string, value: unknown): boolean {
  if (table.has(key)) return false;
  table.set(key, JSON.stringify(value));
  return true;
}

function readAll<T>(table: ReadonlyMap<string, string>): T[] {
  return [...table.values()].map((json) => JSON.parse(json) as T);
}
