// The outside world as Stepshift sees it: one role each, every method's promise written down. The simulator and the
// AWS adapters implement the same ports and pass the same contract tests.
import type { RolloutEvent, Severity } from './core/events.ts';
import type { GateResult } from './core/gates.ts';
import type { LatencyBaseline, LatencyPercentiles } from './core/judge/measures.ts';
import type { AlarmReading, Counts, Period } from './core/judge/types.ts';
import type { Outcome, Rollout } from './core/rollout.ts';
import type { ServiceRecord, ServiceSpec } from './core/service-spec.ts';
import type { Target, TargetFacts, TargetKindName } from './core/targets/index.ts';
import type { Side } from './core/targets/target.ts';
import type { Reason, Verdict } from './core/verdict.ts';

export interface Clock {
  /** Epoch milliseconds. Used for durations and stamps, never to decide the order of two writers. */
  now(): number;
  /** Resolves after that long; used to bound a wait, never to order two writers. */
  sleep(ms: number): Promise<void>;
}

/** A target and the role that may touch it. `targetRoleArn` null: use the caller's own rights. */
export interface TargetAccess {
  readonly target: Target;
  readonly targetRoleArn: string | null;
}

/** Who writes and between which versions. The tag `rolloutId/epoch/seq` is left on the target where it can carry one. */
export interface TrafficOrder extends TargetAccess {
  readonly stable: Side;
  readonly canary: Side;
  readonly handle: Readonly<Record<string, string>>;
  readonly tag: { readonly rolloutId: string; readonly epoch: number; readonly seq: number };
}

/** What the target is configured to do right now, as read from its own API. */
export interface LiveTraffic {
  /** Share of the canary, percent. */
  readonly canaryPercent: number;
  /** Share of stable, percent. */
  readonly stablePercent: number;
  /** Versions that carry traffic and are neither stable nor canary. */
  readonly strangers: readonly string[];
  /** The tag of the last writer, where the target can carry one. */
  readonly writtenBy: string | null;
}

/**
 * Moves traffic on one kind of target. Every method may throw TransientError (try again) and PermissionError.
 * No method decides: weights, order and permission to write come from the caller.
 */
export interface TrafficRouter {
  /** Reads facts for the gates. Writes nothing. A missing target is a fact, not an error. */
  describe(access: TargetAccess, version: string): Promise<TargetFacts>;
  /** Makes the target ready to take weights while the canary's share stays 0. Idempotent: finds what it made before. */
  prepare(order: TrafficOrder): Promise<Readonly<Record<string, string>>>;
  /**
   * Sets the canary's share. Order of events, which is a safety property: (1) read the live target, (2) call
   * `authorise`, (3) write on condition that nothing changed since (1), (4) read back.
   * A lost answer to a write that landed is success, so a live target that already carries this order's tag and weight
   * is left as it is (after `authorise`). Throws SupersededError when a stranger carries traffic,
   * DriftError when the live share is not `expectedPercent`, or when the write lost a race.
   */
  shift(
    order: TrafficOrder,
    change: { readonly expectedPercent: number; readonly weightPercent: number },
    authorise: () => Promise<void>,
  ): Promise<LiveTraffic>;
  /**
   * Takes the canary to 0 and undoes `prepare`. Always writes, even at 0, so that a write in flight loses its race;
   * repeats its own read and write until it wins or a stranger is live (SupersededError, nothing written).
   * Works without a handle (finds what `prepare` made by the rollout's tag). Idempotent.
   */
  restore(order: TrafficOrder): Promise<LiveTraffic>;
  /**
   * Makes the canary the only version and undoes `prepare`. Idempotent: already done is success. Reads first, then
   * calls `authorise`, then writes on condition that nothing changed since, as `shift` does. Throws SupersededError when
   * a stranger carries traffic.
   */
  promote(order: TrafficOrder, authorise: () => Promise<void>): Promise<LiveTraffic>;
  /** Reads. */
  verify(order: TrafficOrder): Promise<LiveTraffic>;
}

export interface MetricsQuery extends TargetAccess {
  readonly spec: ServiceSpec;
  /** Says at which thresholds slow requests are counted; null: latency by percentiles only. */
  readonly latency: LatencyBaseline | null;
  readonly stable: Side;
  /** null: read stable alone, as it was before the rollout (all traffic was its). */
  readonly canary: Side | null;
  /** Aligned to `periodSeconds`; `toMs` is exclusive. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly periodSeconds: number;
}

export interface MetricsAnswer {
  /** One entry per period from `fromMs` to `toMs`, oldest first, null where nothing was reported. */
  readonly periods: readonly {
    readonly startMs: number;
    readonly stable: Counts | null;
    readonly canary: Counts | null;
  }[];
  /** null when every series was complete; else why nothing may be concluded from this answer. */
  readonly problem: string | null;
  /** Longest request of stable in the time asked for, seconds; null where unknown. */
  readonly stableMaxSeconds: number | null;
  /** Percentiles of stable over the whole time asked for; null where unknown, or where a canary was asked for too. */
  readonly percentiles: LatencyPercentiles | null;
  /**
   * Whether stable's HTTP-status stream (`checks.errors.http5xx`) had any data beside its requests; null where none is
   * configured, where there were no requests to count, or where an incomplete answer could be why it has none.
   */
  readonly isHttpStreamAlive: boolean | null;
}

export interface MetricSource {
  /** Reads both versions in one batch. Idempotent. Errors count as 0 only where requests are present. */
  read(query: MetricsQuery): Promise<MetricsAnswer>;
}

export interface AlarmSource {
  /** States of metric and composite alarms, one reading per name asked for, in that order. */
  read(names: readonly string[]): Promise<readonly AlarmReading[]>;
}

/** FORWARD: the owner may raise weights. REVERT: only the way back is open. CLOSED: nobody owns it. */
export interface Fence {
  readonly owner: string | null;
  readonly epoch: number;
  readonly mode: 'FORWARD' | 'REVERT' | 'CLOSED';
}

export type Phase =
  | 'PENDING'
  | 'PREPARED'
  | 'SHIFTING'
  | 'BAKING'
  | 'PROMOTING'
  | 'REVERTING'
  | Exclude<Outcome, 'ROLLBACK_INCOMPLETE'>;

/** A latched wish to stop. Set once, never cleared. */
export interface Interrupt {
  readonly kind: 'alarm' | 'abort' | 'guard';
  /** Name of the alarm, of the person, or of the process. */
  readonly source: string;
  readonly atMs: number;
  readonly reason: Reason;
}

/** What the store knows of a rollout; the truth about its phase. */
export interface RolloutRow {
  readonly rolloutId: string;
  readonly executionArn: string;
  readonly service: string;
  readonly version: string;
  readonly specDigest: string;
  readonly targetId: string;
  readonly phase: Phase;
  readonly startedAtMs: number;
  readonly deadlineAtMs: number;
  /** Highest weight whose shift was ever authorised, percent. */
  readonly authorisedWeightPercent: number;
  readonly alarms: readonly string[];
  /** The document as it stood when the target was prepared; null before that. */
  readonly rollout: Rollout | null;
  readonly interrupt: Interrupt | null;
  readonly token: string | null;
  /** What the gates of the start found; null before they ran. */
  readonly gates: readonly GateResult[] | null;
  readonly outcome: Outcome | null;
  readonly reason: Reason | null;
  readonly endedAtMs: number | null;
}

/** Audit of one traffic write: the intent before, the outcome after. (epoch, seq) orders them; each (epoch, seq, kind) is
 * written once. The epoch counts because a rollback cannot know which `seq` a shift in flight has taken. */
export interface WriteRecord {
  readonly kind: 'intent' | 'outcome';
  readonly seq: number;
  readonly epoch: number;
  readonly atMs: number;
  readonly action: 'prepare' | 'shift' | 'restore' | 'promote';
  readonly weightPercent: number;
  readonly live: LiveTraffic | null;
}

/** What one tick saw and concluded. */
export interface Observation {
  readonly atMs: number;
  readonly stageIndex: number;
  readonly periods: readonly Period[];
  readonly alarms: readonly AlarmReading[];
  readonly verdict: Verdict;
}

/**
 * Lease, latch, token, rows and evidence. Reads are strongly consistent but for `listActive`. Conditional writes tell
 * their own earlier success from somebody else's. Every method may throw TransientError.
 */
export interface RolloutStore {
  readService(service: string): Promise<ServiceRecord | null>;
  /** Idempotent; the newest record of a service is the one that new rollouts read. */
  putService(record: ServiceRecord): Promise<void>;
  removeService(service: string): Promise<void>;

  /** Creates the row. Idempotent for the same execution and start; false when the name belongs to an older rollout. */
  openRollout(row: RolloutRow): Promise<boolean>;
  readRow(rolloutId: string): Promise<RolloutRow | null>;
  /** Rows that are not terminal; may lag behind by a second. */
  listActive(): Promise<readonly RolloutRow[]>;

  /** Takes the lease if nobody has it. Idempotent for the owner. Raises the epoch when it is taken anew.
   * Throws FencedError when the row of this rollout is terminal: nobody would ever give that lease back. */
  takeLease(
    targetId: string,
    rolloutId: string,
  ): Promise<
    { readonly taken: true; readonly epoch: number } | { readonly taken: false; readonly owner: string }
  >;
  readFence(targetId: string): Promise<Fence>;
  /** Keeps what the gates found. Idempotent; the newest finding stays. */
  recordGates(rolloutId: string, gates: readonly GateResult[]): Promise<void>;
  /** Stores the document and moves the row to PREPARED. Called before `prepare` (empty handle), so that a crash in between
   * can be cleaned up, and again after it. Idempotent; the newest document stays. A rollout that went on to shift stays
   * as it is; one that was taken back or ended meanwhile throws FencedError. */
  recordPrepared(rollout: Rollout): Promise<void>;

  /**
   * In one transaction: the fence is this rollout's, at its epoch, FORWARD; no interrupt is latched; then phase
   * SHIFTING, the weight and the intent are durable. Throws FencedError or Interrupted otherwise, FencedError also once
   * the promotion is committed. Idempotent by seq.
   */
  authoriseShift(rollout: Rollout, intent: WriteRecord): Promise<void>;
  /** After the write was read back: phase BAKING, unless the way back or the end was begun meanwhile. Idempotent. */
  recordShifted(rollout: Rollout, outcome: WriteRecord): Promise<void>;
  /** Adds evidence; nothing is decided on it. Idempotent by `atMs`. */
  recordObservation(rolloutId: string, observation: Observation): Promise<void>;
  /** Adds an intent or outcome that no other method writes. Idempotent by (epoch, seq, kind). */
  recordWrite(rolloutId: string, record: WriteRecord): Promise<void>;
  readObservations(rolloutId: string): Promise<readonly Observation[]>;
  readWrites(rolloutId: string): Promise<readonly WriteRecord[]>;
  /** The published story of a rollout, kept for status and report. Idempotent by (atMs, event). */
  recordEvent(event: RolloutEvent): Promise<void>;
  readEvents(rolloutId: string): Promise<readonly RolloutEvent[]>;

  /** Set-once. Answers the interrupt that stands, or null when the rollout is past stopping (PROMOTING or terminal). */
  latch(rolloutId: string, interrupt: Interrupt): Promise<Interrupt | null>;
  putToken(rolloutId: string, token: string): Promise<void>;

  /** The point of no return: phase PROMOTING on condition of FORWARD fence and no interrupt. Idempotent.
   * Throws Interrupted or FencedError otherwise. */
  commitPromotion(rollout: Rollout): Promise<void>;
  /**
   * Opens the way back: raises the epoch, fence REVERT, phase REVERTING. Idempotent while reverting: `isFirst` is true
   * for the call that opened it, false for every later one, and the epoch is raised once.
   * `closed` when the row is terminal, `promoting` when the point of no return was passed: then nothing is changed.
   * Throws FencedError, and changes nothing, when the lease is not this rollout's.
   */
  beginRevert(rolloutId: string): Promise<
    | {
        readonly state: 'reverting';
        readonly isFirst: boolean;
        readonly epoch: number;
        readonly row: RolloutRow;
      }
    | { readonly state: 'promoting'; readonly row: RolloutRow }
    | { readonly state: 'closed'; readonly row: RolloutRow }
  >;
  /** Terminal phase, lease released, token gone; PROMOTED also makes the canary the approved version. Idempotent. */
  close(
    rolloutId: string,
    end: {
      readonly outcome: Exclude<Outcome, 'ROLLBACK_INCOMPLETE'>;
      readonly reason: Reason;
      readonly atMs: number;
    },
  ): Promise<void>;
  /** The version that the last promotion approved for this target. */
  readApprovedVersion(targetId: string): Promise<string | null>;
}

export interface EventPublisher {
  /** Tells the world. A failure here must never change what happens to traffic: implementations do not throw. */
  publish(events: readonly RolloutEvent[]): Promise<void>;
}

export interface TaskTokens {
  /** Fails the waiting task with an error name. `already-handled`: it timed out or was answered before. */
  fail(token: string, error: string, cause: string): Promise<'sent' | 'already-handled'>;
  /** Wakes the waiting task. */
  wake(token: string): Promise<'sent' | 'already-handled'>;
}

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED' | 'MISSING';

export interface Executions {
  status(executionArn: string): Promise<ExecutionStatus>;
  /** Stops it; stopping an ended one is fine. */
  stop(executionArn: string, cause: string): Promise<void>;
}

export interface Notifier {
  /** Tells people, by severity. Throws when it could not, so that the event bus tries again. */
  tell(message: {
    readonly severity: Severity;
    readonly subject: string;
    /** The service's `notify`, for subscriptions to filter on; null where none is named or known. */
    readonly channel: string | null;
    readonly event: RolloutEvent;
  }): Promise<void>;
}

export interface Ports {
  readonly clock: Clock;
  readonly store: RolloutStore;
  readonly routers: Readonly<Record<TargetKindName, TrafficRouter>>;
  readonly metrics: MetricSource;
  readonly alarms: AlarmSource;
  readonly events: EventPublisher;
  readonly tokens: TaskTokens;
  readonly executions: Executions;
  readonly notifier: Notifier;
}
