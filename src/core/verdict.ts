// The words of judgement: what was seen, what was concluded, and why, in one sentence and in numbers.
import * as z from 'zod';
import { withoutSecrets } from './secrets.ts';

export const VERDICTS = ['pass', 'hold', 'rollback', 'inconclusive'] as const;

/** Why: the structured object behind every sentence that Stepshift says. */
export const ReasonSchema = z.strictObject({
  /** Which check decided: `errors`, `latency`, `alarms`; null where none did (an abort, a refused start). */
  check: z.string().nullable(),
  /** The canary's value, in the check's own unit (percent for errors, share percent for latency). */
  value: z.number().nullable(),
  /** What it was allowed to be, same unit. */
  limit: z.number().nullable(),
  /** Canary requests behind the value. */
  sample: z.number().nullable(),
  /** Stable's value over the same time, same unit. */
  baseline: z.number().nullable(),
  /** How much time the value covers. */
  windowSeconds: z.number().nullable(),
  /** For a person, complete in itself. */
  sentence: z.string().max(600),
});
export type Reason = z.infer<typeof ReasonSchema>;

/** What a row of the table asks of a person. The last one: its sample is too small for any of the others. */
export const ACTIONS = [
  'acceptable',
  'monitor closely',
  'investigate',
  'consider rollback',
  'cannot tell yet',
] as const;

/** One row of the side-by-side table, for identical time windows. */
const CheckReadingSchema = z.strictObject({
  check: z.string(),
  /** What is compared, for people: «error rate», «requests over 500 ms». */
  label: z.string(),
  unit: z.string(),
  stable: z.number().nullable(),
  canary: z.number().nullable(),
  limit: z.number().nullable(),
  /** `higher`: the limit is the least that is allowed. */
  better: z.enum(['higher', 'lower']),
  /** Change against stable in percent; null where stable is 0 or unknown. */
  variancePercent: z.number().nullable(),
  /** Canary requests behind it. */
  sample: z.number().nullable(),
  /** Where the canary's true value lies, same unit: wrong in 1 of 100 cases on each side. null where nothing is estimated. */
  interval: z.tuple([z.number(), z.number()]).nullable().default(null),
  /** Present e-value of the check: 1 is no evidence, 100 is the level at which a rollout is rolled back. */
  evidence: z.number().nullable(),
  /** The e-values behind it, by stream. */
  streams: z.record(z.string(), z.number()),
  /** About how many more canary requests tell; null where the row can tell, or where no number helps. */
  stillNeeded: z.number().nullable(),
  action: z.enum(ACTIONS),
});
export type CheckReading = z.infer<typeof CheckReadingSchema>;

/** Told to people, moves no traffic. */
const AlertSchema = z.strictObject({
  check: z.string(),
  /** For a person, complete in itself. */
  sentence: z.string().max(300),
});
export type Alert = z.infer<typeof AlertSchema>;

export const VerdictSchema = z.strictObject({
  kind: z.enum(VERDICTS),
  reason: ReasonSchema,
  checks: z.array(CheckReadingSchema),
  alerts: z.array(AlertSchema),
});
export type Verdict = z.infer<typeof VerdictSchema>;

/** A reason without a measurement behind it. */
export function plainReason(sentence: string, check: string | null = null): Reason {
  return {
    check,
    value: null,
    limit: null,
    sample: null,
    baseline: null,
    windowSeconds: null,
    // it may quote what somebody pasted, or what a service answered
    sentence: withoutSecrets(sentence).slice(0, 600),
  };
}
