// The point of no return under the worst: its answer is lost, it lands late, the record is away, the pointer cannot be
// moved for an hour, somebody aborts meanwhile. A rollout ends promoted or taken back, and never as a mixture.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AuditEntry, factsOf } from '../../src/core/audit/facts.ts';
import { TransientError } from '../../src/core/errors.ts';
import type { Interrupt } from '../../src/core/signals.ts';
import { plainReason } from '../../src/core/verdict.ts';
import type { Ports, RolloutStore, TrafficRouter } from '../../src/ports.ts';
import { eventsOf, quickRun } from '../sim/quick-service.ts';

/** Seconds, counted from the first call of the commit. */
interface Trouble {
  /** How many calls of the commit have no answer. More than five, and the workflow has to settle it. */
  readonly unanswered: number;
  /** What those calls did: took effect, nothing, or took effect so much later. */
  readonly effect: 'at once' | 'never' | number;
  readonly storeAwayFrom: number;
  readonly storeAwayFor: number;
  /** How long the pointer cannot be written. */
  readonly pointerStuckFor: number;
  /** When somebody aborts; below 0: right before the commit is asked; null: nobody does. */
  readonly abortAt: number | null;
}

const HOUR = 3600;
const CALM: Trouble = {
  unanswered: 0,
  effect: 'at once',
  storeAwayFrom: 0,
  storeAwayFor: 0,
  pointerStuckFor: 0,
  abortAt: null,
};

const ROLLOUT_ID = 'shop-2';
const ABORT: Omit<Interrupt, 'atMs'> = {
  kind: 'abort',
  source: 'ana',
  causedAtMs: null,
  reason: plainReason('Aborted by ana'),
};

interface Played {
  readonly outcome: string;
  readonly finalWeightPercent: number;
  readonly events: readonly string[];
  readonly audit: readonly AuditEntry[];
  readonly calls: number;
}

async function play(trouble: Trouble): Promise<Played> {
  let record: RolloutStore | undefined;
  let calls = 0;
  const wrapPorts = (ports: Ports): Ports => {
    record = ports.store;
    const commit = troubledCommit(ports, trouble);
    const isAway = (): boolean => within(commit.since(), trouble.storeAwayFrom, trouble.storeAwayFor);
    const store = new Proxy(ports.store, {
      get: (target, key: keyof RolloutStore) => {
        const method = target[key] as (...args: unknown[]) => Promise<unknown>;
        return async (...args: unknown[]) => {
          if (key === 'commitPromotion') calls = await commit.call();
          if (isAway()) throw new TransientError('the table cannot be reached');
          return key === 'commitPromotion' ? commit.run(args) : method(...args);
        };
      },
    });
    const isStuck = (): boolean => within(commit.since(), 0, trouble.pointerStuckFor);
    return { ...ports, store, routers: withStuckPointer(ports.routers, isStuck) };
  };
  const result = await quickRun({ horizon: '12h' }, { wrapPorts });
  const { outcome, finalWeightPercent } = result;
  const audit = (await record?.readAudit(ROLLOUT_ID)) ?? [];
  return { outcome, finalWeightPercent, events: eventsOf(result), audit, calls };
}

/** The commit as its callers meet it. */
function troubledCommit({ store, clock }: Ports, { unanswered, effect, abortAt }: Trouble) {
  let calls = 0;
  let firstAtMs: number | null = null;
  const abort = (): Promise<unknown> => store.latch(ROLLOUT_ID, { ...ABORT, atMs: clock.now() });
  const land = (args: unknown[]): Promise<void> =>
    store.commitPromotion(...(args as Parameters<RolloutStore['commitPromotion']>));
  return {
    since: (): number | null => (firstAtMs === null ? null : (clock.now() - firstAtMs) / 1000),
    call: async (): Promise<number> => {
      firstAtMs ??= clock.now();
      calls += 1;
      if (calls > 1 || abortAt === null) return calls;
      if (abortAt < 0) await abort();
      else void clock.sleep(abortAt * 1000).then(abort);
      return calls;
    },
    run: async (args: unknown[]): Promise<void> => {
      if (calls > unanswered) return land(args);
      if (effect === 'at once') await land(args);
      // whoever sent it is gone by then: nobody hears whether it was refused
      if (typeof effect === 'number') void clock.sleep(effect * 1000).then(() => land(args).catch(() => {}));
      throw new TransientError('the answer of the commit was lost');
    },
  };
}

function within(seconds: number | null, from: number, length: number): boolean {
  return seconds !== null && seconds >= from && seconds < from + length;
}

function withStuckPointer(routers: Ports['routers'], isStuck: () => boolean): Ports['routers'] {
  const lambda = routers['lambda-alias'];
  const promote: TrafficRouter['promote'] = async (order, authorise) => {
    if (isStuck()) throw new TransientError('UpdateAlias was throttled');
    return lambda.promote(order, authorise);
  };
  return { ...routers, 'lambda-alias': { ...lambda, promote } };
}

function expectOneEnd({ outcome, finalWeightPercent, events, audit }: Played): void {
  const isPromoted = outcome === 'PROMOTED';
  if (!isPromoted) expect(['ROLLED_BACK', 'ABORTED']).toContain(outcome);
  expect(finalWeightPercent).toBe(isPromoted ? 100 : 0);
  expect(factsOf(audit, 'committed')).toHaveLength(isPromoted ? 1 : 0);
  expect(factsOf(audit, 'reverting')).toHaveLength(isPromoted ? 0 : 1);
  expect(factsOf(audit, 'ended').map((fact) => fact.outcome)).toEqual([outcome]);
  const writesToTheEnd = factsOf(audit, 'intent').filter(({ action }) => action === 'promote');
  expect(writesToTheEnd.length > 0).toBe(isPromoted);
  const ends = events.filter((event) => /^rollout-(promoted|rolled-back|aborted)$/.test(event));
  expect(new Set(ends).size).toBe(1);
}

describe('a commit whose answer is lost', () => {
  it.each<[string, Partial<Trouble>, string]>([
    ['took effect', { unanswered: 1 }, 'PROMOTED'],
    ['took effect, and no try is ever answered', { unanswered: 9 }, 'PROMOTED'],
    ['never took effect, and the next try does', { unanswered: 1, effect: 'never' }, 'PROMOTED'],
    ['never took effect, and no try does', { unanswered: 9, effect: 'never' }, 'ROLLED_BACK'],
    ['takes effect after everything was settled', { unanswered: 9, effect: 900 }, 'ROLLED_BACK'],
    ['took effect; the pointer is stuck for an hour', { unanswered: 9, pointerStuckFor: HOUR }, 'PROMOTED'],
    [
      'took effect; the record is away and the pointer stuck for an hour',
      { unanswered: 9, storeAwayFrom: 1, storeAwayFor: HOUR, pointerStuckFor: HOUR },
      'PROMOTED',
    ],
    ['never took effect: the record is away first', { storeAwayFor: HOUR }, 'ROLLED_BACK'],
    [
      'took effect; somebody aborts too late',
      { unanswered: 9, pointerStuckFor: HOUR, abortAt: 120 },
      'PROMOTED',
    ],
    ['never took effect; somebody aborts', { unanswered: 9, effect: 'never', abortAt: 1 }, 'ABORTED'],
    ['comes right after an abort', { abortAt: -1 }, 'ABORTED'],
  ])('ends in one way when it %s', async (_what, trouble, outcome) => {
    const played = await play({ ...CALM, ...trouble });
    expect(played.calls).toBeGreaterThan(0);
    expectOneEnd(played);
    expect(played.outcome).toBe(outcome);
  });

  it('ends in one way whatever comes together, at any offset', async () => {
    const seconds = (max: number) => fc.integer({ min: 0, max });
    const trouble: fc.Arbitrary<Trouble> = fc.record({
      unanswered: fc.constantFrom(0, 1, 3, 5, 9),
      effect: fc.oneof(fc.constant('at once' as const), fc.constant('never' as const), seconds(240)),
      storeAwayFrom: seconds(180),
      storeAwayFor: fc.oneof(fc.constant(0), seconds(120), fc.constant(HOUR)),
      pointerStuckFor: fc.constantFrom(0, 90, HOUR),
      abortAt: fc.oneof(fc.constant(null), fc.integer({ min: -1, max: 200 })),
    });
    await fc.assert(
      fc.asyncProperty(trouble, async (drawn) => {
        expectOneEnd(await play(drawn));
      }),
      { numRuns: 25 },
    );
  });
});
