// An engine whose start and signal steps are the real ones, in memory, without a workflow behind them: what a newcomer is
// told by it is what an installed one would say.
import type { Engine, OpenEngine } from '../../../src/cli/engine.ts';
import { readSignalAnswer } from '../../../src/cli/signal-answer.ts';
import { abandonRollout } from '../../../src/steps/abandon-rollout.ts';
import { signalRollout } from '../../../src/steps/signal-rollout.ts';
import { startRollout } from '../../../src/steps/start-rollout.ts';
import { executionArn } from '../../support/rollout-fixtures.ts';
import { ROLLOUT_ID, START_INPUT, type StepWorld, stepWorld } from '../../support/step-world.ts';

/** `checkout` is registered and version 41 is live; 42 and 43 are published. */
export function memoryEngine(): { readonly open: OpenEngine; readonly world: () => Promise<StepWorld> } {
  const world = lazy(stepWorld);
  const causes = new Map<string, string>();
  const open: OpenEngine = async () => {
    const { ports } = await world();
    const engine: Engine = {
      store: ports.store,
      start: async (rolloutId, request) => {
        const execution = executionArn(rolloutId);
        const input = { request, execution, startedAt: START_INPUT.startedAt };
        await startRollout.run(input, ports).catch(async (error: Error) => {
          // as Lambda wraps what a step throws, and the Catch of the workflow hands it on
          const failure = {
            Error: error.name,
            Cause: JSON.stringify({ errorType: error.name, errorMessage: error.message }),
          };
          const end = await abandonRollout.run({ ...input, request: { ...request, failure } }, ports);
          causes.set(execution, end.reason.sentence);
        });
        return execution;
      },
      readExecution: async (execution) => {
        const cause = causes.get(execution) ?? null;
        return { isRunning: cause === null, cause };
      },
      endedExecutions: async function* () {},
      signal: async (wish) => {
        const input = signalRollout.input.parse({ ...wish, actor: 'ana' });
        try {
          return await signalRollout.run(input, ports);
        } catch (error) {
          const { name, message } = error as Error;
          return readSignalAnswer(
            'Unhandled',
            JSON.stringify({ errorType: name, errorMessage: message }),
            wish,
          );
        }
      },
    };
    return engine;
  };
  return { open, world };
}

/** Makes of it one that has a rollout, and gives its id. */
export async function beginRollout({ ports }: StepWorld): Promise<string> {
  await startRollout.run(START_INPUT, ports);
  return ROLLOUT_ID;
}

function lazy<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
