// Reads what the signal function answered: an answer, or an error of the step in Lambda's wrapping.
import * as z from 'zod';
import { InvalidInputError } from '../core/errors.ts';
import type { ProblemCode } from '../core/problems/index.ts';
import { isProblemCode } from './problems.ts';

/** The step's answer. `state` is a word for tools; a newer engine may know more of them than this command line. */
const AnswerSchema = z.object({
  rolloutId: z.string(),
  state: z.string(),
  sentence: z.string(),
});

export type SignalAnswer = z.infer<typeof AnswerSchema>;

/** Source: Lambda developer guide, «Handling errors»: `FunctionError` is set and the payload names the error. */
const FailureSchema = z.looseObject({ errorType: z.string().default('Error'), errorMessage: z.string() });

/**
 * Throws InvalidInputError (`signal-refused`) when the engine would not take the signal as it is, and an Error with the
 * step's own name and message when the function failed otherwise.
 */
export function readSignalAnswer(
  functionError: string | undefined,
  payload: string,
  asked: { readonly rolloutId: string; readonly signal: string },
): SignalAnswer {
  if (functionError === undefined) return AnswerSchema.parse(JSON.parse(payload));
  const { errorType, errorMessage } = FailureSchema.parse(JSON.parse(payload));
  if (errorType === 'InvalidInputError') throw refused(errorMessage, asked);
  throw new Error(`the engine could not take the signal: ${errorType}: ${errorMessage}`);
}

function refused(
  errorMessage: string,
  { rolloutId, signal }: { readonly rolloutId: string; readonly signal: string },
): InvalidInputError {
  return new InvalidInputError([
    {
      ...toldBy(errorMessage),
      where: 'command line',
      got: `${signal} ${rolloutId}`,
      allowed: 'a signal that fits what the rollout waits for',
      fix: `See what it waits for: stepshift status ${rolloutId}`,
    },
  ]);
}

/** `code: what (where)`, as InvalidInputError puts one problem into its message; more of them, or a code of another release: as it is. */
function toldBy(errorMessage: string): { readonly code: ProblemCode; readonly what: string } {
  const [, code = '', what = ''] = /^([a-z0-9-]+): ([^;]*) \([^()]*\)$/.exec(errorMessage) ?? [];
  return isProblemCode(code) ? { code, what } : { code: 'signal-refused', what: errorMessage };
}
