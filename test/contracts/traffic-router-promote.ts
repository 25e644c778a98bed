// The promises of a traffic router about promoting when its API works.
import { expect, it } from 'vitest';
import { FencedError, SupersededError } from '../../src/core/errors.ts';
import type { LiveTraffic } from '../../src/core/live-traffic.ts';
import type { RouterScene, RouterTraits } from './traffic-router.contract.ts';
import { ALL_ON_CANARY, ALL_ON_STABLE, allowed, refused, shiftTo } from './traffic-router-scene.ts';

type Scene = () => RouterScene;

export function promotePromises(scene: Scene, { canCompareAndSwap }: RouterTraits): void {
  it('makes the canary the only version, and finds that it did', async () => {
    const { driver, order } = scene();
    await shiftTo(scene(), 95);
    expect(await driver.router.promote(order(2), allowed)).toMatchObject(ALL_ON_CANARY);
    const before = driver.writes();
    // what is done already needs no permission, and would not get one after the end
    expect(await driver.router.promote(order(2), refused)).toMatchObject(ALL_ON_CANARY);
    expect(driver.writes()).toBe(before);
    expect(await driver.live()).toMatchObject(ALL_ON_CANARY);
  });

  it('asks for permission before it writes', async () => {
    const { driver, order } = scene();
    await shiftTo(scene(), 95);
    const before = driver.writes();
    const writesAtPermission: number[] = [];
    await driver.router.promote(order(2), async () => {
      writesAtPermission.push(driver.writes() - before);
    });
    expect(writesAtPermission[0]).toBe(0);
  });

  it('writes nothing when permission is refused, and passes the refusal on', async () => {
    const { driver, order } = scene();
    await shiftTo(scene(), 95);
    const before = driver.writes();
    await expect(driver.router.promote(order(2), refused)).rejects.toThrow(FencedError);
    expect(driver.writes()).toBe(before);
    expect(await driver.live()).toMatchObject({ canaryPercent: 95, stablePercent: 5 });
  });

  it('looks at the target before it asks: where a stranger is live nobody is asked', async () => {
    const { driver, order } = scene();
    await shiftTo(scene(), 95);
    await driver.setStranger();
    await expect(driver.router.promote(order(2), refused)).rejects.toThrow(SupersededError);
  });

  it.runIf(canCompareAndSwap)(
    'loses to a share that somebody sets while it asks, and asks again before it writes over it',
    async () => {
      const { driver, order } = scene();
      await shiftTo(scene(), 95);
      const sharesAtPermission: number[] = [];
      const meddle = async (): Promise<void> => {
        sharesAtPermission.push((await driver.live()).canaryPercent);
        if (sharesAtPermission.length === 1) await driver.setShare(40);
      };
      expect(await driver.router.promote(order(2), meddle)).toMatchObject(ALL_ON_CANARY);
      expect(sharesAtPermission).toEqual([95, 40]);
    },
  );

  it.runIf(canCompareAndSwap)(
    'leaves what won the race alone when permission is refused the second time',
    async () => {
      const { driver, order } = scene();
      await shiftTo(scene(), 95);
      const before = driver.writes();
      let asked = 0;
      const meddle = async (): Promise<void> => {
        asked += 1;
        if (asked === 2) await refused();
        await driver.setShare(0);
      };
      await expect(driver.router.promote(order(2), meddle)).rejects.toThrow(FencedError);
      expect(driver.writes()).toBe(before);
      expect(await driver.live()).toMatchObject(ALL_ON_STABLE);
    },
  );

  it.runIf(canCompareAndSwap)('loses to a hotfix that lands while it asks', async () => {
    const { driver, order } = scene();
    await shiftTo(scene(), 95);
    const before = driver.writes();
    await expect(driver.router.promote(order(2), async () => driver.setStranger())).rejects.toThrow(
      SupersededError,
    );
    expect(driver.writes()).toBe(before);
    expect((await driver.live()).strangers).toHaveLength(1);
  });

  it('promotes a canary that has all traffic as a stage: the new version becomes the stable one', async () => {
    const { driver, order } = scene();
    await shiftTo(scene(), 100);
    const before = driver.writes();
    await driver.router.promote(order(2), allowed);
    expect(driver.writes()).toBeGreaterThan(before);
    expect(await driver.live()).toMatchObject(ALL_ON_CANARY);
  });

  it('asks with what it found, so that a stop by hand can be obeyed', async () => {
    const { driver, order } = scene();
    await shiftTo(scene(), 50);
    await driver.setShare(0);
    const before = driver.writes();
    const found: number[] = [];
    const obey = async ({ canaryPercent }: LiveTraffic): Promise<void> => {
      found.push(canaryPercent);
      await refused();
    };
    await expect(driver.router.promote(order(2), obey)).rejects.toThrow(FencedError);
    expect(found).toEqual([0]);
    expect(driver.writes()).toBe(before);
  });

  it('promotes over a share that somebody else set', async () => {
    const { driver, order } = scene();
    await shiftTo(scene(), 95);
    driver.beforeNextWrite(() => driver.setShare(40));
    expect(await driver.router.promote(order(2), allowed)).toMatchObject(ALL_ON_CANARY);
  });

  it('does not promote over a hotfix', async () => {
    const { driver, order } = scene();
    await shiftTo(scene(), 95);
    await driver.setStranger();
    await expect(driver.router.promote(order(2), allowed)).rejects.toThrow(SupersededError);
    expect((await driver.live()).strangers).toHaveLength(1);
  });
}
