// How one step lives: parse what came in, run, cap what goes out. Lambda and the simulator share it.
import type * as z from 'zod';
import { cutMessage, InvalidDocumentError, InvalidInputError } from '../core/errors.ts';
import { MAX_DOCUMENT_BYTES } from '../core/rollout.ts';
import type { Ports } from '../ports.ts';
import type { Step } from '../steps/step.ts';

/** More issues than this say nothing new. */
const MAX_ISSUES_TOLD = 5;

/**
 * Runs a step on raw input. What it throws keeps its class and name, because the workflow's Retry and Catch go by the
 * name; the message is cut to 1,000 characters, because it travels in the rollout document.
 * @throws InvalidInputError when a person's signal or a registration does not fit the step's schema
 * @throws InvalidDocumentError when any other input does not fit it, or the output is over 32 KB
 */
export async function runStep<Input, Output, P extends keyof Ports>(
  step: Step<Input, Output, P>,
  ports: Pick<Ports, P>,
  rawInput: unknown,
): Promise<Output> {
  try {
    const output = await step.run(parseInput(step, rawInput), ports);
    assertFits(step.name, output);
    return output;
  } catch (error) {
    throw withCutMessage(error);
  }
}

function parseInput<Input, P extends keyof Ports>(step: Step<Input, unknown, P>, rawInput: unknown): Input {
  const parsed = step.input.safeParse(rawInput);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, MAX_ISSUES_TOLD);
  const isFromOutside = step.trigger.kind === 'signal' || step.trigger.kind === 'custom-resource';
  if (isFromOutside) throw new InvalidInputError(issues.map((issue) => inputProblem(step.name, issue)));
  const list = issues.map((issue) => `${placeOf(issue)}: ${issue.message}`).join('; ');
  throw new InvalidDocumentError(`${step.name} cannot read its input: ${list}`);
}

function inputProblem(stepName: string, issue: z.core.$ZodIssue) {
  return {
    code: 'request-invalid',
    what: `${stepName} does not understand the request: ${issue.message}`,
    where: placeOf(issue),
    got: 'a request of another shape',
    allowed: `what the step ${stepName} takes`,
    fix: 'Send the request with the command line of the same release as the engine',
  };
}

function placeOf(issue: z.core.$ZodIssue): string {
  return issue.path.length === 0 ? 'the whole input' : issue.path.join('.');
}

function assertFits(stepName: string, output: unknown): void {
  const bytes = Buffer.byteLength(JSON.stringify(output) ?? '');
  if (bytes > MAX_DOCUMENT_BYTES) {
    throw new InvalidDocumentError(
      `the output of ${stepName} has ${bytes} bytes, ${MAX_DOCUMENT_BYTES} are allowed`,
    );
  }
}

/** The stack repeats the message, and Lambda puts it beside the message into the failure that is caught. */
function withCutMessage(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(cutMessage(String(error)));
  const message = cutMessage(error.message);
  if (message !== error.message) {
    error.message = message;
    error.stack = `${error.name}: ${message}`;
  }
  return error;
}
