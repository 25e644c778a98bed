// Scheduled handler, once a minute: needs no event, so it finds what guard and workflow missed.
import * as z from 'zod';
import { IncompleteError, messageOf } from '../core/errors.ts';
import type { Ports, RolloutRow } from '../ports.ts';
import { settleRow } from './settle-row.ts';
import { defineStep } from './step.ts';

type Used = Pick<Ports, 'clock' | 'store' | 'routers' | 'executions' | 'events'>;

/** How long past its deadline an execution may still be about to end by itself. */
const GRACE_SECONDS = 900;

export const sweepRollouts = defineStep({
  name: 'sweep-rollouts',
  does: 'Finds rollouts whose execution is over or overdue, and finishes them',
  trigger: { kind: 'schedule', everyMinutes: 1 },
  uses: ['clock', 'store', 'routers', 'executions', 'events'],
  input: z.unknown(),
  run: async (_event, ports): Promise<{ settled: readonly string[] }> => {
    const rows = await ports.store.listActive();
    // side by side: one target that hangs must not keep the sweeper from the others
    const results = await Promise.allSettled(rows.map((row) => sweep(row, ports)));
    const failures = results.flatMap((result, index) =>
      result.status === 'rejected' ? [`${rows[index]?.rolloutId}: ${messageOf(result.reason)}`] : [],
    );
    if (failures.length > 0) throw new IncompleteError(failures.join('; '));
    const settled = rows.filter((_row, index) => isTrue(results[index])).map((row) => row.rolloutId);
    return { settled };
  },
});

async function sweep(row: RolloutRow, ports: Used): Promise<boolean> {
  const status = await ports.executions.status(row.executionArn);
  const isOverdue = ports.clock.now() > row.deadlineAtMs + GRACE_SECONDS * 1000;
  if (status === 'RUNNING' && !isOverdue) return false;
  // the index lags behind: only the row itself says whether it is still open
  const fresh = await ports.store.readRow(row.rolloutId);
  if (fresh === null || fresh.outcome !== null) return false;
  if (status === 'RUNNING') {
    await ports.executions.stop(row.executionArn, 'past its deadline');
    await settleRow(fresh, 'The execution ran past its deadline and was stopped', ports);
    return true;
  }
  await settleRow(fresh, `The execution ended (${status}) and left its rollout open`, ports);
  return true;
}

function isTrue(result: PromiseSettledResult<boolean> | undefined): boolean {
  return result?.status === 'fulfilled' && result.value;
}
