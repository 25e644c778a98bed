// The judge's memory: a committed fold, small enough to travel in the rollout document (under 2 KB as JSON).
import * as z from 'zod';

/** Requests, and how many of them were bad (failed, or slower than the limit). */
const SampleSchema = z.tuple([z.number().nonnegative(), z.number().nonnegative()]);
export type Sample = z.infer<typeof SampleSchema>;

/** Both versions over the same periods. */
const TallySchema = z.strictObject({ canary: SampleSchema, stable: SampleSchema });
export type Tally = z.infer<typeof TallySchema>;

/** The stretch of periods since the most likely start of harm. */
const RunSchema = z.strictObject({
  fromMs: z.int(),
  /** Page's cumulative sum at twice the border; the run begins anew when it falls to 0. */
  score: z.number().nonnegative(),
  tally: TallySchema,
});
export type Run = z.infer<typeof RunSchema>;

/** One stream of evidence. Each process holds one number per alternative of its grid. */
const StreamStateSchema = z.strictObject({
  /** Variance of stable's counts against what chance alone would give; every log likelihood ratio is divided by it. */
  dispersion: z.number().min(1),
  /** Share of requests from which on the canary is bad whatever stable does. */
  borderShare: z.number().gt(0).lt(1),
  /** Against the border. */
  absolute: z.array(z.number().nonnegative()),
  /** Against stable in the same periods; empty where the stream has no such comparison. */
  versusStable: z.array(z.number().nonnegative()),
  run: RunSchema,
});
export type StreamState = z.infer<typeof StreamStateSchema>;

export const JudgeStateSchema = z.strictObject({
  startMs: z.int(),
  /** Periods that start before this instant are folded in for good. */
  committedUntilMs: z.int(),
  /** End of the last period in which everybody who was due reported. */
  reportedUntilMs: z.int(),
  /** Canary share in the last period, percent; 0 before the first. */
  weightPercent: z.number(),
  /** Raises of the weight seen so far, the first not counted. */
  raises: z.int().nonnegative(),
  /** Prior mass of the starts of harm that are still to come. */
  massLeft: z.number().min(0).max(1),
  /** By stream name. */
  streams: z.record(z.string(), StreamStateSchema),
  /** Since the present weight was first seen. */
  stage: z.strictObject({ fromMs: z.int(), errors: TallySchema, slow: TallySchema }),
  /** The canary since the rollout began. */
  total: z.strictObject({ errors: SampleSchema, slow: SampleSchema }),
});
export type JudgeState = z.infer<typeof JudgeStateSchema>;
