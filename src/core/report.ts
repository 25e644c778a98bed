// The report model: everything that a person or a tool is shown about one rollout, ended or not.
import type { EventName } from './events.ts';
import type { GateResult } from './gates.ts';
import type { AlarmReading } from './judge/types.ts';
import type { Outcome } from './rollout.ts';
import type { Stage } from './service-spec.ts';
import type { CheckReading, Reason, Verdict } from './verdict.ts';

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

/** Share of the canary that was counted, percent, with two standard errors of a binomial count. */
export interface ObservedShare {
  readonly percent: number;
  readonly marginPercent: number;
  /** Of both versions. */
  readonly requests: number;
}

/** What became of one planned stage. */
export interface StageCourse {
  /** From 0. */
  readonly index: number;
  readonly weightPercent: number;
  readonly bakeSeconds: number;
  /** A person must let the rollout leave it. */
  readonly approval: boolean;
  /** null: not reached. */
  readonly enteredAt: string | null;
  /** null: not reached, or still there. */
  readonly leftAt: string | null;
  /** Over the whole periods at its weight; null while nothing was counted in them. */
  readonly observed: ObservedShare | null;
  /** The last one there; null: nothing was judged. */
  readonly verdict: Verdict['kind'] | null;
  readonly sentence: string | null;
  /** Side by side, as last judged there. */
  readonly checks: readonly CheckReading[];
}

/** What one look saw of one row of the side-by-side table; values in the row's unit. */
export interface CheckPoint {
  readonly at: string;
  readonly stageIndex: number;
  readonly stable: number | null;
  readonly canary: number | null;
  readonly limit: number | null;
  readonly interval: readonly [number, number] | null;
}

/** One row of the side-by-side table over all looks, oldest first. */
export interface CheckCourse {
  readonly check: string;
  readonly label: string;
  readonly unit: string;
  readonly better: CheckReading['better'];
  readonly points: readonly CheckPoint[];
}

/** A stretch of looks in which an alarm was seen in one state that is not OK. */
export interface AlarmStretch {
  readonly name: string;
  readonly state: AlarmReading['state'];
  readonly from: string;
  /** The first look that saw it otherwise; null: it was so to the end. */
  readonly to: string | null;
}

/** Who met the canary. */
export interface Exposure {
  readonly canaryRequests: number;
  /** Failed, or answered too slowly. */
  readonly badRequests: number;
  /** Of these: good answers that came too slowly. Left out where there is none, or no metric tells. */
  readonly slowRequests?: number;
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
  /** What was live instead at the end of a superseded rollout; left out where that is not known. */
  readonly strangers?: readonly string[];
  /**
   * When trouble was first known: a failed verdict, a latched interrupt, a step that failed for good. null where nobody found
   * any: a question that stayed unanswered takes a rollout back as well.
   */
  readonly detectedAt: string | null;
  /** When all traffic was back on stable, verified. */
  readonly safeAt: string | null;
  readonly exposure: Exposure;
  readonly reason: Reason;
  readonly stages: readonly Stage[];
  readonly gates: readonly GateResult[];
  /** Side by side at the decision, for identical time windows. */
  readonly checks: readonly CheckReading[];
  readonly series: readonly ReportPoint[];
  /** One for each planned stage. */
  readonly course: readonly StageCourse[];
  /** One for each row of the side-by-side table that was ever there, the one that decided first. */
  readonly checkCourses: readonly CheckCourse[];
  readonly alarmStretches: readonly AlarmStretch[];
  readonly timeline: readonly TimelineEntry[];
}
