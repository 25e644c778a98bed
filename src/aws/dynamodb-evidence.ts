// The part of the DynamoDB store that keeps evidence: observations, traffic writes, the published story.
import type { RolloutEvent } from '../core/events.ts';
import type { Observation, RolloutStore, WriteRecord } from '../ports.ts';
import { createItem, type Item, KEYS, type Key, type RolloutTable, readItems } from './dynamodb-table.ts';

type EvidenceMethods = Pick<
  RolloutStore,
  'recordObservation' | 'recordWrite' | 'readObservations' | 'readWrites' | 'recordEvent' | 'readEvents'
>;

/** The sort keys order the evidence; the first write of a key stands. */
export function evidenceMethods(table: RolloutTable): EvidenceMethods {
  return {
    recordObservation: (rolloutId, observation) =>
      keep(table, KEYS.evidence(rolloutId, `observation#${sortable(observation.atMs)}`), observation),
    recordWrite: async (rolloutId, record) => {
      await createItem(table, writeItemOf(rolloutId, record));
    },
    recordEvent: (event) =>
      keep(table, KEYS.evidence(event.rolloutId, `event#${sortable(event.atMs)}#${event.event}`), event),
    readObservations: (rolloutId) => readAll<Observation>(table, rolloutId, 'observation#'),
    readWrites: (rolloutId) => readAll<WriteRecord>(table, rolloutId, 'write#'),
    readEvents: (rolloutId) => readAll<RolloutEvent>(table, rolloutId, 'event#'),
  };
}

/** The epoch comes first: the way back may use a number that a lost shift had before it. */
export function writeItemOf(rolloutId: string, record: WriteRecord): Key & Item {
  const { epoch, seq, kind } = record;
  return withRecord(KEYS.evidence(rolloutId, `write#${sortable(epoch)}#${sortable(seq)}#${kind}`), record);
}

async function keep(table: RolloutTable, key: Key, record: unknown): Promise<void> {
  await createItem(table, withRecord(key, record));
}

function withRecord(key: Key, record: unknown): Key & Item {
  return { ...key, record: JSON.stringify(record) };
}

async function readAll<T>(table: RolloutTable, rolloutId: string, prefix: string): Promise<T[]> {
  const items = await readItems(table, KEYS.evidence(rolloutId, prefix));
  return items.map((item) => JSON.parse(String(item['record'])) as T);
}

/** Sixteen digits hold every safe integer and sort as numbers do. */
function sortable(whole: number): string {
  return Math.round(whole).toString().padStart(16, '0');
}
