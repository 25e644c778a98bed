// Runs the real workflow object with the real steps on a local Step Functions engine. Needs virtual time around it.
import { StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions';
import { type StateName, type Workflow, workflow } from '../core/workflow.ts';
import type { Ports } from '../ports.ts';
import { runStep } from '../runtime/run-step.ts';
import type { STEPS } from '../steps/index.ts';
import type { Step } from '../steps/step.ts';
import type { MemoryTokens } from './memory-tokens.ts';
import type { VirtualTime } from './virtual-time.ts';

/** The table of steps, or one of its shape: a test may exchange steps to show that their absence is noticed. */
export type StepTable = { readonly [Name in keyof typeof STEPS]: AnyStep };

// biome-ignore lint/suspicious/noExplicitAny: the table erases the link between a step's input and its schema; runStep parses
export type AnyStep = Step<any, any, keyof Ports>;

export interface WorkflowEnd {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'ABORTED';
  /** States entered, and retries, which Step Functions counts and bills alike. */
  readonly transitions: number;
}

export interface RunningWorkflow {
  /** Never rejects: how an execution ends is data. */
  readonly end: Promise<WorkflowEnd>;
  /** As StopExecution does. */
  abort(): void;
}

export interface WorkflowStart {
  readonly executionArn: string;
  readonly startedAt: string;
  /** What the first state gets: a request, or of an execution that is driven again the document of where it stopped. */
  readonly request: unknown;
  readonly steps: StepTable;
  readonly tokens: MemoryTokens;
  /** Calls the function of a state. `inPorts` is the way without faults. */
  readonly invoke: Invoke;
  /** Instead of the one that is deployed. */
  readonly definition?: Workflow;
  /** Begins the names of its tokens, where several executions share them. */
  readonly tokenPrefix?: string;
  /** Hears how many events the service would have added to the history of the execution (see core/budget.ts). */
  readonly onHistory?: (events: number) => void;
}

export type Invoke = (step: AnyStep, input: unknown, state: StateName) => Promise<unknown>;

/** Every function answers after the same time, with these ports. */
export function inPorts(ports: Ports, time: VirtualTime): Invoke {
  return async (step, input) => {
    await time.sleep(TASK_LATENCY_MS);
    return runStep(step, ports, input);
  };
}

const TICK_SECONDS = 60;
const DEPLOYED = workflow({ tickSeconds: TICK_SECONDS });
/** From entering a state to its step's work being done: a transition and a warm function with a few API calls.
 * Assumption, so that simulated times are not better than real ones. */
const TASK_LATENCY_MS = 800;

export function startWorkflow(start: WorkflowStart): RunningWorkflow {
  const { executionArn, startedAt, request, definition = DEPLOYED } = start;
  let isStopped = false;
  const run = machine(definition).run(request as never, {
    // the engine has one token for a whole run; each wait gets its own from the handler
    context: { Execution: { Id: executionArn, StartTime: startedAt }, Task: { Token: 'per-wait' } },
    overrides: { taskResourceLocalHandlers: taskHandlers(start, () => isStopped) },
  });
  const transitions = countTransitions(run.eventLogs, start.onHistory);
  const status = run.result.then(
    () => 'SUCCEEDED' as const,
    (error: unknown) =>
      nameOf(error) === 'ExecutionAbortedError' ? ('ABORTED' as const) : ('FAILED' as const),
  );
  return {
    end: Promise.all([status, transitions]).then(([ended, count]) => ({ status: ended, transitions: count })),
    abort: () => {
      isStopped = true;
      run.abort();
    },
  };
}

const machines = new WeakMap<Workflow, StateMachine>();

/** Made once each, because the engine validates the definition each time; it keeps no state between runs. */
function machine(definition: Workflow): StateMachine {
  const known = machines.get(definition);
  if (known !== undefined) return known;
  const made = new StateMachine(withDummyArns(definition), {
    // its ARN check knows no `.waitForTaskToken`; an execution that is driven again enters in the middle
    validationOptions: { checkArn: false, noValidate: definition !== DEPLOYED },
  });
  machines.set(definition, made);
  return made;
}

/** Fills the placeholders as the deployment would; nothing is ever called under these names. */
function withDummyArns(definition: Workflow): StateMachineDefinition {
  const text = JSON.stringify(definition)
    .replaceAll(/\$\{AWS::Partition\}/g, 'aws')
    .replaceAll(/\$\{(\w+)FunctionArn\}/g, 'arn:aws:lambda:eu-west-2:123456789012:function:$1');
  return JSON.parse(text, (_key, value) => withoutIsAbsent(value));
}

/** The engine never takes `IsPresent: false` for true, whatever is there; it understands «not present». */
function withoutIsAbsent(value: unknown): unknown {
  const isRule = typeof value === 'object' && value !== null && 'IsPresent' in value;
  if (!isRule || value.IsPresent !== false) return value;
  const { Variable, Next } = value as { readonly Variable?: unknown; readonly Next?: unknown };
  return { Not: { Variable, IsPresent: true }, Next };
}

type Handlers = Record<string, (input: unknown) => Promise<never>>;

/** @param isStopped the engine goes on with retries after an abort, without their waits; Step Functions does not */
function taskHandlers(start: WorkflowStart, isStopped: () => boolean): Handlers {
  const { steps, tokens, invoke, definition = DEPLOYED, tokenPrefix = 'wait', onHistory = ignore } = start;
  const { States } = definition;
  const waits = tokenWaits(tokens, tokenPrefix, onHistory);
  const handlers: Handlers = {};
  for (const step of Object.values(steps)) {
    for (const state of statesOf(step)) {
      const definition = States[state];
      const isWait = definition.Type === 'Task' && definition.Resource.endsWith('.waitForTaskToken');
      handlers[state] = async (input) => {
        if (isStopped()) return new Promise(() => {});
        waits.endPrevious();
        return (
          isWait
            ? await waits.wait((token) => invoke(step, withToken(input, token), state))
            : await counted(() => invoke(step, input, state), onHistory)
        ) as never;
      };
    }
  }
  return handlers;
}

/** LambdaFunctionScheduled and -Started, then -Succeeded, -Failed or -TimedOut. */
async function counted<T>(call: () => Promise<T>, onHistory: (events: number) => void): Promise<T> {
  onHistory(2);
  try {
    return await call();
  } finally {
    onHistory(1);
  }
}

function ignore(): void {}

function statesOf(step: AnyStep): readonly StateName[] {
  return step.trigger.kind === 'state' ? step.trigger.states : [];
}

/** What `lambda:invoke.waitForTaskToken` hands over: the function's name and its payload. */
function withToken(input: unknown, token: string): unknown {
  const { Payload } = input as { readonly Payload: Readonly<Record<string, unknown>> };
  return { ...Payload, token };
}

/** One wait at a time: entering any state means that the one before it is over. */
function tokenWaits(tokens: MemoryTokens, prefix: string, onHistory: (events: number) => void) {
  let entries = 0;
  let open: string | null = null;
  return {
    endPrevious: (): void => {
      if (open === null) return;
      tokens.expire(open);
      open = null;
      // TaskSucceeded, -Failed or -TimedOut
      onHistory(1);
    },
    wait: async (begin: (token: string) => Promise<unknown>): Promise<unknown> => {
      entries += 1;
      const token = `${prefix}-${entries}`;
      open = token;
      // TaskScheduled, -Started, -Submitted
      onHistory(3);
      const answered = tokens.register(token);
      // neither is waited for twice: whichever comes first ends the state
      answered.catch(() => {});
      await Promise.race([answered, begin(token).then(() => answered)]);
      return {};
    },
  };
}

/** Each is an event of the history; what a task adds is counted where it is called. */
const IN_HISTORY: readonly string[] = [
  'ExecutionStarted',
  'StateEntered',
  'StateExited',
  'ExecutionSucceeded',
  'ExecutionFailed',
];

async function countTransitions(
  eventLogs: AsyncIterable<{ readonly type: string }>,
  onHistory: (events: number) => void = ignore,
): Promise<number> {
  let count = 0;
  for await (const { type } of eventLogs) {
    if (type === 'StateEntered' || type === 'StateRetried') count += 1;
    if (IN_HISTORY.includes(type)) onHistory(1);
  }
  return count;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}
