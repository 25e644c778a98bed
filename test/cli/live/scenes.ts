// Moments of simulated rollouts for the tests of the live view: how it stood when a state was first there for a while.
import { join } from 'node:path';
import { runScenario } from '../../../src/cli/commands/simulate.ts';
import { type Standing, standingReader } from '../../../src/cli/live/standing.ts';
import { readScenario } from '../../../src/cli/scenario-source.ts';
import { liveRowOf } from '../../../src/core/live-row.ts';
import { liveFacts } from '../../../src/core/live-view-facts.ts';
import { type LiveState, liveStateOf } from '../../../src/core/live-view-state.ts';

const EXAMPLES = join(import.meta.dirname, '../../../examples');

export interface Scene extends Standing {
  readonly nowMs: number;
}

export interface Moment {
  /** An example's folder. */
  readonly example: string;
  readonly state: LiveState;
  /** Frames of that state before it. */
  readonly after?: number;
  readonly everyMs?: number;
}

class Found extends Error {
  readonly scene: Scene;
  constructor(scene: Scene) {
    super('found');
    this.scene = scene;
  }
}

/** Throws when the example never gets there. */
export async function sceneOf({ example, state, after = 0, everyMs = 5000 }: Moment): Promise<Scene> {
  const source = await readScenario(EXAMPLES, example);
  let read: (() => Promise<Standing | null>) | undefined;
  let left = after;
  try {
    await runScenario(source, { remark: () => {} }, undefined, {
      everyMs,
      show: async ({ nowMs, store, rolloutId }) => {
        read ??= standingReader(store, rolloutId);
        const standing = await read();
        if (standing === null || liveStateOf(standing.report, standing.facts, nowMs) !== state) return;
        if (left === 0) throw new Found({ ...standing, nowMs });
        left -= 1;
      },
    });
  } catch (error) {
    if (error instanceof Found) return error.scene;
    throw error;
  }
  throw new Error(`${example} was never ${state}`);
}

export async function endOf(example: string): Promise<Scene> {
  const source = await readScenario(EXAMPLES, example);
  const { report, record, endedAt } = await runScenario(source, { remark: () => {} });
  return { report, facts: liveFacts(liveRowOf(record), record.entries), nowMs: Date.parse(endedAt) };
}
