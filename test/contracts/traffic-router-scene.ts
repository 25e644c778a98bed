// What the suites of the router contract share: the moves they start from and the ends they expect.
import { FencedError } from '../../src/core/errors.ts';
import type { RouterScene } from './traffic-router.contract.ts';

/** Permission to write, given. */
export const allowed = async (): Promise<void> => {};

/** Permission to write, refused. */
export const refused = async (): Promise<void> => {
  throw new FencedError('the way back is open');
};

export const ALL_ON_STABLE = { canaryPercent: 0, stablePercent: 100, strangers: [] };
export const ALL_ON_CANARY = { canaryPercent: 100, stablePercent: 0, strangers: [] };

/** Puts the canary at a share through the router itself. */
export async function shiftTo({ driver, order }: RouterScene, weightPercent: number, seq = 1): Promise<void> {
  await driver.router.shift(
    order(seq),
    { expectedPercent: (await driver.live()).canaryPercent, weightPercent },
    allowed,
  );
}
