// What the judge holds a canary to: the service's checks as streams with weights, and the defaults nobody has to set.
import type { ServiceSpec } from '../service-spec.ts';

export type Measure = 'errors' | 'slow';

/** How people hear of a measure. */
interface MeasureWords {
  /** What bad requests did: «failed». */
  readonly verb: string;
  /** The share of them: «error rate». */
  readonly label: string;
}

interface StreamBase {
  readonly name: string;
  /** The check it belongs to; reasons and the table speak of checks. */
  readonly check: string;
  /** Share of the evidence; the weights of a rollout sum to 1. */
  readonly weight: number;
}

/** Canary against stable: harm means a share above `toleranceRatio` times stable's and above `floorShare`. */
export interface RatioStreamPolicy extends StreamBase {
  readonly kind: 'ratio';
  readonly measure: Measure;
  readonly words: MeasureWords;
  readonly toleranceRatio: number;
  readonly floorShare: number;
  readonly maxDispersion: number;
}

/** Canary against a fixed limit; beside a control it counts only while the canary is also worse than the control. */
export interface LimitStreamPolicy extends StreamBase {
  readonly kind: 'limit';
  readonly measure: Measure;
  readonly words: MeasureWords;
  readonly limitShare: number;
  /** A service that usually is worse than its limit is held to this many times its usual share instead. */
  readonly usualFactor: number;
  /** How many times stable's share the canary may have before it counts as worse than the control. */
  readonly witnessRatio: number;
  readonly maxDispersion: number;
}

/** Stable reports and the canary, which was due requests, does not. */
export interface SilenceStreamPolicy extends StreamBase {
  readonly kind: 'silence';
  /** Canary requests that must have been due in a period before its absence means anything. */
  readonly minimumDueRequests: number;
  /** How often such a period may be missing by nature. */
  readonly missingShare: number;
}

/** Streams over a share of requests. */
export type SharePolicy = RatioStreamPolicy | LimitStreamPolicy;
export type StreamPolicy = SharePolicy | SilenceStreamPolicy;

export interface JudgePolicy {
  /** Chance, over the whole rollout, of rolling back a canary that is within its tolerances. */
  readonly alpha: number;
  readonly streams: readonly StreamPolicy[];
  readonly stageWeightsPercent: readonly number[];
  /** Sum of all bakes. */
  readonly plannedSeconds: number;
  /** Combined evidence from which on the canary is held. */
  readonly suspiciousEvidence: number;
  /** So many due periods without a report, and the canary is held. */
  readonly missingPeriods: number;
  readonly safety: SafetyPolicy;
}

export interface SafetyPolicy {
  /** Chance of calling a canary safe that is exactly at the border, over all its tests. */
  readonly beta: number;
  /** The canary must be shown to be below this many times stable's share, or below the limit. */
  readonly stableRatio: number;
  /** Before an early stage the share to exclude is larger, up to this. */
  readonly maxExcludedShare: number;
}

export const ERRORS_RATIO = 'errors';
export const ERRORS_LIMIT = 'errors-limit';
const LATENCY_LIMIT = 'latency-limit';
export const SILENCE = 'silence';

const ERRORS_USUAL_FACTOR = 3;
const LATENCY_USUAL_FACTOR = 1.5;
const LATENCY_WITNESS_RATIO = 1.1;
const ERRORS_MAX_DISPERSION = 4;
const LATENCY_MAX_DISPERSION = 2;

function errorStreams(errors: ServiceSpec['checks']['errors']): readonly StreamPolicy[] {
  const common = {
    check: 'errors',
    measure: 'errors',
    words: { verb: 'failed', label: 'error rate' },
    maxDispersion: ERRORS_MAX_DISPERSION,
  } as const;
  return [
    {
      ...common,
      kind: 'ratio',
      name: ERRORS_RATIO,
      weight: 0.35,
      toleranceRatio: errors.toleranceRatio,
      floorShare: errors.floorPercent / 100,
    },
    {
      ...common,
      kind: 'limit',
      name: ERRORS_LIMIT,
      weight: 0.12,
      limitShare: errors.limitPercent / 100,
      usualFactor: ERRORS_USUAL_FACTOR,
      witnessRatio: errors.toleranceRatio,
    },
  ];
}

function latencyStreams(latency: ServiceSpec['checks']['latency']): readonly StreamPolicy[] {
  if (latency === null) return [];
  return [
    {
      kind: 'limit',
      name: LATENCY_LIMIT,
      check: 'latency',
      measure: 'slow',
      words: {
        verb: `took longer than ${latency.limitMs} ms`,
        label: `share of requests over ${latency.limitMs} ms`,
      },
      weight: 0.12,
      limitShare: Number((1 - latency.quantile).toPrecision(6)),
      usualFactor: LATENCY_USUAL_FACTOR,
      witnessRatio: LATENCY_WITNESS_RATIO,
      maxDispersion: LATENCY_MAX_DISPERSION,
    },
  ];
}

/** The weights of streams that are not in use are shared out here, before the start, and never during a rollout. */
export function judgePolicy(spec: ServiceSpec): JudgePolicy {
  const silence: SilenceStreamPolicy = {
    kind: 'silence',
    name: SILENCE,
    check: 'silence',
    weight: 0.05,
    minimumDueRequests: 10,
    missingShare: 0.04,
  };
  const streams = [...errorStreams(spec.checks.errors), ...latencyStreams(spec.checks.latency), silence];
  const sum = streams.reduce((total, stream) => total + stream.weight, 0);
  return {
    alpha: 0.01,
    streams: streams.map((stream) => ({ ...stream, weight: stream.weight / sum })),
    stageWeightsPercent: spec.stages.map((stage) => stage.weightPercent),
    plannedSeconds: spec.stages.reduce((total, stage) => total + stage.bakeSeconds, 0),
    suspiciousEvidence: 3,
    missingPeriods: 2,
    safety: { beta: 0.1, stableRatio: 3, maxExcludedShare: 0.2 },
  };
}
