// What the judge holds a canary to: the service's checks as streams with weights, and what a person is told or waits for.
import type { ServiceSpec } from '../service-spec.ts';
import type { LatencyBaseline } from './measures.ts';
import { customStreams } from './policy-custom.ts';
import { errorStreams } from './policy-errors.ts';
import { type GaugePolicy, gaugePolicies } from './policy-gauges.ts';
import { latencyStreams } from './policy-latency.ts';
import { type AlertPolicy, alertPolicies, type ValuePolicy, valuePolicies } from './policy-values.ts';
import type { SilenceStreamPolicy, StreamPolicy } from './stream-policy.ts';

export interface JudgePolicy {
  /** Chance, over the whole rollout, of rolling back a canary that is within its tolerances. */
  readonly alpha: number;
  readonly streams: readonly StreamPolicy[];
  /** Values that are shown beside stable's. */
  readonly values: readonly ValuePolicy[];
  readonly gauges: readonly GaugePolicy[];
  readonly alerts: readonly AlertPolicy[];
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

export const SILENCE = 'silence';

const SILENCE_STREAM: SilenceStreamPolicy = {
  kind: 'silence',
  name: SILENCE,
  check: 'silence',
  weight: 0.05,
  minimumDueRequests: 10,
  missingShare: 0.04,
};

const ALPHA: Readonly<Record<ServiceSpec['sensitivity'], number>> = { normal: 0.01, high: 0.05 };

/**
 * The weights of streams that are not in use are shared out here, before the start, and never during a rollout.
 * @param latency stable's usual latency; null where the hour before the rollout told none
 */
export function judgePolicy(spec: ServiceSpec, latency: LatencyBaseline | null): JudgePolicy {
  const checks = { ...spec.checks, latency: withinBakes(spec) };
  const builtIn = [
    ...errorStreams(checks.errors),
    ...latencyStreams(checks.latency, latency),
    SILENCE_STREAM,
  ];
  const custom = customStreams(checks.custom);
  return {
    alpha: ALPHA[spec.sensitivity],
    streams: [...scaled(builtIn, 1 - sumOf(custom)), ...custom],
    values: valuePolicies(checks),
    gauges: gaugePolicies(checks, latency),
    alerts: alertPolicies(checks),
    stageWeightsPercent: spec.stages.map((stage) => stage.weightPercent),
    plannedSeconds: spec.stages.reduce((total, stage) => total + stage.bakeSeconds, 0),
    suspiciousEvidence: 3,
    missingPeriods: 2,
    safety: { beta: 0.1, stableRatio: 3, maxExcludedShare: 0.2 },
  };
}

/** A warm-up must not outlast what is looked at: it takes at most so much of the shortest bake. */
const WARM_UP_PART = 0.8;

function withinBakes({ checks, stages }: ServiceSpec): ServiceSpec['checks']['latency'] {
  const shortest = Math.min(...stages.map((stage) => stage.bakeSeconds));
  const { latency } = checks;
  return (
    latency && {
      ...latency,
      warmUpSeconds: Math.min(latency.warmUpSeconds, Math.floor(WARM_UP_PART * shortest)),
    }
  );
}

function sumOf(streams: readonly StreamPolicy[]): number {
  return streams.reduce((total, stream) => total + stream.weight, 0);
}

function scaled(streams: readonly StreamPolicy[], total: number): readonly StreamPolicy[] {
  const factor = total / sumOf(streams);
  return streams.map((stream) => ({ ...stream, weight: stream.weight * factor }));
}
