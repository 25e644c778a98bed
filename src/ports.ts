// The outside world as Stepshift sees it: one role each, every method's promise written down. The simulator and the
// AWS adapters implement the same ports and pass the same contract tests.
import type { AuditEntry, IntentFact, OutcomeFact, RecordedFact } from './core/audit/facts.ts';
import type { RolloutEvent, Severity } from './core/events.ts';
import type { GateResult } from './core/gates.ts';
import type { LatencyBaseline, LatencyPercentiles } from './core/judge/measures.ts';
import type { AlarmReading, Counts } from './core/judge/types.ts';
import type { LiveTraffic, TargetHealth } from './core/live-traffic.ts';
import type { End, Phase } from './core/phase.ts';
import type { AcceptedAlarm, Outcome, Rollout } from './core/rollout.ts';
import type { ServiceRecord, ServiceSpec } from './core/service-spec.ts';
import type { Interrupt, Signal, Signals } from './core/signals.ts';
import type { Target, TargetFacts, TargetKindName } from './core/targets/index.ts';
import type { Side } from './core/targets/target.ts';
import type { Reason } from './core/verdict.ts';

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

/**
 * Moves traffic on one kind of target. Every method may throw TransientError (try again) and PermissionError.
 * No method decides: weights, order and permission to write come from the caller.
 */
export interface TrafficRouter {
  /** Reads facts for the gates. Writes nothing. A missing target is a fact, not an error. */
  describe(access: TargetAccess, version: string): Promise<TargetFacts>;
  /**
   * Makes the target ready to take weights while the canary's share stays 0, and removes what an earlier rollout left
   * behind. Reads first, then calls `authorise`, then writes only what it read. Idempotent: finds what it made before.
   */
  prepare(order: TrafficOrder, authorise: () => Promise<void>): Promise<Readonly<Record<string, string>>>;
  /**
   * Sets the canary's share. Order of events, which is a safety property: (1) read the live target, (2) call
   * `authorise`, (3) write on condition that nothing changed since (1), (4) read back.
   * A lost answer to a write that landed is success, so a live target that already carries this order's tag and weight
   * is left as it is (after `authorise`). Throws SupersededError when a stranger carries traffic,
   * DriftError (with the share that was found) when the live share is not `expectedPercent`, or when the write lost a race.
   */
  shift(
    order: TrafficOrder,
    change: { readonly expectedPercent: number; readonly weightPercent: number },
    authorise: () => Promise<void>,
  ): Promise<LiveTraffic>;
  /**
   * Takes the canary to 0 and undoes `prepare`. Always writes, even at 0 and even when an earlier try of the same order
   * is live already, and what it writes always differs from what it read, so that a write in flight loses its race;
   * repeats its own read and write until it wins or a stranger is live (SupersededError, nothing written).
   * Calls `authorise` between each read and the write that follows: two may take the same rollout back at once, and the
   * later one must not touch the target once the other one has ended it.
   * Works without a handle (finds what `prepare` made by the rollout's tag). Idempotent.
   */
  restore(
    order: TrafficOrder,
    authorise: () => Promise<void>,
  ): Promise<{
    /** What the first read found. */
    readonly found: LiveTraffic;
    /** What the last read, after the write, found. */
    readonly live: LiveTraffic;
  }>;
  /**
   * Makes the canary the only version and undoes `prepare`. Idempotent: already done is success. Reads first, then
   * calls `authorise` with what it found, then writes on condition that nothing changed since, as `shift` does. Throws
   * SupersededError when a stranger carries traffic.
   */
  promote(order: TrafficOrder, authorise: (found: LiveTraffic) => Promise<void>): Promise<LiveTraffic>;
  /** Reads. */
  verify(order: TrafficOrder): Promise<LiveTraffic>;
  /** Reads which instances of both sides could serve; null where the target knows no such thing (a Lambda alias). */
  health(order: TrafficOrder): Promise<TargetHealth | null>;
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
  /** Stage of the last authorised shift; -1 before the first. */
  readonly stageIndex: number;
  readonly alarms: readonly string[];
  /** Alarms that fired already at the start and that a person accepted. */
  readonly acceptedAlarms: readonly AcceptedAlarm[];
  /** The document as it stood when the target was prepared; null before that. */
  readonly rollout: Rollout | null;
  readonly interrupt: Interrupt | null;
  readonly signals: Signals;
  readonly token: string | null;
  /** What the gates of the start found; null before they ran. */
  readonly gates: readonly GateResult[] | null;
  readonly outcome: Outcome | null;
  readonly reason: Reason | null;
  readonly endedAtMs: number | null;
}

/**
 * Lease, latch, token, rows and evidence. Reads are strongly consistent but for the two lists. Conditional writes tell
 * their own earlier success from somebody else's. Every method may throw TransientError.
 * Every transition appends its fact to the rollout's audit in the same transaction, once, however often it is repeated.
 */
export interface RolloutStore {
  readService(service: string): Promise<ServiceRecord | null>;
  /** Idempotent; the newest record of a service is the one that new rollouts read. */
  putService(record: ServiceRecord): Promise<void>;
  removeService(service: string): Promise<void>;
  /**
   * Gives a target to a service as long as it is nobody's, or still that of `from`. Answers whose it is then. Nothing
   * gives it back: who finds it with a service that left takes it from there.
   */
  claimTarget(targetId: string, service: string, from: string | null): Promise<string>;

  /** Creates the row. Idempotent for the same execution and start; false when the name belongs to an older rollout. */
  openRollout(row: RolloutRow): Promise<boolean>;
  readRow(rolloutId: string): Promise<RolloutRow | null>;
  /** Rows that are not terminal; may lag behind by a second. */
  listActive(): Promise<readonly RolloutRow[]>;
  /** Rows that have ended and are still watched; may lag behind by a second. */
  listWatched(): Promise<readonly RolloutRow[]>;
  /** An ended row is watched no longer; one that has not ended stays active. Idempotent. */
  endWatch(rolloutId: string): Promise<void>;

  /** The sweeper was here. */
  recordSweep(atMs: number): Promise<void>;
  /** When the sweeper was here last, by its own clock; null: never. */
  readLastSweep(): Promise<number | null>;

  /** Takes the lease if nobody has it. Idempotent for the owner. Raises the epoch when it is taken anew.
   * Throws FencedError when the row of this rollout is terminal: nobody would ever give that lease back. */
  takeLease(
    targetId: string,
    rolloutId: string,
  ): Promise<
    { readonly taken: true; readonly epoch: number } | { readonly taken: false; readonly owner: string }
  >;
  readFence(targetId: string): Promise<Fence>;
  /** Keeps what the gates found. Idempotent; the newest finding stays in the row, the first one in the audit. A rollout
   * that has ended keeps what it has. */
  recordGates(rolloutId: string, gates: readonly GateResult[]): Promise<void>;
  /** Stores the document and moves the row to PREPARED. Called before `prepare` (empty handle), so that a crash in between
   * can be cleaned up, and again after it. Idempotent; the newest document stays. A rollout that went on to shift stays
   * as it is; one that was taken back or ended meanwhile throws FencedError, and so does a document of other versions than
   * the first one's, which is what guard and sweeper go by. */
  recordPrepared(rollout: Rollout): Promise<void>;

  /**
   * In one transaction: the fence is this rollout's, at its epoch, FORWARD; no interrupt is latched; nobody has paused it
   * (but that the first stage is entered all the same); then phase SHIFTING, the weight and the intent are durable. Throws
   * FencedError, Interrupted or Paused otherwise, FencedError also once the promotion is committed. Idempotent by seq; a
   * pause comes too late for what was authorised before, because the write may be on its way.
   */
  authoriseShift(rollout: Rollout, intent: IntentFact): Promise<void>;
  /** After the write was read back: phase BAKING, unless the way back or the end was begun meanwhile. Idempotent. */
  recordShifted(rollout: Rollout, outcome: OutcomeFact): Promise<void>;
  /** Appends a fact that no transition writes. Idempotent by `factKey`: the first of a key stands. Throws FencedError for
   * the intent of a rollout that has ended: it announces no writes any more. What came of earlier ones may still follow. */
  recordFact(rolloutId: string, fact: RecordedFact): Promise<void>;
  /** In order, whole or not at all: what was appended before the call; empty when there is no such rollout. */
  readAudit(rolloutId: string): Promise<readonly AuditEntry[]>;
  /** How many entries the audit has, and the hash of the newest. Asked before `readAudit`, it tells whether the newest
   * entries are missing there (`firstBroken`), which the chain alone does not show. */
  readAuditHead(rolloutId: string): Promise<Pick<AuditEntry, 'n' | 'hash'>>;
  /** The published story of a rollout, kept for status and report. Idempotent by (atMs, event). */
  recordEvent(event: RolloutEvent): Promise<void>;
  readEvents(rolloutId: string): Promise<readonly RolloutEvent[]>;

  /** Set-once, but that an abort takes the place of a weaker wish (`isStronger`). Answers
   * the interrupt that stands, or null when the rollout is past stopping (PROMOTING or terminal). */
  latch(rolloutId: string, interrupt: Interrupt): Promise<Interrupt | null>;
  /** Keeps a milder signal (`withSignal`). Answers what stands, or null when the rollout is past that: taken back,
   * PROMOTING or terminal. Idempotent. */
  signal(rolloutId: string, signal: Signal): Promise<Signals | null>;
  /** Keeps the token that wakes the bake. One with a lower `order` than the kept one comes too late and is dropped. */
  putToken(rolloutId: string, token: string, order: number): Promise<void>;

  /** The point of no return: phase PROMOTING on condition of FORWARD fence, no interrupt and no pause. Idempotent.
   * Throws Interrupted, FencedError or Paused otherwise. */
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
  /**
   * Terminal phase, lease released, token gone; PROMOTED also makes the canary the approved version. Idempotent: a
   * rollout that has ended keeps its first end. Throws FencedError, and changes nothing, when that end cannot be reached
   * from where the rollout is (`mayEnd`), so that what was taken back is never told as promoted, nor the other way round.
   */
  close(
    rolloutId: string,
    end: {
      readonly outcome: End;
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
  /** How many history events it has used so far. */
  historyEvents(executionArn: string): Promise<number>;
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
