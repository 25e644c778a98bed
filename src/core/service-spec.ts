// The canonical service spec: what a service file means once presets and defaults are written out and every quantity
// is a number with its unit in its name. It is stored at registration and travels in the rollout document.
import * as z from 'zod';
import { TargetSchema } from './targets/index.ts';

const MetricNameSchema = z.strictObject({
  namespace: z.string().min(1).max(255),
  name: z.string().min(1).max(255),
});

const ErrorsCheckSchema = z.strictObject({
  /** The canary may fail this many times as often as stable. */
  toleranceRatio: z.number().min(1),
  /** Below this rate the canary is fine whatever stable does, percent of requests. */
  floorPercent: z.number().positive().max(100),
  /** Above this rate the canary is bad whatever the tolerance says, percent of requests. */
  limitPercent: z.number().positive().max(100),
  /** Metric of HTTP 5xx answers with the dimensions FunctionName and Version; null where none is configured. */
  http5xx: MetricNameSchema.nullable(),
});

const LatencyCheckSchema = z.strictObject({
  /** The canary may be this many times slower than stable. */
  toleranceRatio: z.number().min(1),
  limitMs: z.number().positive(),
  /** The quantile that is held to the limit and shown to people, for example 0.95. */
  quantile: z.number().gt(0).lt(1),
  /** What a canary above the limit brings about: people are told, or it is rolled back. */
  onLimit: z.enum(['alert', 'rollback']),
  /** After a raise so long an extra share of slow requests is forgiven, where cold starts are not counted. */
  warmUpSeconds: z.int().nonnegative(),
  /** Metric of cold starts with the dimensions FunctionName and Version; null where nobody counts them. */
  coldStarts: MetricNameSchema.nullable(),
});

/**
 * One CloudWatch series. In dimension values `{version}`, `{function}`, `{alias}` and `{targetGroup}` stand for the
 * side that is read; a series without any of them is the same for both sides.
 */
const SeriesSchema = z.strictObject({
  namespace: z.string().min(1).max(255),
  name: z.string().min(1).max(255),
  stat: z.string().min(1).max(20),
  dimensions: z.record(z.string(), z.string()),
});
export type SeriesSpec = z.infer<typeof SeriesSchema>;

/** A series, or metric math over some. */
const SourceSchema = z.union([
  SeriesSchema,
  z.strictObject({ expression: z.string().min(1).max(1024), series: z.record(z.string(), SeriesSchema) }),
]);
export type MetricSourceSpec = z.infer<typeof SourceSchema>;

const customBase = {
  name: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  metric: SourceSchema,
};
const better = z.enum(['higher', 'lower']);

/** Checks that a team defines for itself. */
const CustomCheckSchema = z.discriminatedUnion('kind', [
  /** Events per request, or per event of another metric: tested as counts. */
  z.strictObject({
    ...customBase,
    kind: z.literal('rate'),
    /** null: per request. */
    per: SourceSchema.nullable(),
    better,
    /** `higher`: at least this many times stable's share, below 1. `lower`: at most, above 1. */
    toleranceRatio: z.number().positive(),
    /** Events may be counted so long after their request, so that after a raise the canary's first ones are missing. */
    lagSeconds: z.int().nonnegative(),
  }),
  /** A value a minute (a percentile, an average): tested by the sign of the difference only. */
  z.strictObject({
    ...customBase,
    kind: z.literal('value'),
    better,
    toleranceRatio: z.number().positive(),
  }),
  /** CPU, memory, queue depth: never proof, always a reason to wait. */
  z.strictObject({
    ...customBase,
    kind: z.literal('gauge'),
    /** In the metric's own unit; null: held to stable's band only. */
    limit: z.number().nullable(),
    onLimit: z.enum(['hold', 'rollback']),
  }),
]);
export type CustomCheck = z.infer<typeof CustomCheckSchema>;

export const StageSchema = z.strictObject({
  weightPercent: z.number().gt(0).max(100),
  bakeSeconds: z.int().positive(),
  /** A person must let the rollout leave this stage. Left out where not, so that specs of older releases keep their digest. */
  approval: z.boolean().optional(),
});
export type Stage = z.infer<typeof StageSchema>;

export const ServiceSpecSchema = z.strictObject({
  service: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  target: TargetSchema,
  stages: z.array(StageSchema).min(1).max(30),
  checks: z.strictObject({
    errors: ErrorsCheckSchema,
    /** null: latency is not judged. */
    latency: LatencyCheckSchema.nullable(),
    /** Throttled share of the attempts, percent, above which the canary is held; null: not asked. */
    throttlesLimitPercent: z.number().positive().max(100).nullable(),
    custom: z.array(CustomCheckSchema).max(8),
    /** Names of CloudWatch alarms, metric or composite. */
    alarms: z.array(z.string().min(1).max(255)).max(100),
  }),
  /** How long a stage may be held over its bake before it counts as inconclusive. */
  maxHoldSeconds: z.int().nonnegative(),
  /** `high` finds harm with about a tenth fewer bad requests, at five times the chance of a false rollback. */
  sensitivity: z.enum(['normal', 'high']),
  onInconclusive: z.enum(['ask', 'advance', 'rollback']),
  notify: z.string().nullable(),
  /** Gate slug → reason, for gates that the team chose to pass shut. */
  waivers: z.record(z.string(), z.string().min(1)),
});
export type ServiceSpec = z.infer<typeof ServiceSpecSchema>;

/** What registration stores: the spec, what it was made from, and the role that may touch its target. */
export const ServiceRecordSchema = z.strictObject({
  spec: ServiceSpecSchema,
  /** SHA-256 of the canonical JSON of the spec, hex. */
  specDigest: z.string().regex(/^[0-9a-f]{64}$/),
  /** null on the laptop, where there is nothing to assume. */
  targetRoleArn: z.string().nullable(),
});
export type ServiceRecord = z.infer<typeof ServiceRecordSchema>;

/** JSON with sorted keys and no spaces, so that equal specs have equal digests. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`);
    return `{${entries.join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
