// Planted bugs of the write that takes traffic back: what is written, on which condition, over whose version.
import { SupersededError, TransientError } from '../../../src/core/errors.ts';
import type { LiveTraffic } from '../../../src/core/live-traffic.ts';
import type { TrafficOrder } from '../../../src/ports.ts';
import type { LambdaControlPlane } from '../../../src/sim/memory-lambda.ts';
import { NEAR_DEADLINE, only, THREE_HOURS_MS } from './grounds.ts';
import { type Ground, type PlantedBug, withRouters } from './planted-bug.ts';

const ALL_STABLE: LiveTraffic = { canaryPercent: 0, stablePercent: 100, strangers: [], writtenBy: null };

/** The guard is slow to begin with its writes: by then the sweeper has ended the rollout. */
const SLOW_GUARD: Ground = {
  ports: (ports, { step }) =>
    step === 'guard-rollout'
      ? withRouters(ports, (router) => ({
          ...router,
          restore: (order, authorise) =>
            ports.clock.sleep(65_000).then(() => router.restore(order, authorise)),
        }))
      : ports,
};

export const RESTORE: readonly PlantedBug[] = [
  {
    name: 'restore-skips-at-zero',
    says: 'the way back writes nothing when the canary has no traffic already',
    breaks: ['S5', 'S6'],
    wants: { target: 'lambda', faults: ['late-landing', 'abort'] },
    lambdaRouter: (plane, make) => ({
      ...make(plane),
      restore: async (order, authorise) => {
        const live = await make(plane).verify(order);
        const isDone = live.canaryPercent === 0 && live.strangers.length === 0;
        return isDone ? { found: live, live } : make(plane).restore(order, authorise);
      },
    }),
  },
  {
    name: 'restore-keeps-revision',
    says: 'the way back writes weights alone, so that at 0 % the alias keeps its revision',
    breaks: ['S2', 'S5', 'S6'],
    wants: { target: 'lambda', faults: ['late-landing', 'abort'] },
    lambdaRouter: (plane, make) => ({
      ...make(plane),
      restore: (order, authorise) => make(withoutDescription(plane)).restore(order, authorise),
    }),
  },
  {
    name: 'restore-without-condition',
    says: 'the way back does not ask whether the alias is still as it was read',
    breaks: ['S18'],
    wants: { target: 'lambda', faults: ['hotfix', 'abort', 'alarm-fires'] },
    lambdaRouter: (plane, make) => ({
      ...make(plane),
      restore: (order, authorise) =>
        make({
          ...plane,
          updateAlias: (name, alias, change) => plane.updateAlias(name, alias, change),
        }).restore(order, authorise),
    }),
  },
  {
    name: 'restore-overwrites-strangers',
    says: 'the way back does not ask whose version is live, and overwrites a hotfix',
    breaks: ['S18'],
    wants: { target: 'lambda', faults: ['hotfix'] },
    lambdaRouter: (plane, make) => ({
      ...make(plane),
      restore: async (order, authorise) => {
        try {
          return await make(plane).restore(order, authorise);
        } catch (error) {
          if (!(error instanceof SupersededError)) throw error;
          await overwrite(plane, order);
          return { found: ALL_STABLE, live: ALL_STABLE };
        }
      },
    }),
  },
  {
    name: 'restore-without-asking',
    says: 'the way back does not ask, before it writes, whether the rollout has ended meanwhile',
    breaks: ['S16'],
    wants: only('stop-execution', 'shift-traffic', 400),
    ground: SLOW_GUARD,
    ports: (ports) =>
      withRouters(ports, (router) => ({
        ...router,
        restore: (order) => router.restore(order, async () => {}),
      })),
  },
  {
    name: 'zero-left-out',
    says: 'a weight of 0 is left out of the request, which Lambda then refuses',
    breaks: ['L1', 'L2'],
    wants: { target: 'lambda', longestMs: THREE_HOURS_MS },
    ground: NEAR_DEADLINE,
    lambdaRouter: (plane, make) =>
      make({
        ...plane,
        updateAlias: async (name, alias, change, revisionId) => {
          const isZero = Object.keys(change.additionalWeights ?? {}).length === 0;
          if (isZero) throw new TransientError('InvalidParameterValueException: no weights');
          return plane.updateAlias(name, alias, change, revisionId);
        },
      }),
  },
];

/** An update without a description leaves the one that is there, so that nothing changes at 0 %. */
function withoutDescription(plane: LambdaControlPlane): LambdaControlPlane {
  return {
    ...plane,
    updateAlias: (name, alias, { description: _unused, ...change }, revisionId) =>
      plane.updateAlias(name, alias, change, revisionId),
  };
}

async function overwrite(plane: LambdaControlPlane, { target, stable, tag }: TrafficOrder): Promise<void> {
  if (target.kind !== 'lambda-alias') return;
  await plane.updateAlias(target.functionName, target.alias, {
    functionVersion: stable.ref,
    additionalWeights: {},
    description: `${tag.rolloutId}/${tag.epoch}/${tag.seq}`,
  });
}
