// Reads what the signal function answered: an answer, or an error of the step in Lambda's wrapping.
import * as z from 'zod';

/** The step's answer; what it means is told at the step. */
const AnswerSchema = z.object({
  rolloutId: z.string(),
  state: z.enum(['latched', 'ended', 'past-stopping']),
  sentence: z.string(),
});

export type SignalAnswer = z.infer<typeof AnswerSchema>;

/** Source: Lambda developer guide, «Handling errors»: `FunctionError` is set and the payload names the error. */
const FailureSchema = z.looseObject({ errorType: z.string().default('Error'), errorMessage: z.string() });

/** Throws an Error with the step's own name and message when the function failed. */
export function readSignalAnswer(functionError: string | undefined, payload: string): SignalAnswer {
  if (functionError === undefined) return AnswerSchema.parse(JSON.parse(payload));
  const { errorType, errorMessage } = FailureSchema.parse(JSON.parse(payload));
  throw new Error(`the engine could not take the signal: ${errorType}: ${errorMessage}`);
}
