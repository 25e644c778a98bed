// Calls a function of the engine: a start, a run on its own ports, an end that its caller may hear of or not.
import { runStep } from '../../src/runtime/run-step.ts';
import { COLD_SHARE, delayMs } from './delays.ts';
import { type Invocation, makeInvocation } from './invocation.ts';
import type { StepName } from './plan.ts';
import { portsOf } from './ports-of.ts';
import type { Run } from './run.ts';
import { draw } from './streams.ts';

/** Names of errors that mean a mistake in our own code, whatever came in. */
const DEFECTS = ['TypeError', 'ReferenceError', 'RangeError', 'SyntaxError'];

/** Step Functions calls the function of a state. */
export async function invokeTask(
  run: Run,
  rolloutId: string,
  step: StepName,
  input: unknown,
): Promise<unknown> {
  const { plan, time, faults, recorder } = run;
  const key = recorder.next(rolloutId, `task ${step}`);
  await time.sleep(delayMs(plan.seed, 'stateTransition', `transition ${key}`));
  const answer = invoke(run, rolloutId, step, input);
  if (faults.strikes('zombie', key)) {
    // the service gives up on the call and the function runs on
    const afterMs = 20 * 150 ** draw(plan.seed, `zombie after ${key}`);
    const givenUp = time.sleep(afterMs).then(() => {
      throw named('Lambda.SdkClientException', 'the connection was lost');
    });
    return Promise.race([answer, givenUp]);
  }
  const output = await answer;
  if (faults.strikes('lost-result', key)) throw named('Lambda.ServiceException', 'the answer was lost');
  return output;
}

/** Runs a function once. Rejects as the caller of the function would see it. */
export async function invoke(
  run: Run,
  rolloutId: string | null,
  step: StepName,
  input: unknown,
): Promise<unknown> {
  const { plan, time, recorder, steps } = run;
  const place = `start ${recorder.next(rolloutId, `invoke ${step}`)}`;
  const isCold = draw(plan.seed, `cold ${place}`) < COLD_SHARE;
  await time.sleep(delayMs(plan.seed, isCold ? 'coldStart' : 'warmStart', place));
  const invocation = makeInvocation(run, { step, rolloutId });
  recorder.entered(step);
  recorder.tell(() => `${invocation.name} begins`);
  const answer = runStep(steps[step], portsOf(run, invocation), input);
  return Promise.race([watched(run, invocation, answer), invocation.death]);
}

async function watched(
  { recorder }: Run,
  invocation: Invocation,
  answer: Promise<unknown>,
): Promise<unknown> {
  try {
    const output = await answer;
    recorder.tell(() => `${invocation.name} answers`);
    return output;
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    recorder.tell(() => `${invocation.name} throws ${name}: ${message.slice(0, 200)}`);
    if (DEFECTS.includes(name)) recorder.defect(`${invocation.caller.step} threw ${name}: ${message}`);
    throw error;
  } finally {
    invocation.answered();
  }
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}
