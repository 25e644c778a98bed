// The rollout store in memory, with the conditional writes of the real one: what it refuses, the table refuses too.
import type { RolloutStore } from '../ports.ts';
import { evidenceMethods } from './memory-store-evidence.ts';
import { fenceMethods } from './memory-store-fence.ts';
import { rowMethods } from './memory-store-rows.ts';
import { emptyTables } from './memory-store-tables.ts';

/** Every method does its work in one turn of the event loop, so that it is one transaction. */
export function memoryStore(): RolloutStore {
  const tables = emptyTables();
  return { ...rowMethods(tables), ...fenceMethods(tables), ...evidenceMethods(tables) };
}
