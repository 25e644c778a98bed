// The judge's memory: a committed fold, small enough to travel in the rollout document (under 2 KB as JSON).
import * as z from 'zod';
import { LatencyBaselineSchema } from './measures.ts';

/** [trials, events]: requests and how many of them were counted (failed, slower than a threshold, converted). */
const SampleSchema = z.tuple([z.number().nonnegative(), z.number().nonnegative()]);
export type Sample = z.infer<typeof SampleSchema>;

/** Both versions over the same periods. */
export interface Tally {
  readonly canary: Sample;
  readonly stable: Sample;
}

const Amount = z.number().nonnegative();
/** A tally as it is kept: canary's trials and events, stable's trials and events. See tally.ts. */
const KeptTallySchema = z.tuple([Amount, Amount, Amount, Amount]);
export type KeptTally = z.infer<typeof KeptTallySchema>;

/**
 * The stretch of periods since the most likely start of harm: its begin in seconds since the start of the rollout,
 * Page's cumulative sum, and the tally since. See run.ts.
 */
const RunSchema = z.tuple([z.number(), Amount, ...KeptTallySchema.def.items]);
export type Run = z.infer<typeof RunSchema>;

/** A process holds one number per alternative of its grid. */
const ProcessSchema = z.array(z.number().nonnegative());

/** One stream of evidence. What a kind of stream does not need is left out. */
const StreamStateSchema = z.strictObject({
  /** Variance of stable's counts against what chance alone would give; every log likelihood ratio is divided by it. A
   * limit takes that of its witness, which counts the same. */
  dispersion: z.number().min(1).optional(),
  /** What a ceiling cut off of it, for each request of a period; see dispersion.ts. */
  excessPerRequest: z.number().positive().optional(),
  /** Share of requests from which on the canary is bad whatever stable does, where the service's history moves it. */
  borderShare: z.number().gt(0).max(1).optional(),
  /** Against a fixed border. */
  versusBorder: ProcessSchema.optional(),
  /** Against stable in the same periods. */
  versusStable: ProcessSchema.optional(),
  /** Stable's share of late. */
  usualShare: z.number().min(0).max(1).optional(),
  run: RunSchema,
});
export type StreamState = z.infer<typeof StreamStateSchema>;

/**
 * Values of both versions in the same periods: how many, sums of the canary's and of stable's, sum and sum of squares of
 * ln(canary/stable). See stage.ts.
 */
const PairsSchema = z.tuple([z.int().nonnegative(), z.number(), z.number(), z.number(), Amount]);
export type Pairs = z.infer<typeof PairsSchema>;

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
  /** Start of the first canary period, or of the first one after the last raise. */
  raisedAtMs: z.int(),
  /** Share of the canary's traffic that came with that raise. */
  newShare: z.number().min(0).max(1),
  /** Prior mass of the starts of harm that are still to come. */
  massLeft: z.number().min(0).max(1),
  /** Stable's latency in the hour before; null where nothing is known. */
  latency: LatencyBaselineSchema.nullable(),
  /** By stream name. */
  streams: z.record(z.string(), StreamStateSchema),
  /** Stable's gauges in the hour before, [mean, standard deviation] by measure. */
  bands: z.record(z.string(), z.tuple([z.number(), z.number()])),
  /** Periods in a row that a gauge or an alert was over its limit, by its check; none is left out. */
  beyond: z.record(z.string(), z.int().positive()),
  /** Since the present weight was first seen. */
  stage: z.strictObject({
    fromMs: z.int(),
    /** By measure. */
    tallies: z.record(z.string(), KeptTallySchema),
    pairs: z.record(z.string(), PairsSchema),
  }),
  /** The canary since the rollout began. */
  total: z.strictObject({
    errors: SampleSchema,
    /** Requests whose latency is known. */
    timed: z.number().nonnegative(),
  }),
});
export type JudgeState = z.infer<typeof JudgeStateSchema>;
