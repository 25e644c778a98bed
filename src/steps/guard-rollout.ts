// Event handler: an execution ended; if its record is still open, the guard finishes what it left. Best effort by nature.
import * as z from 'zod';
import { rolloutIdOf } from '../core/rollout.ts';
import { settleRow } from './settle-row.ts';
import { defineStep } from './step.ts';

/** Source: Step Functions guide, «Execution Status Change» events. The input may be missing from it, so only ids are read. */
const StatusEventSchema = z.looseObject({
  detail: z.looseObject({ executionArn: z.string(), status: z.string() }),
});

export const guardRollout = defineStep({
  name: 'guard-rollout',
  does: 'Finishes what an ended execution left open',
  trigger: { kind: 'execution-event' },
  uses: ['clock', 'store', 'routers', 'executions', 'events'],
  input: StatusEventSchema,
  run: async ({ detail }, ports): Promise<{ settled: boolean }> => {
    const row = await ports.store.readRow(rolloutIdOf(detail.executionArn));
    if (row === null || row.outcome !== null || row.executionArn !== detail.executionArn)
      return { settled: false };
    // the event may be late, forged or a copy: only the execution itself knows whether it is over
    const status = await ports.executions.status(row.executionArn);
    if (status === 'RUNNING') return { settled: false };
    const why = `The execution ended (${status}) and left its rollout open`;
    // what only time can settle is the sweeper's
    return { settled: await settleRow(row, why, ports) };
  },
});
