// Traces for the tests of the invariants: what happened, as a world that was watched would tell it.
import type { Moment, Settled, Trace } from '../../src/core/audit/trace.ts';
import { START_MS, TARGET_ID } from './rollout-fixtures.ts';
import { RolloutTeller, type Setup } from './rollout-teller.ts';
import { STABLE } from './trace-orders.ts';

/** One world: time goes on by a second with everything that happens. */
export class TraceBuilder {
  readonly moments: Moment[] = [];
  nowMs = START_MS;

  wait(ms: number): this {
    this.nowMs += ms;
    return this;
  }

  /** Index of what was added last. */
  get last(): number {
    return this.moments.length - 1;
  }

  add(moment: Moment): this {
    this.moments.push(moment);
    this.nowMs += 1000;
    return this;
  }

  rollout(setup: Setup = {}): RolloutTeller {
    return new RolloutTeller(this, setup);
  }

  /** Somebody else changes the target. */
  byHand(shares: Readonly<Record<string, number>>, targetId = TARGET_ID): this {
    return this.add({ kind: 'changed', atMs: this.nowMs, targetId, writer: null, shares });
  }

  trace(more: Partial<Trace> = {}): Trace {
    return { moments: [...this.moments], isWatched: true, settled: null, ...more };
  }

  /** The writer of the last change could not ask the record. */
  blind(more: Partial<Trace> = {}): Trace {
    const last = this.moments.at(-1);
    if (last?.kind !== 'changed') throw new TypeError('the last moment is no change of the target');
    return this.trace({ ...more, moments: this.moments.with(-1, { ...last, isUnrecorded: true }) });
  }

  /** The same of a real rollout: its audit and its events. */
  unwatched(more: Partial<Trace> = {}): Trace {
    const moments = this.moments.filter(({ kind }) => kind === 'recorded' || kind === 'published');
    return { moments, isWatched: false, settled: null, ...more };
  }

  settled(rollouts: Settled['rollouts'], more: Partial<Settled> = {}): Settled {
    const shares = { [STABLE]: 100 };
    return {
      atMs: this.nowMs,
      healedAtMs: START_MS,
      rollouts,
      targets: [{ targetId: TARGET_ID, shares, canBeClaimed: true }],
      ...more,
    };
  }
}
