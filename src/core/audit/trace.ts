// What the invariants are checked on. The hunt watches everything and hands over all of it; of a real rollout there is
// only its audit, and what needs more than that is not evaluated.
import type { RolloutEvent } from '../events.ts';
import type { Outcome, Rollout } from '../rollout.ts';
import type { AuditEntry, WriteAction } from './facts.ts';

/** Which of our writes it was. */
export interface Writer {
  readonly rolloutId: string;
  readonly epoch: number;
  readonly seq: number;
  readonly action: WriteAction;
}

/** Something that happened, in the one order in which everything took effect. */
export type Moment =
  /** A fact became durable. */
  | {
      readonly kind: 'recorded';
      readonly atMs: number;
      readonly rolloutId: string;
      readonly entry: AuditEntry;
    }
  /** The target took a write. */
  | {
      readonly kind: 'changed';
      readonly atMs: number;
      readonly targetId: string;
      /** null: somebody else's, a person's or a deployment's. */
      readonly writer: Writer | null;
      /** The writer had asked the record in vain, so it could not know that its rollout had ended meanwhile. */
      readonly isUnrecorded?: boolean;
      /** Share of every version that carries traffic now, percent, by version name. */
      readonly shares: Readonly<Record<string, number>>;
    }
  | { readonly kind: 'published'; readonly atMs: number; readonly event: RolloutEvent }
  /** A person was told, or it could not be told and lies in the dead-letter queue. */
  | {
      readonly kind: 'told' | 'undelivered';
      readonly atMs: number;
      readonly event: RolloutEvent;
    }
  /** A document went from one state to the next. */
  | {
      readonly kind: 'passed-on';
      readonly atMs: number;
      readonly rolloutId: string;
      readonly bytes: number;
      readonly text: string;
    }
  /** «Roll back» was entered, with so many history events used. */
  | {
      readonly kind: 'turned-back';
      readonly atMs: number;
      readonly rolloutId: string;
      readonly historyEvents: number;
    }
  | { readonly kind: 'execution-ended'; readonly atMs: number; readonly rolloutId: string };

/** How everything stood when nothing could happen any more. Only runs that healed have one. */
export interface Settled {
  readonly atMs: number;
  /** When the last fault was over. */
  readonly healedAtMs: number;
  readonly rollouts: readonly {
    readonly rolloutId: string;
    readonly outcome: Outcome | null;
    readonly deadlineAtMs: number;
    readonly executionEndedAtMs: number | null;
  }[];
  /** By target: shares of every version, and whether a new rollout could take the lease. */
  readonly targets: readonly {
    readonly targetId: string;
    readonly shares: Readonly<Record<string, number>>;
    readonly canBeClaimed: boolean;
  }[];
}

export interface Trace {
  readonly moments: readonly Moment[];
  /** False: only audits are known (a real rollout), so invariants about the target itself rest on what was read back. */
  readonly isWatched: boolean;
  readonly settled: Settled | null;
  /**
   * Targets that take a write without a condition, as a load balancer does, and therefore also one that comes late: by
   * target id, how long after the first write of a way back one may still land, ms; 0 where each rollout has a rule of
   * its own. A target that is not named here refuses every late write.
   */
  readonly lateWrites?: Readonly<Record<string, number>>;
  /** By rollout id, the document as it stood when the target was prepared: what S21 decides again from. */
  readonly prepared?: Readonly<Record<string, Rollout>>;
  /** The same run again, without faults in notifications, reports and published metrics: what S20 compares with. */
  readonly quietTwin?: Trace;
}

export interface Violation {
  readonly invariant: string;
  /** Index into `moments`; null where it is about the end. */
  readonly momentIndex: number | null;
  readonly sentence: string;
}

/** What a check of one invariant found. */
export interface Finding {
  /** How often there was something to check: 0 means that this trace says nothing about it. */
  readonly evaluations: number;
  readonly violations: readonly Violation[];
}

export interface Invariant {
  /** `S1` … `S21`, `L1` … `L7`. */
  readonly id: string;
  /** One sentence, for the docs and for who meets a violation. */
  readonly says: string;
  check(trace: Trace): Finding;
}
