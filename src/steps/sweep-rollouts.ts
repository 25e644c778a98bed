// Scheduled handler, once a minute: needs no event, so it finds what guard and workflow missed.
import * as z from 'zod';
import { IncompleteError, messageOf, TransientError } from '../core/errors.ts';
import type { Ports, RolloutRow } from '../ports.ts';
import { settleRow } from './settle-row.ts';
import { defineStep } from './step.ts';
import { watchEnd } from './watch-end.ts';

type Used = Pick<Ports, 'clock' | 'store' | 'routers' | 'executions' | 'events'>;

/** How long past its deadline an execution may still be about to end by itself. */
const GRACE_SECONDS = 900;
/** Below the time-out of the function: one target that hangs must not keep the sweeper from saying that it was here. */
const PATIENCE_MS = 80_000;

export const sweepRollouts = defineStep({
  name: 'sweep-rollouts',
  does: 'Finds rollouts whose execution is over or overdue and finishes them; watches those that have ended',
  trigger: { kind: 'schedule', everyMinutes: 1 },
  uses: ['clock', 'store', 'routers', 'executions', 'events'],
  input: z.unknown(),
  run: async (_event, ports): Promise<{ settled: readonly string[] }> => {
    const { clock, store } = ports;
    const active = await store.listActive();
    const outOfTime = clock.sleep(PATIENCE_MS).then(() => {
      throw new TransientError(`no answer within ${PATIENCE_MS / 1000} s`);
    });
    // side by side, so that no row has to wait for another one
    const [settled, watched] = await Promise.all([
      forEach(active, (row) => Promise.race([sweep(row, ports), outOfTime])),
      Promise.race([watchEnds(ports), outOfTime]).catch(allFailed),
    ]);
    await store.recordSweep(clock.now());
    const failures = [...settled.failures, ...watched.failures];
    if (failures.length > 0) throw new IncompleteError(failures.join('; '));
    return { settled: settled.done };
  },
});

/** What came of some rows: ids of those that are done, and why others failed. */
interface Swept {
  readonly done: readonly string[];
  readonly failures: readonly string[];
}

async function forEach(
  rows: readonly RolloutRow[],
  handle: (row: RolloutRow) => Promise<boolean>,
): Promise<Swept> {
  const results = await Promise.allSettled(rows.map(handle));
  const of = (index: number): string => rows[index]?.rolloutId ?? '';
  return {
    done: results.flatMap((result, index) =>
      result.status === 'fulfilled' && result.value ? [of(index)] : [],
    ),
    failures: results.flatMap((result, index) =>
      result.status === 'rejected' ? [`${of(index)}: ${messageOf(result.reason)}`] : [],
    ),
  };
}

function allFailed(error: unknown): Swept {
  return { done: [], failures: [`the rollouts that ended could not be watched: ${messageOf(error)}`] };
}

async function watchEnds(ports: Used): Promise<Swept> {
  return forEach(await ports.store.listWatched(), (row) => watchEnd(row, ports));
}

/** Whether the row was settled now. */
async function sweep(row: RolloutRow, ports: Used): Promise<boolean> {
  const status = await ports.executions.status(row.executionArn);
  const isOverdue = ports.clock.now() > row.deadlineAtMs + GRACE_SECONDS * 1000;
  if (status === 'RUNNING' && !isOverdue) return false;
  // the index lags behind: only the row itself says whether it is still open
  const fresh = await ports.store.readRow(row.rolloutId);
  if (fresh === null || fresh.outcome !== null) return false;
  if (status === 'RUNNING') {
    await ports.executions.stop(row.executionArn, 'past its deadline');
    return settleRow(fresh, 'The execution ran past its deadline and was stopped', ports);
  }
  return settleRow(fresh, `The execution ended (${status}) and left its rollout open`, ports);
}
