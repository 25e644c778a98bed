// Every way in which a rollout of the step world can end, for tests that must hold at each of them.
import type { End } from '../../src/core/phase.ts';
import type { Rollout } from '../../src/core/rollout.ts';
import { abandonRollout } from '../../src/steps/abandon-rollout.ts';
import { commitPromotion } from '../../src/steps/commit-promotion.ts';
import { finishPromotion } from '../../src/steps/finish-promotion.ts';
import { rollBack } from '../../src/steps/roll-back.ts';
import { shiftTraffic } from '../../src/steps/shift-traffic.ts';
import { ABORT, ROLLOUT_ID, START_INPUT, type StepWorld } from './step-world.ts';

export type Ending = (world: StepWorld, started: Rollout) => Promise<unknown>;

const ENDINGS: Readonly<Record<End, Ending>> = {
  PROMOTED: async ({ ports }, started) => {
    const shifted = await shiftTraffic.run(started, ports);
    return finishPromotion.run(await commitPromotion.run(shifted, ports), ports);
  },
  ROLLED_BACK: async ({ ports }, started) =>
    rollBack.run({ ...(await shiftTraffic.run(started, ports)) }, ports),
  ABORTED: async ({ ports }, started) => {
    const shifted = await shiftTraffic.run(started, ports);
    await ports.store.latch(ROLLOUT_ID, ABORT);
    return rollBack.run({ ...shifted }, ports);
  },
  REJECTED: async ({ ports }) => abandonRollout.run(START_INPUT, ports),
  SUPERSEDED: async ({ ports, lambda }, started) => {
    const shifted = await shiftTraffic.run(started, ports);
    lambda.edit('checkout-api', 'live', { functionVersion: '43', additionalWeights: {} });
    return rollBack.run({ ...shifted }, ports);
  },
};

export const ALL_ENDINGS = Object.entries(ENDINGS) as readonly (readonly [End, Ending])[];
