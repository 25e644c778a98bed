// The line protocol of `stepshift judge`: one JSON message a line on stdin, one answer a line on stdout. A rollout is a
// `start`, its periods in order, and an `end`; each `period` and `end` is answered at once, so nobody can look ahead.
import * as z from 'zod';

const Count = z.int().nonnegative().max(Number.MAX_SAFE_INTEGER);

/** What one version did in one period. A row without requests has neither histogram nor percentiles. */
export const RowSchema = z.strictObject({
  requests: Count,
  errors: Count.default(0),
  /** Absent where the service has no KPI. */
  conversions: Count.optional(),
  /** Requests by latency bucket; the buckets are `latencyEdgesMs` of the start and one more for the rest. */
  hist: z.array(Count).optional(),
  /** Milliseconds. */
  p50: z.number().nonnegative().optional(),
  p95: z.number().nonnegative().optional(),
  p99: z.number().nonnegative().optional(),
  /** Percent. */
  cpu: z.number().nonnegative().optional(),
  /** Requests that waited for a new execution environment; absent where nobody counts them. */
  coldStarts: Count.optional(),
});
export type Row = z.infer<typeof RowSchema>;

export const StartMessageSchema = z.strictObject({
  type: z.literal('start'),
  id: z.string().min(1),
  periodSec: z.int().positive().max(3600),
  /** `weight` is a share, 0.05 is 5 %. */
  plan: z.array(z.strictObject({ weight: z.number().gt(0).max(1), minutes: z.number().positive() })).min(1),
  /** Inclusive upper bounds, rising. */
  latencyEdgesMs: z.array(z.number().positive()).default([]),
  /** Stable alone before the rollout, `t` in seconds since its start, so negative. */
  history: z.array(z.strictObject({ t: z.number(), stable: RowSchema.nullable() })).default([]),
  /** Absolute limits that an operator would set. */
  policy: z
    .strictObject({
      errorRateMax: z.number().gt(0).max(1).optional(),
      p99MaxMs: z.number().positive().optional(),
    })
    .default({}),
});
export type StartMessage = z.infer<typeof StartMessageSchema>;

export const PeriodMessageSchema = z.strictObject({
  type: z.literal('period'),
  id: z.string().min(1),
  /** Start of the period, seconds since the start of the rollout. */
  t: z.number().nonnegative(),
  /** Index of the stage. */
  step: z.int().nonnegative(),
  weight: z.number().min(0).max(1),
  /** null: CloudWatch gave nothing. */
  stable: RowSchema.nullable(),
  canary: RowSchema.nullable(),
});
export type PeriodMessage = z.infer<typeof PeriodMessageSchema>;

export const EndMessageSchema = z.strictObject({ type: z.literal('end'), id: z.string().min(1) });
export type EndMessage = z.infer<typeof EndMessageSchema>;

export const MessageSchema = z.discriminatedUnion('type', [
  StartMessageSchema,
  PeriodMessageSchema,
  EndMessageSchema,
]);
export type Message = z.infer<typeof MessageSchema>;

export interface Answer {
  readonly id: string;
  /** `continue` is our pass or hold inside a stage; only `end` is answered with the last word. */
  readonly verdict: 'continue' | 'pass' | 'inconclusive' | 'rollback';
  /** One sentence. */
  readonly reason: string;
}

/** A judge that speaks the protocol. State is kept per rollout only: `start` forgets everything before it. */
export interface LineJudge {
  start(message: StartMessage): void;
  period(message: PeriodMessage): Answer;
  end(message: EndMessage): Answer;
}
