// The report model: everything that a person or a tool is shown about one rollout, ended or not.
import type { EventName } from './events.ts';
import type { GateResult } from './gates.ts';
import type { Outcome } from './rollout.ts';
import type { Stage } from './service-spec.ts';
import type { CheckReading, Reason } from './verdict.ts';

/** One line of the story. `at` is ISO 8601 UTC; the rest is the event's data. */
export type TimelineEntry = {
  readonly at: string;
  readonly event: EventName;
  readonly sentence: string;
} & Readonly<Record<string, string | number | boolean | null>>;

/** One metric period for the charts. Rates are percent of requests; null where nothing was reported. */
export interface ReportPoint {
  readonly at: string;
  readonly weightPercent: number;
  readonly stableRequests: number | null;
  readonly canaryRequests: number | null;
  readonly stableErrorPercent: number | null;
  readonly canaryErrorPercent: number | null;
}

export interface RolloutReport {
  readonly rolloutId: string;
  readonly service: string;
  readonly target: string;
  readonly stableVersion: string | null;
  readonly canaryVersion: string;
  readonly specDigest: string;
  /** null while it runs. */
  readonly outcome: Outcome | null;
  readonly finalWeightPercent: number;
  readonly peakWeightPercent: number;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** When trouble was first known: a failed verdict or a latched interrupt. */
  readonly detectedAt: string | null;
  /** When all traffic was back on stable, verified. */
  readonly safeAt: string | null;
  readonly exposure: { readonly canaryRequests: number; readonly badRequests: number };
  readonly reason: Reason;
  readonly stages: readonly Stage[];
  readonly gates: readonly GateResult[];
  /** Side by side at the decision, for identical time windows. */
  readonly checks: readonly CheckReading[];
  readonly series: readonly ReportPoint[];
  readonly timeline: readonly TimelineEntry[];
}
