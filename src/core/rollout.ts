// The rollout document: the one thing that goes in and out of every state of the workflow, and its transitions.
// Evidence lives in the store; the document stays under 32 KB, which the runtime enforces.
import * as z from 'zod';
import { FailureSchema } from './failure.ts';
import { JudgeStateSchema } from './judge/state.ts';
import { ServiceSpecSchema } from './service-spec.ts';
import { ReasonSchema, VerdictSchema } from './verdict.ts';

export const MAX_DOCUMENT_BYTES = 32_768;

export const OUTCOMES = [
  'PROMOTED',
  'ROLLED_BACK',
  'ABORTED',
  'REJECTED',
  'SUPERSEDED',
  'ROLLBACK_INCOMPLETE',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

const SideSchema = z.strictObject({ version: z.string(), ref: z.string() });

/** An alarm that fired already at the start and that a person accepted, to release the fix for it. */
const AcceptedAlarmSchema = z.strictObject({
  name: z.string().min(1).max(255),
  reason: z.string().min(1).max(300),
});
export type AcceptedAlarm = z.infer<typeof AcceptedAlarmSchema>;

export const RolloutSchema = z.strictObject({
  schemaVersion: z.literal(1),
  /** Name of the execution. */
  rolloutId: z.string().min(1).max(80),
  executionArn: z.string(),
  startedAtMs: z.int(),
  /** When the sweeper takes over, however the execution fares. */
  deadlineAtMs: z.int(),
  spec: ServiceSpecSchema,
  specDigest: z.string(),
  targetRoleArn: z.string().nullable(),
  stable: SideSchema,
  canary: SideSchema,
  /** What `prepare` made for this rollout, for example the ARN of its listener rule. */
  handle: z.record(z.string(), z.string()),
  epoch: z.int().positive(),
  /** Number of traffic writes so far; stamped on each. */
  writes: z.int().nonnegative(),
  stage: z.strictObject({
    /** -1 before the first shift. */
    index: z.int().min(-1),
    enteredAtMs: z.int().nullable(),
    weightPercent: z.number().min(0).max(100),
    /** Since when the stage has been held over its bake; null while it has not. */
    heldSinceMs: z.int().nullable(),
    /** Since when a person has been asked; null while nobody is. */
    askedAtMs: z.int().nullable(),
    /**
     * The approval that was known when the judge could first not tell and people could answer, by its instant; 0: none was;
     * null: the judge can tell. Only another one answers.
     */
    approvedBeforeMs: z.int().nullable().default(null),
  }),
  /** Every shift so far, to know the weight of any past period. */
  shifts: z.array(z.strictObject({ atMs: z.int(), weightPercent: z.number() })).max(40),
  window: z.strictObject({
    /** Length of a metric period, seconds. */
    periodSeconds: z.int().positive(),
    /** A period this old can no longer change and is committed. */
    commitAfterSeconds: z.int().positive(),
    /** A pass may lean on periods this old. */
    passAfterSeconds: z.int().positive(),
  }),
  judge: JudgeStateSchema,
  /** Accepted as long as they stay in ALARM: one that was seen to be quiet is taken out, and counts again. */
  acceptedAlarms: z.array(AcceptedAlarmSchema).max(20).default([]),
  /** History events used so far, as the service counts them where it could be asked, else estimated. */
  historyEvents: z.int().nonnegative(),
  next: z.enum(['bake', 'bake-slowly', 'shift-traffic', 'commit-promotion', 'finish-promotion', 'roll-back']),
  verdict: VerdictSchema.nullable(),
  failure: FailureSchema.optional(),
  outcome: z.enum(OUTCOMES).nullable(),
  reason: ReasonSchema.nullable(),
});
export type Rollout = z.infer<typeof RolloutSchema>;

/** The name of the execution is the rollout's id: `…:execution:machine:NAME` or `…:express:…`. */
export function rolloutIdOf(executionArn: string): string {
  return executionArn.slice(executionArn.lastIndexOf(':') + 1);
}

/** Between which versions a rollout moves traffic, and what the target calls them: `41 (41) and 42 (42)`. */
export function sidesOf({ stable, canary }: Pick<Rollout, 'stable' | 'canary'>): string {
  return [stable, canary].map(({ version, ref }) => `${version} (${ref})`).join(' and ');
}

/** Why a rollout that was prepared for some versions is not prepared for others. */
export function otherSides(first: Rollout, { rolloutId, stable, canary }: Rollout): string {
  return `${rolloutId} was prepared for ${sidesOf(first)}, not for ${sidesOf({ stable, canary })}`;
}

/** Configured canary share at an instant, percent. */
export function weightAt(shifts: Rollout['shifts'], atMs: number): number {
  return shifts.findLast((shift) => shift.atMs <= atMs)?.weightPercent ?? 0;
}
