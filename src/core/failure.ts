// What a Catch left in `$.failure`, turned into words for people.
import * as z from 'zod';

/** `Error` and `Cause` as Step Functions writes them into a Catch's ResultPath. */
export const FailureSchema = z.looseObject({ Error: z.string(), Cause: z.string().optional() });
export type Failure = z.infer<typeof FailureSchema>;

/** A failed Lambda's Cause is JSON with `errorMessage`; other causes are plain text (Step Functions guide, error handling). */
export function failureMessage(failure: Failure): string {
  const cause = failure.Cause ?? '';
  const message = lambdaErrorMessage(cause) ?? cause;
  return message === '' ? failure.Error : message;
}

function lambdaErrorMessage(cause: string): string | undefined {
  try {
    const parsed = z.looseObject({ errorMessage: z.string() }).safeParse(JSON.parse(cause));
    return parsed.success ? parsed.data.errorMessage : undefined;
  } catch {
    return undefined;
  }
}
