// The executions of a run: each the real workflow on the local engine, its functions called through this run's faults.
// Counts history events as Step Functions would write them.
import { InvalidDocumentError } from '../../src/core/errors.ts';
import type { StateName, Workflow } from '../../src/core/workflow.ts';
import type { ExecutionStatus, Executions } from '../../src/ports.ts';
import { type AnyStep, type RunningWorkflow, startWorkflow } from '../../src/sim/run-workflow.ts';
import { invokeTask } from './invoke.ts';
import type { StepName } from './plan.ts';
import type { Run } from './run.ts';

export interface HuntExecutions extends Executions {
  start(name: string, request: unknown): void;
  /** Drives an ended execution again from where it stopped; false where it cannot be. */
  redrive(name: string, change: (input: unknown) => unknown): boolean;
  /** Names of all that ever ran. */
  names(): readonly string[];
  isRunning(name: string): boolean;
  endedAtMs(name: string): number | null;
  /** As StopExecution by a person; false when it did not run. */
  stopNow(name: string): boolean;
  /** Tells who waits for the end of one. */
  onEnd(listener: (name: string) => void): void;
  /** Cuts everything off at the end of the run. */
  cutOff(): void;
}

interface Execution {
  readonly arn: string;
  readonly startedAt: string;
  status: ExecutionStatus;
  workflow: RunningWorkflow | null;
  endedAtMs: number | null;
  history: number;
  drives: number;
  /** The last task that was entered, and what it got. */
  last: {
    readonly state: StateName;
    readonly input: unknown;
    isAnswered: boolean;
    isRefused: boolean;
  } | null;
}

export function executionArn(name: string): string {
  return `arn:aws:states:eu-west-2:123456789012:execution:stepshift:${name}`;
}

/** @param runOf the run, once all its parts are there */
export function huntExecutions(runOf: () => Run): HuntExecutions {
  const known = new Map<string, Execution>();
  const listeners: ((name: string) => void)[] = [];
  const find = (arn: string): Execution | undefined =>
    [...known.values()].find((execution) => execution.arn === arn);
  const drive = (name: string, execution: Execution, input: unknown, definition: Workflow): void => {
    const run = runOf();
    const { steps, tokens, time, recorder } = run;
    execution.status = 'RUNNING';
    execution.drives += 1;
    const drives = execution.drives;
    const workflow = startWorkflow({
      executionArn: execution.arn,
      startedAt: execution.startedAt,
      request: input,
      steps,
      tokens,
      invoke: (step, given, state) => enter(run, name, execution, step, given, state),
      definition,
      tokenPrefix: `${name} ${drives}`,
    });
    execution.workflow = workflow;
    void workflow.end.then(({ status }) => {
      if (execution.drives !== drives || execution.workflow === null) return;
      execution.workflow = null;
      if (execution.status === 'RUNNING') execution.status = status;
      if (execution.status === 'FAILED' && !isAnEnd(execution)) {
        recorder.defect(`${name} died past every Catch, after «${execution.last?.state}»`);
      }
      execution.endedAtMs = time.now();
      recorder.moment({ kind: 'execution-ended', atMs: time.now(), rolloutId: name });
      for (const listener of listeners) listener(name);
    });
  };
  const stopNow = (execution: Execution | undefined): boolean => {
    if (execution?.status !== 'RUNNING') return false;
    execution.status = 'ABORTED';
    execution.workflow?.abort();
    return true;
  };
  return {
    start: (name, request) => {
      if (known.has(name)) return;
      const { time, definition } = runOf();
      const execution: Execution = {
        arn: executionArn(name),
        startedAt: new Date(time.now()).toISOString(),
        status: 'RUNNING',
        workflow: null,
        endedAtMs: null,
        history: 1,
        drives: 0,
        last: null,
      };
      known.set(name, execution);
      drive(name, execution, request, definition);
    },
    redrive: (name, change) => {
      const execution = known.get(name);
      // Step Functions drives again what did not succeed, from the state that it stopped in
      if (execution?.last == null || !['FAILED', 'ABORTED'].includes(execution.status)) return false;
      const { definition } = runOf();
      const { state, input } = execution.last;
      drive(name, execution, change(stateInput(input)), definitionFrom(definition, state));
      return true;
    },
    names: () => [...known.keys()],
    isRunning: (name) => known.get(name)?.status === 'RUNNING',
    endedAtMs: (name) => known.get(name)?.endedAtMs ?? null,
    stopNow: (name) => stopNow(known.get(name)),
    onEnd: (listener) => {
      listeners.push(listener);
    },
    cutOff: () => {
      for (const execution of known.values()) {
        const { workflow } = execution;
        execution.workflow = null;
        workflow?.abort();
      }
    },
    status: async (arn) => find(arn)?.status ?? 'MISSING',
    stop: async (arn) => {
      stopNow(find(arn));
    },
    historyEvents: async (arn) => find(arn)?.history ?? 0,
  };
}

/** After the two ends of the workflow that are failures. Who drives it again with a broken document leaves it to the guard. */
function isAnEnd({ last, drives }: Execution): boolean {
  if (last?.isRefused === true) return drives > 1;
  return last?.isAnswered === true && ['Roll back', 'Abandon rollout'].includes(last.state);
}

/** TaskStateEntered and -Exited, LambdaFunctionScheduled, -Started and its end; a wait has TaskSubmitted as well. */
const EVENTS_PER_ENTRY = 2;
const EVENTS_PER_TRY = 3;
const EVENTS_PER_CHOICE = 2;

/** A state calls its function, for the first time or again. */
async function enter(
  run: Run,
  name: string,
  execution: Execution,
  step: AnyStep,
  input: unknown,
  state: StateName,
): Promise<unknown> {
  const isRetry = execution.last?.state === state && !execution.last.isAnswered;
  if (state === 'Roll back' && !isRetry) {
    const { history: historyEvents } = execution;
    run.recorder.moment({ kind: 'turned-back', atMs: run.time.now(), rolloutId: name, historyEvents });
  }
  execution.history += (isRetry ? 0 : EVENTS_PER_ENTRY) + EVENTS_PER_TRY + (step.name === 'bake' ? 1 : 0);
  const entered = { state, input, isAnswered: false, isRefused: false };
  execution.last = entered;
  const output = await invokeTask(run, name, step.name as StepName, input).catch((error: unknown) => {
    entered.isRefused = error instanceof InvalidDocumentError;
    throw error;
  });
  entered.isAnswered = true;
  if (['judge-canary', 'settle-promotion'].includes(step.name)) execution.history += EVENTS_PER_CHOICE;
  const text = JSON.stringify(output) ?? '';
  const bytes = Buffer.byteLength(text);
  run.recorder.moment({ kind: 'passed-on', atMs: run.time.now(), rolloutId: name, bytes, text });
  return JSON.parse(text === '' ? 'null' : text);
}

/** What the state itself got, from what its parameters made of it. */
function stateInput(input: unknown): unknown {
  const { request, rollout, token } = (input ?? {}) as {
    request?: unknown;
    rollout?: unknown;
    token?: unknown;
  };
  if (request !== undefined) return request;
  return token === undefined ? input : rollout;
}

const restarted = new WeakMap<Workflow, Map<StateName, Workflow>>();

/** The same object each time, because a machine is made for each. */
function definitionFrom(definition: Workflow, StartAt: StateName): Workflow {
  const variants = restarted.get(definition) ?? new Map<StateName, Workflow>();
  restarted.set(definition, variants);
  const found = variants.get(StartAt) ?? { ...definition, StartAt };
  variants.set(StartAt, found);
  return found;
}
