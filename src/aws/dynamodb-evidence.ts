// The part of the DynamoDB store that keeps the published story of a rollout.
import type { RolloutEvent } from '../core/events.ts';
import type { RolloutStore } from '../ports.ts';
import { createItem, KEYS, type RolloutTable, readItems } from './dynamodb-table.ts';

type EvidenceMethods = Pick<RolloutStore, 'recordEvent' | 'readEvents'>;

/** The sort keys order the story; the first event of a key stands. */
export function evidenceMethods(table: RolloutTable): EvidenceMethods {
  return {
    recordEvent: async (event) => {
      const key = KEYS.evidence(event.rolloutId, `${EVENT}${sortable(event.atMs)}#${event.event}`);
      await createItem(table, { ...key, record: JSON.stringify(event) });
    },
    readEvents: async (rolloutId) => {
      const items = await readItems(table, KEYS.evidence(rolloutId, EVENT));
      return items.map((item) => JSON.parse(String(item['record'])) as RolloutEvent);
    },
  };
}

const EVENT = 'event#';

/** Sixteen digits hold every safe integer and sort as numbers do. */
function sortable(whole: number): string {
  return Math.round(whole).toString().padStart(16, '0');
}
