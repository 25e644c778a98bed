// What a start brings: the workflow's wrapping, and the request inside, which can come from anywhere.
import * as z from 'zod';
import { InvalidInputError } from '../core/errors.ts';

/** The first two states get this; the execution's own input is `request`. */
export const StartInputSchema = z.strictObject({
  request: z.unknown(),
  execution: z.string().min(1),
  /** ISO 8601, from the context object. */
  startedAt: z.string(),
});

const RequestSchema = z.strictObject({
  service: z.string().min(1).max(40),
  version: z.string().min(1).max(128),
});
type Request = z.infer<typeof RequestSchema>;

/** Throws InvalidInputError. */
export function parseRequest(request: unknown): Request {
  const parsed = RequestSchema.safeParse(request);
  if (parsed.success) return parsed.data;
  throw new InvalidInputError(
    parsed.error.issues.map((issue) => ({
      code: 'request-invalid',
      what: `the start request is not understood: ${issue.message}`,
      where: ['request', ...issue.path].join('.'),
      got: JSON.stringify(request)?.slice(0, 200) ?? 'nothing',
      allowed: '{"service": "checkout", "version": "42"}',
      fix: 'Send a JSON object with exactly these two strings',
    })),
  );
}
