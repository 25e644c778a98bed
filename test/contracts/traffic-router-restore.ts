// The promises of a traffic router about restoring when its API works.
import { expect, it } from 'vitest';
import { SupersededError } from '../../src/core/errors.ts';
import type { RouterScene, RouterTraits } from './traffic-router.contract.ts';
import { ALL_ON_STABLE, shiftTo } from './traffic-router-scene.ts';

type Scene = () => RouterScene;

export function restorePromises(scene: Scene, { canCompareAndSwap }: RouterTraits): void {
  it('takes the canary to 0, twice if asked', async () => {
    const { driver, order } = scene();
    await shiftTo(scene(), 25);
    expect(await driver.router.restore(order(2, 2))).toMatchObject(ALL_ON_STABLE);
    expect(await driver.router.restore(order(2, 2))).toMatchObject(ALL_ON_STABLE);
    expect(driver.live()).toMatchObject(ALL_ON_STABLE);
  });

  it('writes even when the canary is at 0', async () => {
    const { driver, order } = scene();
    const before = driver.writes();
    await driver.router.restore(order(1, 2));
    expect(driver.writes()).toBeGreaterThan(before);
  });

  it('takes the canary back without a handle', async () => {
    const { driver, order } = scene();
    await shiftTo(scene(), 25);
    expect(await driver.router.restore({ ...order(2, 2), handle: {} })).toMatchObject(ALL_ON_STABLE);
    expect(driver.live()).toMatchObject(ALL_ON_STABLE);
  });

  it('takes back a share that somebody else raised', async () => {
    const { driver, order } = scene();
    await shiftTo(scene(), 5);
    driver.setShare(80);
    await driver.router.restore(order(2, 2));
    expect(driver.live()).toMatchObject(ALL_ON_STABLE);
  });

  it('does not undo a hotfix', async () => {
    const { driver, order } = scene();
    await shiftTo(scene(), 25);
    driver.setStranger();
    const before = driver.writes();
    await expect(driver.router.restore(order(2, 2))).rejects.toThrow(SupersededError);
    expect(driver.writes()).toBe(before);
    expect(driver.live().strangers).toHaveLength(1);
  });

  it('writes again when a write of somebody else wins the race', async () => {
    const { driver, order } = scene();
    await shiftTo(scene(), 5);
    driver.beforeNextWrite(() => {
      driver.setShare(30);
      driver.beforeNextWrite(() => driver.setShare(40));
    });
    expect(await driver.router.restore(order(2, 2))).toMatchObject(ALL_ON_STABLE);
    expect(driver.live()).toMatchObject(ALL_ON_STABLE);
  });

  it.runIf(canCompareAndSwap)('does not undo a hotfix that wins the race', async () => {
    const { driver, order } = scene();
    await shiftTo(scene(), 5);
    const before = driver.writes();
    driver.beforeNextWrite(() => driver.setStranger());
    await expect(driver.router.restore(order(2, 2))).rejects.toThrow(SupersededError);
    expect(driver.writes()).toBe(before);
    expect(driver.live().strangers).toHaveLength(1);
  });
}
