// What a start brings: the workflow's wrapping, and the request inside, which can come from anywhere.
import * as z from 'zod';
import { InvalidInputError } from '../core/errors.ts';
import type { AcceptedAlarm } from '../core/rollout.ts';
import type { ServiceSpec } from '../core/service-spec.ts';

/** As many as the rollout document has room for. */
const MAX_ACCEPTED_ALARMS = 20;

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
  /** Alarm → why it may fire at the start: its fix is what is released. */
  acceptAlarms: z
    .record(z.string().min(1).max(255), z.string().trim().min(1).max(300))
    .refine((accepted) => Object.keys(accepted).length <= MAX_ACCEPTED_ALARMS, {
      error: `at most ${MAX_ACCEPTED_ALARMS} alarms can be accepted`,
    })
    .default({}),
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
      allowed:
        '{"service": "checkout", "version": "42"}, and where alarms may fire "acceptAlarms": {"NAME": "why"}',
      fix: 'Send a JSON object with exactly these keys',
    })),
  );
}

/** A misspelt name would be accepted in vain, and the start refused for the alarm that was meant. Throws InvalidInputError. */
export function acceptedAlarmsOf({ acceptAlarms }: Request, { checks }: ServiceSpec): AcceptedAlarm[] {
  const accepted = Object.entries(acceptAlarms).map(([name, reason]) => ({ name, reason }));
  const unknown = accepted.filter(({ name }) => !checks.alarms.includes(name));
  if (unknown.length === 0) return accepted;
  throw new InvalidInputError(
    unknown.map(({ name }) => ({
      code: 'alarm-not-checked',
      what: `the service does not check the alarm ${name}, so there is nothing to accept`,
      where: 'request.acceptAlarms',
      got: name,
      allowed: checks.alarms.join(', ') || 'none: checks.alarms is empty',
      fix: 'Correct the name, or leave it out',
    })),
  );
}
