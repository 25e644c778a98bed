// The rollout store in memory, with the conditional writes of the real one: what it refuses, the table refuses too.
import type { RolloutStore } from '../ports.ts';
import { evidenceMethods } from './memory-store-evidence.ts';
import { fenceMethods } from './memory-store-fence.ts';
import { rowMethods } from './memory-store-rows.ts';
import { signalMethods } from './memory-store-signals.ts';
import { emptyTables, type Tables } from './memory-store-tables.ts';

/**
 * Every method does its work in one turn of the event loop, so that it is one transaction.
 * @param onEntry hears every entry of an audit at the moment it becomes durable
 */
export function memoryStore(onEntry: Tables['onEntry'] = () => {}): RolloutStore {
  return storeOn(emptyTables(onEntry));
}

/** The same on tables that the caller can look into. */
export function storeOn(tables: Tables): RolloutStore {
  return {
    ...rowMethods(tables),
    ...fenceMethods(tables),
    ...signalMethods(tables),
    ...evidenceMethods(tables),
  };
}
