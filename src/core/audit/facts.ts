// The audit of a rollout: what became durable, in the order in which it did. The store appends each fact in the same
// transaction as the change that it tells of; docs/guarantees.md says which invariants are checked on it.
import type { AlarmReading, Period } from '../judge/types.ts';
import type { LiveTraffic } from '../live-traffic.ts';
import type { Outcome, Rollout } from '../rollout.ts';
import type { Interrupt, Signal, Signals } from '../signals.ts';
import type { Reason, Verdict } from '../verdict.ts';

export type WriteAction = 'prepare' | 'shift' | 'restore' | 'promote';

/** One traffic write. (epoch, seq) orders the writes; each (epoch, seq) has one intent and one outcome. The epoch counts
 * because a rollback cannot know which `seq` a shift in flight has taken. */
interface Write {
  readonly atMs: number;
  readonly epoch: number;
  readonly seq: number;
  readonly action: WriteAction;
  /** What the canary is to get, percent. */
  readonly weightPercent: number;
}

/** Durable before the write is sent. */
export interface IntentFact extends Write {
  readonly kind: 'intent';
  /** The stage that a shift leads to; null for the other writes. */
  readonly stageIndex: number | null;
}

/** Durable after the target was read back. */
export interface OutcomeFact extends Write {
  readonly kind: 'outcome';
  /** Read after the write; null where a third version was found and nothing was written, and for `prepare`. */
  readonly live: LiveTraffic | null;
  /** What was live where nothing was written, as the target calls it; left out where that is not known. */
  readonly strangers?: readonly string[];
  /** What a `restore` found before it wrote; null for the other writes. */
  readonly found: LiveTraffic | null;
}

/** What one tick saw, concluded and asked for next: enough to decide it again. */
export interface JudgedFact {
  readonly kind: 'judged';
  readonly atMs: number;
  readonly stageIndex: number;
  /** When the stage was entered, by the document; left out: when its shift was recorded, which a retried step may differ from. */
  readonly enteredAtMs?: number;
  /** Periods that this tick committed; of a rollback, all that it leaned on. Each period is committed once. */
  readonly periods: readonly Period[];
  /** Later periods that were seen and may still change. */
  readonly open: readonly Period[];
  /** Why the answer of the metrics source was not whole; null when it was. */
  readonly metricsProblem: string | null;
  readonly alarms: readonly AlarmReading[];
  /** Why the canary cannot serve, by its target's own health checks, which takes it back; left out when it can. */
  readonly unhealthy?: string;
  /** Why nothing may advance, whatever the judge says; empty when nothing speaks against it. */
  readonly doubts: readonly string[];
  readonly signals: Signals;
  /** The judge's own, before doubts and signals. */
  readonly verdict: Verdict;
  readonly historyEvents: number;
  readonly next: Rollout['next'];
}

/** A write that could not be recorded. Allowed on the way back only. */
export interface GapFact {
  readonly kind: 'gap';
  readonly atMs: number;
  readonly why: string;
}

/** What a step hands over for the record by itself; the other facts are written by the store's own transitions. */
export type RecordedFact = IntentFact | OutcomeFact | JudgedFact | GapFact;

export type AuditFact =
  | RecordedFact
  | {
      readonly kind: 'opened';
      readonly atMs: number;
      readonly rolloutId: string;
      readonly executionArn: string;
      readonly service: string;
      readonly version: string;
      readonly specDigest: string;
      readonly targetId: string;
      readonly deadlineAtMs: number;
    }
  | { readonly kind: 'leased'; readonly epoch: number }
  | {
      readonly kind: 'gated';
      readonly gates: readonly {
        readonly gate: string;
        readonly open: boolean;
        readonly waivedBecause: string | null;
      }[];
    }
  | {
      readonly kind: 'prepared';
      readonly epoch: number;
      readonly stableVersion: string;
      readonly canaryVersion: string;
      readonly stages: readonly { readonly weightPercent: number; readonly approval: boolean }[];
      readonly onInconclusive: 'ask' | 'advance' | 'rollback';
      readonly acceptedAlarms: readonly string[];
    }
  | { readonly kind: 'latched'; readonly interrupt: Interrupt }
  | { readonly kind: 'signalled'; readonly signal: Signal }
  | { readonly kind: 'committed'; readonly epoch: number }
  | { readonly kind: 'reverting'; readonly epoch: number }
  | {
      readonly kind: 'ended';
      readonly atMs: number;
      readonly outcome: Exclude<Outcome, 'ROLLBACK_INCOMPLETE'>;
      readonly reason: Reason;
    };

/** A fact in its place: `hash` covers place, fact and the hash before it (see src/audit-chain.ts). */
export interface AuditEntry {
  /** 0, 1, 2, … without holes. */
  readonly n: number;
  /** Hash of the entry before; the empty string for the first. */
  readonly previous: string;
  readonly hash: string;
  readonly fact: AuditFact;
}

/** Facts with the same key are one fact: the first that was written stands. */
export function factKey(fact: AuditFact): string {
  switch (fact.kind) {
    case 'intent':
    case 'outcome':
      return `${fact.kind} ${fact.epoch} ${fact.seq}`;
    case 'judged':
    case 'gap':
      return `${fact.kind} ${fact.atMs}`;
    case 'signalled':
      return `${fact.kind} ${fact.signal.signal} ${fact.signal.atMs}`;
    case 'latched':
      return `${fact.kind} ${fact.interrupt.kind === 'abort' ? 'abort' : 'interrupt'}`;
    case 'gated':
    case 'prepared':
    case 'opened':
    case 'leased':
    case 'committed':
    case 'reverting':
    case 'ended':
      return fact.kind;
  }
}

type Of<Kind extends AuditFact['kind']> = Extract<AuditFact, { readonly kind: Kind }>;

/** The facts of one kind, in their order. */
export function factsOf<Kind extends AuditFact['kind']>(
  entries: readonly AuditEntry[],
  kind: Kind,
): readonly Of<Kind>[] {
  return entries.flatMap(({ fact }) => (fact.kind === kind ? [fact as Of<Kind>] : []));
}
