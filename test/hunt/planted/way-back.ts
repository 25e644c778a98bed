// Planted bugs of the way back: when it begins, when it is over, and that it is over then.
import type { LiveTraffic } from '../../../src/core/live-traffic.ts';
import { plainReason } from '../../../src/core/verdict.ts';
import type { RolloutStore } from '../../../src/ports.ts';
import { trafficOrder } from '../../../src/steps/traffic-order.ts';
import { only } from './grounds.ts';
import { changed, type PlantedBug } from './planted-bug.ts';

/** Above whatever the shifts of a run have taken. */
const LAST_SEQ = 99;
const ALL_STABLE: LiveTraffic = { canaryPercent: 0, stablePercent: 100, strangers: [], writtenBy: null };

export const WAY_BACK: readonly PlantedBug[] = [
  {
    name: 'rollback-gives-up',
    says: 'a rollback that failed three times is closed as rolled back, and not tried again',
    breaks: ['S10'],
    wants: { faults: ['throttle', 'deny', 'abort'] },
    store: (store) => givingUpAfter(3, store),
  },
  {
    name: 'fence-raised-after-write',
    says: 'the way back writes first and closes the way forward after that',
    breaks: ['S10', 'S13', 'S5'],
    wants: { faults: ['zombie', 'abort', 'alarm-fires'] },
    steps: (steps) =>
      changed(steps, 'roll-back', async (input, ports, real) => {
        const { rolloutId } = input as { readonly rolloutId: string };
        const row = await ports.store.readRow(rolloutId);
        const rollout = row?.rollout;
        if (rollout != null && row?.outcome === null && row.phase !== 'PROMOTING') {
          const order = trafficOrder(rollout, rollout.epoch + 1, LAST_SEQ);
          await ports.routers[rollout.spec.target.kind].restore(order, async () => {}).catch(() => {});
        }
        return real(input, ports);
      }),
  },
  {
    name: 'quarantine-too-short',
    says: 'in place a rollback is final before the last write on its way can have landed',
    breaks: ['S6', 'S16'],
    wants: {
      target: 'alb-in-place',
      ...only('abort', 'shift-traffic', 1500),
      aim: { point: 'shift-traffic/alb.ModifyRule', kind: 'late-landing', nth: 1 },
    },
    ports: (ports, { step }) => {
      if (!['roll-back', 'guard-rollout', 'sweep-rollouts'].includes(step)) return ports;
      return {
        ...ports,
        store: {
          ...ports.store,
          readAudit: async (rolloutId) =>
            (await ports.store.readAudit(rolloutId)).map((entry) =>
              entry.fact.kind === 'outcome' && entry.fact.action === 'restore'
                ? { ...entry, fact: { ...entry.fact, atMs: entry.fact.atMs - 155_000 } }
                : entry,
            ),
        },
      };
    },
  },
  {
    name: 'sweeper-mends-drift',
    says: 'the sweeper writes again when somebody changed the target after the end of a rollout',
    breaks: ['S16'],
    wants: { faults: ['hand-raises', 'cfn-deploy', 'hotfix'] },
    steps: (steps) =>
      changed(steps, 'sweep-rollouts', async (input, ports, real) => {
        for (const row of await ports.store.listWatched()) {
          const { rollout } = row;
          if (rollout === null || row.outcome === 'PROMOTED') continue;
          const order = trafficOrder(rollout, rollout.epoch + 1, LAST_SEQ);
          const router = ports.routers[rollout.spec.target.kind];
          const live = await router.verify(order).catch(() => ALL_STABLE);
          if (live.canaryPercent > 0) await router.restore(order, async () => {}).catch(() => {});
        }
        return real(input, ports);
      }),
  },
];

function givingUpAfter(tries: number, store: RolloutStore): RolloutStore {
  const begun = new Map<string, number>();
  return {
    ...store,
    beginRevert: async (rolloutId) => {
      const wayBack = await store.beginRevert(rolloutId);
      const times = (begun.get(rolloutId) ?? 0) + 1;
      begun.set(rolloutId, times);
      if (wayBack.state !== 'reverting' || times <= tries) return wayBack;
      const reason = plainReason('Given up');
      await store.close(rolloutId, { outcome: 'ROLLED_BACK', reason, atMs: wayBack.row.startedAtMs });
      return store.beginRevert(rolloutId);
    },
  };
}
