// The rollout store on DynamoDB: one table, strongly consistent reads, every promise of the port a condition.
import type { RolloutStore } from '../ports.ts';
import { auditMethods } from './dynamodb-audit.ts';
import { evidenceMethods } from './dynamodb-evidence.ts';
import { fenceMethods } from './dynamodb-fence.ts';
import { forwardMethods } from './dynamodb-forward.ts';
import { rowMethods } from './dynamodb-rows.ts';
import { signalMethods } from './dynamodb-signals.ts';
import { rolloutTable } from './dynamodb-table.ts';

/** Reads STEPSHIFT_TABLE unless a table is given. */
export function dynamodbRolloutStore(table = rolloutTable()): RolloutStore {
  return {
    ...rowMethods(table),
    ...fenceMethods(table),
    ...forwardMethods(table),
    ...signalMethods(table),
    ...auditMethods(table),
    ...evidenceMethods(table),
  };
}
