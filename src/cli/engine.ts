// What the command line needs of an installed engine, and how a command names the engine it means.
import type { Command } from 'commander';
import type { SignalName } from '../core/signals.ts';
import type { RolloutStore } from '../ports.ts';
import type { CliCommand } from './command.ts';
import type { SignalAnswer } from './signal-answer.ts';

/** What is left to know of an execution whose rollout has no record. */
export interface ExecutionEnd {
  readonly isRunning: boolean;
  /** Why it ended, as the workflow says it. */
  readonly cause: string | null;
}

/** One that is over. */
export interface EndedExecution {
  readonly rolloutId: string;
  readonly startedAtMs: number;
  /** null: Step Functions does not tell. */
  readonly endedAtMs: number | null;
}

/** What a start asks for; the execution's input as it is. */
interface StartWish {
  readonly service: string;
  readonly version: string;
  /** Alarm → why it may fire at the start. */
  readonly acceptAlarms?: Readonly<Record<string, string>>;
}

/** What a person tells a rollout. */
export interface SignalWish {
  readonly rolloutId: string;
  readonly signal: 'abort' | SignalName;
  readonly message: string;
  /** From 0; left out: the stage that the rollout is at. */
  readonly stageIndex?: number;
}

export interface Engine {
  readonly store: RolloutStore;
  /** Starts the workflow under this name, which becomes the rollout's id; answers the execution's ARN. */
  start(rolloutId: string, request: StartWish): Promise<string>;
  readExecution(executionArn: string): Promise<ExecutionEnd>;
  /** The newest first, page by page as they are taken. Step Functions forgets an execution 90 days after its end. */
  endedExecutions(): AsyncIterable<EndedExecution>;
  /** Tells it in the caller's name. Throws InvalidInputError when the rollout takes no such signal now. */
  signal(wish: SignalWish): Promise<SignalAnswer>;
}

/** Finds an engine by the name of its stack. */
export type OpenEngine = (stackName: string) => Promise<Engine>;

const DEFAULT_ENGINE = 'StepshiftEngine';

export function addEngineOption(command: Command): void {
  command.option('--engine <stack>', 'name of the engine’s stack', DEFAULT_ENGINE);
}

/** What every verb that asks an engine may end with. */
export const ENGINE_EXIT_CODES = {
  rejected: 'there is no such engine in this account and Region, or it knows no such rollout',
  noPermission: 'no valid credentials, no Region, or not the right to do this',
} as const satisfies CliCommand['exitCodes'];

export function engineName(options: Readonly<Record<string, unknown>>): string {
  return String(options['engine'] ?? DEFAULT_ENGINE);
}

/** Loads the SDK's clients only now: the verbs that need no AWS shall not wait for them. */
export const openInstalledEngine: OpenEngine = async (stackName) => {
  const { findEngine } = await import('./installed-engine.ts');
  return findEngine(stackName);
};
