// An installed engine in memory for the tests of the commands that talk to one.
import type { EndedExecution, Engine, ExecutionEnd, OpenEngine, SignalWish } from '../../src/cli/engine.ts';
import type { RolloutStore } from '../../src/ports.ts';
import { memoryStore } from '../../src/sim/memory-store.ts';
import { executionArn } from './rollout-fixtures.ts';

export interface FakeEngine {
  readonly open: OpenEngine;
  readonly store: RolloutStore;
  /** Names under which the engine was asked for. */
  readonly opened: string[];
  readonly starts: { readonly rolloutId: string; readonly request: unknown }[];
  readonly signals: SignalWish[];
  execution: ExecutionEnd;
  /** The newest first. */
  ended: readonly EndedExecution[];
  /** The state that the next signals are answered with. */
  answer: string;
}

export function fakeEngine(): FakeEngine {
  const fake: FakeEngine = {
    open: async (stackName) => {
      fake.opened.push(stackName);
      return engine;
    },
    store: memoryStore(),
    opened: [],
    starts: [],
    signals: [],
    execution: { isRunning: true, cause: null },
    ended: [],
    answer: 'latched',
  };
  const engine: Engine = {
    store: fake.store,
    start: async (rolloutId, request) => {
      fake.starts.push({ rolloutId, request });
      return executionArn(rolloutId);
    },
    readExecution: async () => fake.execution,
    endedExecutions: async function* () {
      yield* fake.ended;
    },
    signal: async (wish) => {
      fake.signals.push(wish);
      return { rolloutId: wish.rolloutId, state: fake.answer, sentence: `It is ${fake.answer}.` };
    },
  };
  return fake;
}
