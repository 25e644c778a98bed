// Planted bugs of the fence and the writes on the way forward: order of reads, compare-and-swap, epochs, leases.
import { FencedError } from '../../../src/core/errors.ts';
import { plainReason } from '../../../src/core/verdict.ts';
import type { RolloutStore } from '../../../src/ports.ts';
import { only, slowShift } from './grounds.ts';
import type { PlantedBug } from './planted-bug.ts';

/** The execution is stopped while its first shift is under way, and the guard takes over. */
const STOPPED_IN_SHIFT = only('stop-execution', 'shift-traffic', 300);

export const FENCE: readonly PlantedBug[] = [
  {
    name: 'fence-read-first',
    says: 'a shift asks the fence first and reads the revision of the alias after it',
    breaks: ['S2', 'S5', 'S6'],
    wants: { target: 'lambda', ...STOPPED_IN_SHIFT },
    ground: slowShift('after-asking'),
    lambdaRouter: (plane, make) => ({
      ...make(plane),
      shift: async (order, change, authorise) => {
        await authorise();
        return make(plane).shift(order, change, async () => {});
      },
    }),
  },
  {
    name: 'no-compare-and-swap',
    says: 'the alias is written without the revision that was read',
    breaks: ['S2', 'S5', 'S6'],
    wants: { target: 'lambda', faults: ['abort', 'alarm-fires', 'zombie', 'late-landing'] },
    lambdaRouter: (plane, make) =>
      make({ ...plane, updateAlias: (name, alias, change) => plane.updateAlias(name, alias, change) }),
  },
  {
    name: 'fence-by-owner-alone',
    says: 'the fence asks whose lease it is, and neither for its epoch nor for its mode',
    breaks: ['S5'],
    wants: STOPPED_IN_SHIFT,
    ground: slowShift('before-asking'),
    store: (store) => ({
      ...store,
      authoriseShift: async (rollout, intent) => {
        try {
          await store.authoriseShift(rollout, intent);
        } catch (error) {
          const isOwner = await owns(store, rollout.rolloutId);
          if (!(error instanceof FencedError) || !isOwner) throw error;
          await store.recordFact(rollout.rolloutId, intent);
        }
      },
    }),
  },
  {
    name: 'clock-ordered-writes',
    says: 'of a shift and a way back the one whose clock is ahead wins, not the one with the higher epoch',
    breaks: ['S5'],
    wants: { ...STOPPED_IN_SHIFT, faults: ['clock-skew'] },
    ground: slowShift('before-asking'),
    store: (store) => {
      const backAtMs = new Map<string, number>();
      return {
        ...store,
        recordFact: async (rolloutId, fact) => {
          if (fact.kind === 'intent' && fact.action === 'restore') backAtMs.set(rolloutId, fact.atMs);
          await store.recordFact(rolloutId, fact);
        },
        authoriseShift: async (rollout, intent) => {
          try {
            await store.authoriseShift(rollout, intent);
          } catch (error) {
            const isAhead = intent.atMs > (backAtMs.get(rollout.rolloutId) ?? Number.POSITIVE_INFINITY);
            if (!isAhead || !(error instanceof FencedError)) throw error;
            await store.recordFact(rollout.rolloutId, intent);
          }
        },
      };
    },
  },
  {
    name: 'epoch-starts-anew',
    says: 'every rollout begins with epoch 1, whatever epochs the target has seen',
    breaks: ['S2'],
    wants: { faults: ['start-other'] },
    store: (store) => withOwnEpochs(store),
  },
  {
    name: 'lease-lost-by-time',
    says: 'a lease older than five minutes is taken away, and its rollout closed as rolled back',
    breaks: ['S10', 'S16'],
    wants: { faults: ['start-other'] },
    store: (store) => ({
      ...store,
      takeLease: async (targetId, rolloutId) => {
        const lease = await store.takeLease(targetId, rolloutId);
        if (lease.taken) return lease;
        const [owner, heir] = await Promise.all([store.readRow(lease.owner), store.readRow(rolloutId)]);
        if ((heir?.startedAtMs ?? 0) - (owner?.startedAtMs ?? 0) < 5 * 60_000) return lease;
        const { state } = await store.beginRevert(lease.owner);
        if (state !== 'reverting') return lease;
        const reason = plainReason('The lease ran out');
        await store.close(lease.owner, { outcome: 'ROLLED_BACK', reason, atMs: heir?.startedAtMs ?? 0 });
        return store.takeLease(targetId, rolloutId);
      },
    }),
  },
];

async function owns(store: RolloutStore, rolloutId: string): Promise<boolean> {
  const row = await store.readRow(rolloutId);
  return row !== null && (await store.readFence(row.targetId)).owner === rolloutId;
}

/** The store counts on, and nobody outside of it sees that: each rollout starts at 1. */
function withOwnEpochs(store: RolloutStore): RolloutStore {
  const before = new Map<string, number>();
  const hidden = (rolloutId: string | null): number => before.get(rolloutId ?? '') ?? 0;
  const real = <R extends { readonly rolloutId: string; readonly epoch: number }>(rollout: R): R => ({
    ...rollout,
    epoch: rollout.epoch + hidden(rollout.rolloutId),
  });
  return {
    ...store,
    takeLease: async (targetId, rolloutId) => {
      const lease = await store.takeLease(targetId, rolloutId);
      if (!lease.taken) return lease;
      if (!before.has(rolloutId)) before.set(rolloutId, lease.epoch - 1);
      return { taken: true, epoch: lease.epoch - hidden(rolloutId) };
    },
    readFence: async (targetId) => {
      const fence = await store.readFence(targetId);
      return { ...fence, epoch: fence.epoch - hidden(fence.owner) };
    },
    authoriseShift: (rollout, intent) => store.authoriseShift(real(rollout), intent),
    commitPromotion: (rollout) => store.commitPromotion(real(rollout)),
    beginRevert: async (rolloutId) => {
      const wayBack = await store.beginRevert(rolloutId);
      if (wayBack.state !== 'reverting') return wayBack;
      return { ...wayBack, epoch: wayBack.epoch - hidden(rolloutId) };
    },
  };
}
