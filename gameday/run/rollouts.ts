// The rollouts of the day, by the same way to an installed engine that the command line takes.
import { rolloutName } from '../../src/cli/commands/start.ts';
import type { Engine, OpenEngine } from '../../src/cli/engine.ts';
import { readReport } from '../../src/cli/rollout-view.ts';
import { ENGINE } from '../core/names.ts';
import { waitFor } from '../core/probe.ts';
import { SERVICE } from '../core/service.ts';
import type { Clock, Rollouts } from '../ports.ts';

const EVENT_WAIT = { everyMs: 2_000, forMs: 3 * 60_000 };
/** A way back is a matter of seconds, one that was interrupted of minutes. */
const STOP_WAIT = { everyMs: 5_000, forMs: 10 * 60_000 };

export interface RolloutWays {
  readonly open: OpenEngine;
  readonly clock: Clock;
  /** Makes names unique. */
  readonly suffix: () => string;
  /** Puts `stepshift.rollout.requested` on the engine's bus. */
  readonly request: (detail: { readonly service: string; readonly version: string }) => Promise<void>;
}

export function engineRollouts({ open, clock, suffix, request }: RolloutWays): Rollouts {
  // there is no engine before it was deployed
  let opened: Promise<Engine> | null = null;
  const engine = (): Promise<Engine> => {
    opened ??= open(ENGINE);
    return opened;
  };
  return {
    start: async (version) => {
      const rolloutId = rolloutName(SERVICE, version, suffix());
      const executionArn = await (await engine()).start(rolloutId, { service: SERVICE, version });
      return { rolloutId, executionArn };
    },
    startByEvent: async (version) => {
      const { store } = await engine();
      await request({ service: SERVICE, version });
      const row = await waitFor({ clock }, EVENT_WAIT, async () => {
        const active = await store.listActive();
        return active.find((one) => one.version === version) ?? null;
      });
      return row === null ? null : { rolloutId: row.rolloutId, executionArn: row.executionArn };
    },
    abort: async (rolloutId, message) => {
      await (await engine()).signal({ rolloutId, signal: 'abort', message });
    },
    report: async (rolloutId) => {
      const { store } = await engine();
      const row = await store.readRow(rolloutId);
      return row === null ? null : readReport(store, row);
    },
    refusal: async (executionArn) => {
      const { isRunning, cause } = await (await engine()).readExecution(executionArn);
      return isRunning ? null : (cause ?? 'the execution ended without a reason');
    },
    stopAll: async () => {
      const { store, signal } = await engine();
      for (const { rolloutId } of await store.listActive()) {
        await signal({ rolloutId, signal: 'abort', message: 'the game day is over' });
      }
      const isOver = await waitFor({ clock }, STOP_WAIT, async () =>
        (await store.listActive()).length === 0 ? true : null,
      );
      if (isOver === null) throw new Error('a rollout of the game day does not end');
    },
  };
}
