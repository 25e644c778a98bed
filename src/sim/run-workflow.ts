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
type AnyStep = Step<any, any, keyof Ports>;

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
  readonly request: { readonly service: string; readonly version: string };
  readonly ports: Ports;
  readonly steps: StepTable;
  readonly tokens: MemoryTokens;
  readonly time: VirtualTime;
}

const TICK_SECONDS = 60;
/** From entering a state to its step's work being done: a transition and a warm function with a few API calls.
 * Assumption, so that simulated times are not better than real ones. */
const TASK_LATENCY_MS = 800;

export function startWorkflow(start: WorkflowStart): RunningWorkflow {
  const { executionArn, startedAt, request } = start;
  const run = machine().run(request, {
    // the engine has one token for a whole run; each wait gets its own from the handler
    context: { Execution: { Id: executionArn, StartTime: startedAt }, Task: { Token: 'per-wait' } },
    overrides: { taskResourceLocalHandlers: taskHandlers(start) },
  });
  const transitions = countTransitions(run.eventLogs);
  const status = run.result.then(
    () => 'SUCCEEDED' as const,
    (error: unknown) =>
      nameOf(error) === 'ExecutionAbortedError' ? ('ABORTED' as const) : ('FAILED' as const),
  );
  return {
    end: Promise.all([status, transitions]).then(([ended, count]) => ({ status: ended, transitions: count })),
    abort: run.abort,
  };
}

let onlyMachine: StateMachine | undefined;

/** Made once, because the engine validates the definition each time; it keeps no state between runs. */
function machine(): StateMachine {
  onlyMachine ??= new StateMachine(withDummyArns(workflow({ tickSeconds: TICK_SECONDS })), {
    // its ARN check knows no `.waitForTaskToken`
    validationOptions: { checkArn: false },
  });
  return onlyMachine;
}

/** Fills the placeholders as the deployment would; nothing is ever called under these names. */
function withDummyArns(definition: Workflow): StateMachineDefinition {
  const text = JSON.stringify(definition)
    .replaceAll(/\$\{AWS::Partition\}/g, 'aws')
    .replaceAll(/\$\{(\w+)FunctionArn\}/g, 'arn:aws:lambda:eu-west-2:123456789012:function:$1');
  return JSON.parse(text);
}

type Handlers = Record<string, (input: unknown) => Promise<never>>;

function taskHandlers({ ports, steps, tokens, time }: WorkflowStart): Handlers {
  const { States } = workflow({ tickSeconds: TICK_SECONDS });
  const waits = tokenWaits(tokens);
  const handlers: Handlers = {};
  for (const step of Object.values(steps)) {
    for (const state of statesOf(step)) {
      const definition = States[state];
      const isWait = definition.Type === 'Task' && definition.Resource.endsWith('.waitForTaskToken');
      handlers[state] = async (input) => {
        waits.endPrevious();
        await time.sleep(TASK_LATENCY_MS);
        return (
          isWait
            ? await waits.wait((token) => runStep(step, ports, withToken(input, token)))
            : await runStep(step, ports, input)
        ) as never;
      };
    }
  }
  return handlers;
}

function statesOf(step: AnyStep): readonly StateName[] {
  return step.trigger.kind === 'state' ? step.trigger.states : [];
}

/** What `lambda:invoke.waitForTaskToken` hands over: the function's name and its payload. */
function withToken(input: unknown, token: string): unknown {
  const { Payload } = input as { readonly Payload: Readonly<Record<string, unknown>> };
  return { ...Payload, token };
}

/** One wait at a time: entering any state means that the one before it is over. */
function tokenWaits(tokens: MemoryTokens) {
  let entries = 0;
  let open: string | null = null;
  return {
    endPrevious: (): void => {
      if (open !== null) tokens.expire(open);
      open = null;
    },
    wait: async (begin: (token: string) => Promise<unknown>): Promise<unknown> => {
      entries += 1;
      const token = `wait-${entries}`;
      open = token;
      const answered = tokens.register(token);
      // an answer may come while the step still runs; it is awaited below all the same
      answered.catch(() => {});
      await begin(token);
      await answered;
      return {};
    },
  };
}

async function countTransitions(eventLogs: AsyncIterable<{ readonly type: string }>): Promise<number> {
  let count = 0;
  for await (const { type } of eventLogs) {
    if (type === 'StateEntered' || type === 'StateRetried') count += 1;
  }
  return count;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}
