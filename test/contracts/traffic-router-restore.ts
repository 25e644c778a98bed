// The promises of a traffic router about restoring when its API works.
import { expect, it } from 'vitest';
import { DriftError, FencedError, SupersededError, TransientError } from '../../src/core/errors.ts';
import type { RouterScene, RouterTraits } from './traffic-router.contract.ts';
import { ALL_ON_STABLE, allowed, refused, shiftTo } from './traffic-router-scene.ts';

type Scene = () => RouterScene;

const FIRST_SHIFT = { expectedPercent: 0, weightPercent: 5 };

export function restorePromises(scene: Scene, { canCompareAndSwap, isRestoreFinal }: RouterTraits): void {
  it('takes the canary to 0, twice if asked, and tells what it found', async () => {
    const { driver, order } = scene();
    await shiftTo(scene(), 25);
    expect(await driver.router.restore(order(2, 2), allowed)).toMatchObject({
      found: { canaryPercent: 25, stablePercent: 75 },
      live: ALL_ON_STABLE,
    });
    expect(await driver.router.restore(order(2, 2), allowed)).toMatchObject({
      found: ALL_ON_STABLE,
      live: ALL_ON_STABLE,
    });
    expect(await driver.live()).toMatchObject(ALL_ON_STABLE);
  });

  it('writes even when the canary is at 0', async () => {
    const { driver, order } = scene();
    const before = driver.writes();
    await driver.router.restore(order(1, 2), allowed);
    expect(driver.writes()).toBeGreaterThan(before);
  });

  it('takes the canary back without a handle', async () => {
    const { driver, order } = scene();
    await shiftTo(scene(), 25);
    const restored = await driver.router.restore({ ...order(2, 2), handle: {} }, allowed);
    expect(restored.live).toMatchObject(ALL_ON_STABLE);
    expect(await driver.live()).toMatchObject(ALL_ON_STABLE);
  });

  it('takes back a share that somebody else raised', async () => {
    const { driver, order } = scene();
    await shiftTo(scene(), 5);
    await driver.setShare(80);
    expect((await driver.router.restore(order(2, 2), allowed)).found.canaryPercent).toBe(80);
    expect(await driver.live()).toMatchObject(ALL_ON_STABLE);
  });

  it.runIf(isRestoreFinal)('a write in flight loses even after a restore that was tried before', async () => {
    const { driver, order } = scene();
    await driver.router.restore(order(1, 2), allowed);
    const restoreAgain = async (): Promise<void> => {
      await driver.router.restore(order(1, 2), allowed);
    };
    // the fence is open to it: only the second restore of the same order stands between it and the target
    await expect(driver.router.shift(order(1), FIRST_SHIFT, restoreAgain)).rejects.toThrow(DriftError);
    expect(await driver.live()).toMatchObject(ALL_ON_STABLE);
  });

  it.runIf(canCompareAndSwap)(
    'does not take what an earlier try of the same order left for the write that was throttled',
    async () => {
      const { driver, order } = scene();
      await driver.router.restore(order(1, 2), allowed);
      const restoreAgain = async (): Promise<void> => {
        driver.throttleNextWrite();
        await expect(driver.router.restore(order(1, 2), allowed)).rejects.toThrow(TransientError);
        await driver.router.restore(order(1, 2), allowed);
      };
      await expect(driver.router.shift(order(1), FIRST_SHIFT, restoreAgain)).rejects.toThrow(DriftError);
      expect(await driver.live()).toMatchObject(ALL_ON_STABLE);
    },
  );

  it.runIf(canCompareAndSwap)('changes the target with every try of the same order', async () => {
    const { driver, order } = scene();
    const before = driver.writes();
    for (const _try of [1, 2, 3, 4]) await driver.router.restore(order(1, 2), allowed);
    expect(driver.writes()).toBe(before + 4);
    expect((await driver.router.verify(order(1, 2))).writtenBy).toBe('checkout-42/2/1');
  });

  // found by the hunt: guard and sweeper took the same rollout back at once; the later one wrote after its end, where the
  // next rollout may be on the target already
  it('writes nothing when it may not, asked after its own read', async () => {
    const { driver, order } = scene();
    await shiftTo(scene(), 25);
    const before = driver.writes();
    await expect(driver.router.restore(order(2, 2), refused)).rejects.toThrow(FencedError);
    expect(driver.writes()).toBe(before);
    expect((await driver.live()).canaryPercent).toBe(25);
  });

  it.runIf(canCompareAndSwap)('asks again when it lost a race', async () => {
    const { driver, order } = scene();
    await shiftTo(scene(), 5);
    driver.beforeNextWrite(() => driver.setShare(30));
    let asked = 0;
    const onlyOnce = async (): Promise<void> => {
      asked += 1;
      if (asked > 1) await refused();
    };
    await expect(driver.router.restore(order(2, 2), onlyOnce)).rejects.toThrow(FencedError);
    expect((await driver.live()).canaryPercent).toBe(30);
  });

  it('does not undo a hotfix', async () => {
    const { driver, order } = scene();
    await shiftTo(scene(), 25);
    await driver.setStranger();
    const before = driver.writes();
    await expect(driver.router.restore(order(2, 2), allowed)).rejects.toThrow(SupersededError);
    expect(driver.writes()).toBe(before);
    expect((await driver.live()).strangers).toHaveLength(1);
  });

  it('writes again when a write of somebody else wins the race', async () => {
    const { driver, order } = scene();
    await shiftTo(scene(), 5);
    driver.beforeNextWrite(() => {
      driver.beforeNextWrite(() => driver.setShare(40));
      return driver.setShare(30);
    });
    expect(await driver.router.restore(order(2, 2), allowed)).toMatchObject({
      found: { canaryPercent: 5 },
      live: ALL_ON_STABLE,
    });
    expect(await driver.live()).toMatchObject(ALL_ON_STABLE);
  });

  it.runIf(canCompareAndSwap)('does not undo a hotfix that wins the race', async () => {
    const { driver, order } = scene();
    await shiftTo(scene(), 5);
    const before = driver.writes();
    driver.beforeNextWrite(() => driver.setStranger());
    await expect(driver.router.restore(order(2, 2), allowed)).rejects.toThrow(SupersededError);
    expect(driver.writes()).toBe(before);
    expect((await driver.live()).strangers).toHaveLength(1);
  });
}
