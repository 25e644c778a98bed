// The judge's memory: a committed fold, small enough to travel in the rollout document (under 2 KB as JSON).
import * as z from 'zod';

export const JudgeStateSchema = z.strictObject({
  /** Periods that start before this instant are folded in for good. */
  committedUntilMs: z.int(),
});
export type JudgeState = z.infer<typeof JudgeStateSchema>;
