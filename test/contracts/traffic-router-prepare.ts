// The promises of a traffic router about preparing when its API works.
import { expect, it } from 'vitest';
import { FencedError } from '../../src/core/errors.ts';
import type { RouterScene } from './traffic-router.contract.ts';
import { ALL_ON_STABLE, allowed, refused } from './traffic-router-scene.ts';

export function preparePromises(scene: () => RouterScene): void {
  it('leaves the canary at 0, finds what it made before, and makes nothing twice', async () => {
    const { driver, order } = scene();
    const before = driver.writes();
    const { handle, ...rest } = order(0);
    expect(await driver.router.prepare({ ...rest, handle: {} }, allowed)).toEqual(handle);
    expect(driver.writes()).toBe(before);
    expect(await driver.live()).toMatchObject(ALL_ON_STABLE);
  });

  it('asks for permission once, and writes nothing when it is refused', async () => {
    const { driver, order } = scene();
    const { handle: _made, ...rest } = order(0);
    await driver.router.restore(order(1, 2), allowed);
    const before = driver.writes();
    let asked = 0;
    const ask = async (): Promise<void> => {
      asked += 1;
      await refused();
    };
    await expect(driver.router.prepare({ ...rest, handle: {} }, ask)).rejects.toThrow(FencedError);
    expect(asked).toBe(1);
    expect(driver.writes()).toBe(before);
    expect(await driver.live()).toMatchObject(ALL_ON_STABLE);
  });
}
