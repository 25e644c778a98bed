// An installed engine in memory for the tests of the commands that talk to one.
import type { Engine, ExecutionEnd, OpenEngine } from '../../src/cli/engine.ts';
import type { SignalAnswer } from '../../src/cli/signal-answer.ts';
import type { RolloutStore } from '../../src/ports.ts';
import { memoryStore } from '../../src/sim/memory-store.ts';
import { executionArn } from './rollout-fixtures.ts';

export interface FakeEngine {
  readonly open: OpenEngine;
  readonly store: RolloutStore;
  /** Names under which the engine was asked for. */
  readonly opened: string[];
  readonly starts: { readonly rolloutId: string; readonly request: unknown }[];
  readonly aborts: { readonly rolloutId: string; readonly message: string }[];
  execution: ExecutionEnd;
  abortAnswer: SignalAnswer['state'];
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
    aborts: [],
    execution: { isRunning: true, cause: null },
    abortAnswer: 'latched',
  };
  const engine: Engine = {
    store: fake.store,
    start: async (rolloutId, request) => {
      fake.starts.push({ rolloutId, request });
      return executionArn(rolloutId);
    },
    readExecution: async () => fake.execution,
    abort: async (rolloutId, message) => {
      fake.aborts.push({ rolloutId, message });
      return { rolloutId, state: fake.abortAnswer, sentence: `It is ${fake.abortAnswer}.` };
    },
  };
  return fake;
}
