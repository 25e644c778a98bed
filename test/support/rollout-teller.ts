// One rollout of a hand-made trace, told step by step.
import { headAfter, NO_CHAIN, nextEntry } from '../../src/audit-chain.ts';
import type { AuditEntry, AuditFact, JudgedFact } from '../../src/core/audit/facts.ts';
import type { Settled } from '../../src/core/audit/trace.ts';
import type { EventName, RolloutEvent } from '../../src/core/events.ts';
import type { LiveTraffic } from '../../src/core/live-traffic.ts';
import type { Outcome } from '../../src/core/rollout.ts';
import type { SignalName } from '../../src/core/signals.ts';
import { plainReason } from '../../src/core/verdict.ts';
import {
  executionArn,
  interruptBy,
  judgedFact,
  START_MS,
  storyEvent,
  TARGET_ID,
} from './rollout-fixtures.ts';
import type { TraceBuilder } from './trace-builder.ts';
import {
  CANARY,
  liveAt,
  type Order,
  PREPARE,
  PROMOTE,
  RESTORE,
  STABLE,
  sharesOf,
  verdict,
} from './trace-orders.ts';

type End = Exclude<Outcome, 'ROLLBACK_INCOMPLETE'>;
type FactOf<K extends AuditFact['kind']> = Extract<AuditFact, { readonly kind: K }>;

export interface Setup {
  readonly rolloutId?: string;
  readonly targetId?: string;
  readonly stages?: readonly { readonly weightPercent: number; readonly approval: boolean }[];
  readonly onInconclusive?: FactOf<'prepared'>['onInconclusive'];
  readonly acceptedAlarms?: readonly string[];
  /** Of the lease. */
  readonly epoch?: number;
}

/** Methods with a fact's name record that fact; `shift`, `takeBack` and `promote` are a whole write. */
export class RolloutTeller {
  readonly world: TraceBuilder;
  readonly rolloutId: string;
  readonly targetId: string;
  readonly setup: Setup;
  readonly entries: AuditEntry[] = [];
  epoch: number;
  seq = 0;

  constructor(world: TraceBuilder, setup: Setup) {
    this.world = world;
    this.setup = setup;
    this.rolloutId = setup.rolloutId ?? 'r1';
    this.targetId = setup.targetId ?? TARGET_ID;
    this.epoch = setup.epoch ?? 1;
  }

  wait(ms: number): this {
    this.world.wait(ms);
    return this;
  }

  get stages(): NonNullable<Setup['stages']> {
    const plain = [5, 50].map((weightPercent) => ({ weightPercent, approval: false }));
    return this.setup.stages ?? plain;
  }

  record(fact: AuditFact): this {
    const last = this.entries.at(-1);
    const entry = nextEntry(last === undefined ? NO_CHAIN : headAfter(last), fact);
    this.entries.push(entry);
    this.world.add({ kind: 'recorded', atMs: this.world.nowMs, rolloutId: this.rolloutId, entry });
    return this;
  }

  opened(): this {
    return this.record({
      kind: 'opened',
      atMs: this.world.nowMs,
      rolloutId: this.rolloutId,
      executionArn: executionArn(this.rolloutId),
      service: 'checkout',
      version: CANARY,
      specDigest: 'a'.repeat(64),
      targetId: this.targetId,
      deadlineAtMs: this.world.nowMs + 3_600_000,
    });
  }

  leased(): this {
    return this.record({ kind: 'leased', epoch: this.epoch });
  }

  prepared(): this {
    return this.record({
      kind: 'prepared',
      epoch: this.epoch,
      stableVersion: STABLE,
      canaryVersion: CANARY,
      stages: this.stages,
      onInconclusive: this.setup.onInconclusive ?? 'ask',
      acceptedAlarms: this.setup.acceptedAlarms ?? [],
    });
  }

  /** Up to the first shift. */
  started(): this {
    return this.opened()
      .leased()
      .record({ kind: 'gated', gates: [] })
      .prepared()
      .intent(PREPARE)
      .outcome(PREPARE, null);
  }

  intent(order: Order): this {
    return this.record({ kind: 'intent', ...this.orderOf(order), stageIndex: order.stageIndex ?? null });
  }

  /** The target takes it. */
  took(order: Order, shares = sharesOf(order.weightPercent)): this {
    const { epoch, seq, action } = this.orderOf(order);
    const writer = { rolloutId: this.rolloutId, epoch, seq, action };
    const { nowMs } = this.world;
    this.world.add({ kind: 'changed', atMs: nowMs, targetId: this.targetId, writer, shares });
    return this;
  }

  outcome(order: Order, live: LiveTraffic | null = liveAt(order.weightPercent), found = live): this {
    const ofRestore = order.action === 'restore' ? found : null;
    return this.record({ kind: 'outcome', ...this.orderOf(order), live, found: ofRestore });
  }

  orderOf({ action, weightPercent, epoch = this.epoch, seq = this.seq }: Order) {
    return { atMs: this.world.nowMs, epoch, seq, action, weightPercent };
  }

  shift(stageIndex: number): this {
    const order = this.shiftTo(stageIndex);
    return this.intent(order).took(order).outcome(order);
  }

  /** The order of the next shift; counts it. */
  shiftTo(stageIndex: number): Order {
    this.seq += 1;
    const weightPercent = this.stages[stageIndex]?.weightPercent ?? 0;
    return { action: 'shift', weightPercent, stageIndex, seq: this.seq };
  }

  judged(stageIndex: number, next: JudgedFact['next'], more: Partial<JudgedFact> = {}): this {
    return this.record({ ...judgedFact(this.world.nowMs), stageIndex, next, ...more });
  }

  /** The judgement that lets a stage go on. */
  passed(stageIndex: number, more: Partial<JudgedFact> = {}): this {
    const next = stageIndex === this.stages.length - 1 ? 'commit-promotion' : 'shift-traffic';
    return this.judged(stageIndex, next, { verdict: verdict('pass'), ...more });
  }

  signalled(signal: SignalName, stageIndex = 0): this {
    const { nowMs: atMs } = this.world;
    return this.record({
      kind: 'signalled',
      signal: { signal, actor: 'sam', atMs, message: 'Fine by me.', stageIndex },
    });
  }

  latched(causedAtMs: number | null = this.world.nowMs): this {
    return this.record({ kind: 'latched', interrupt: { ...interruptBy('Checkout5xx'), causedAtMs } });
  }

  committed(): this {
    return this.record({ kind: 'committed', epoch: this.epoch });
  }

  reverting(): this {
    this.epoch += 1;
    this.seq += 1;
    return this.record({ kind: 'reverting', epoch: this.epoch });
  }

  gap(why = 'the new version had 5 % where the record left 0 %'): this {
    return this.record({ kind: 'gap', atMs: this.world.nowMs, why });
  }

  /** Opens the way back and writes. */
  takeBack(): this {
    this.reverting();
    return this.intent(RESTORE).took(RESTORE).outcome(RESTORE);
  }

  promote(): this {
    this.committed();
    this.seq += 1;
    return this.intent(PROMOTE).took(PROMOTE).outcome(PROMOTE);
  }

  ended(outcome: End): this {
    const { nowMs: atMs } = this.world;
    return this.record({ kind: 'ended', atMs, outcome, reason: plainReason('So it ended.') });
  }

  published(event: EventName, more: Partial<RolloutEvent> = {}): this {
    const { nowMs: atMs } = this.world;
    const published = { ...storyEvent(this.rolloutId, event, atMs), ...more };
    this.world.add({ kind: 'published', atMs, event: published });
    return this;
  }

  told(event: RolloutEvent, kind: 'told' | 'undelivered' = 'told'): this {
    this.world.add({ kind, atMs: this.world.nowMs, event });
    return this;
  }

  /** All stages, then all traffic. */
  goesWell(): this {
    this.started();
    for (const index of this.stages.keys()) this.shift(index).passed(index);
    return this.promote().ended('PROMOTED');
  }

  /** An alarm in the first stage takes it back. */
  goesBack(): this {
    return this.started().shift(0).latched().takeBack().ended('ROLLED_BACK');
  }

  /** How it stands at the end of a run that healed. */
  end(more: Partial<Settled['rollouts'][number]> = {}): Settled['rollouts'][number] {
    const ended = this.entries.map(({ fact }) => fact).find((fact) => fact.kind === 'ended');
    return {
      rolloutId: this.rolloutId,
      outcome: ended?.outcome ?? null,
      deadlineAtMs: START_MS + 3_600_000,
      executionEndedAtMs: this.world.nowMs,
      ...more,
    };
  }
}
