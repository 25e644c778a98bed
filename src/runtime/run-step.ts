// How one step lives: cap and parse what came in, run, cap what goes out. Lambda and the simulator share it.
import type * as z from 'zod';
import { cutMessage, InvalidDocumentError, InvalidInputError, type Problem } from '../core/errors.ts';
import { MAX_DOCUMENT_BYTES } from '../core/rollout.ts';
import { withoutSecrets } from '../core/secrets.ts';
import type { Ports } from '../ports.ts';
import type { Step } from '../steps/step.ts';

/** More issues than this say nothing new. */
const MAX_ISSUES_TOLD = 5;

/**
 * Runs a step on raw input. What it throws keeps its class and name, because the workflow's Retry and Catch go by the
 * name; the message loses its secrets and is cut to 1,000 characters, because it travels in the rollout document.
 * @throws InvalidInputError when a person's signal or a registration does not fit the step's schema
 * @throws InvalidDocumentError when any other input does not fit it, or a document that comes in or goes out is over 32 KB
 */
export async function runStep<Input, Output, P extends keyof Ports>(
  step: Step<Input, Output, P>,
  ports: Pick<Ports, P>,
  rawInput: unknown,
): Promise<Output> {
  try {
    if (step.trigger.kind === 'state' && step.takesAnySize !== true) {
      assertFits(`the input of ${step.name}`, documentIn(rawInput));
    }
    const output = await step.run(parseInput(step, rawInput), ports);
    assertFits(`the output of ${step.name}`, output);
    return output;
  } catch (error) {
    throw tellable(error);
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

function inputProblem(stepName: string, issue: z.core.$ZodIssue): Problem {
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

/** Without what the workflow adds to a document: the token of a bake, and the finding of a Catch. */
function documentIn(rawInput: unknown): unknown {
  const { failure: _told, ...document } = objectIn(objectIn(rawInput)['rollout'] ?? rawInput);
  return document;
}

function objectIn(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
}

function assertFits(what: string, document: unknown): void {
  const bytes = Buffer.byteLength(JSON.stringify(document) ?? '');
  if (bytes > MAX_DOCUMENT_BYTES) {
    throw new InvalidDocumentError(`${what} has ${bytes} bytes, ${MAX_DOCUMENT_BYTES} are allowed`);
  }
}

/** The stack repeats the message, and Lambda puts it beside the message into the failure that is caught. */
function tellable(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(cutMessage(withoutSecrets(String(error))));
  const message = cutMessage(withoutSecrets(error.message));
  if (message !== error.message) {
    error.message = message;
    error.stack = `${error.name}: ${message}`;
  }
  return error;
}
