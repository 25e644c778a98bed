// What the judge takes and keeps. The judge is a fold (state, period) → state, and a verdict on (state, open window):
// pure, deterministic, the same code in Lambda, simulator, replay and judge.

/** Counts of one version in one period. */
export interface Counts {
  readonly requests: number;
  readonly errors: number;
  /** [trials, events] by measure (see measures.ts), errors apart; a measure is missing where nothing is known of it. */
  readonly shares: Readonly<Record<string, readonly [number, number]>>;
  /** By measure: percentiles in ms, gauges in their own unit; missing where unknown. */
  readonly values: Readonly<Record<string, number>>;
  /** Requests that waited for a new execution environment; null where nobody counts them. */
  readonly coldStarts: number | null;
}

/** One period of both versions. null = CloudWatch gave nothing for that version. */
export interface Period {
  readonly startMs: number;
  readonly seconds: number;
  /** Configured canary share at the period's start, percent. */
  readonly weightPercent: number;
  /** … and at its end, where a shift fell into it. */
  readonly endWeightPercent?: number;
  readonly stable: Counts | null;
  readonly canary: Counts | null;
}

export interface AlarmReading {
  readonly name: string;
  /** MISSING: no such alarm. */
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA' | 'MISSING';
  readonly reason: string;
  readonly updatedAtMs: number | null;
}

/** When a stage began and how long it may last, as the judge needs it. */
export interface StageClock {
  readonly enteredAtMs: number;
  readonly bakeSeconds: number;
  readonly maxHoldSeconds: number;
}

/** open: late metrics may still change it; settled: a pass may lean on it; committed: it can no longer change. */
export type Age = 'open' | 'settled' | 'committed';

/** One period as a stream of evidence takes it in. */
export interface Moment {
  readonly period: Period;
  /** Its start, since the start of the rollout. */
  readonly atSeconds: number;
  /** From the first canary period, or the last raise of the weight, to the start of this period. */
  readonly secondsSinceRaise: number;
  /** Prior mass of harm that starts with this period. */
  readonly mass: number;
  /** Prior mass of the starts after it. */
  readonly massLeft: number;
  /** The most that a period may add to a process, nats. */
  readonly capNats: number;
  readonly age: Age;
  /** Share of the canary's traffic that came with the last raise, 1 after the first. */
  readonly newShare: number;
}

/** What a sentence says about the rollout it is about. */
export interface RolloutNames {
  readonly service: string;
  readonly canaryVersion: string;
  readonly weightPercent: number;
  readonly startedAtMs: number;
}
