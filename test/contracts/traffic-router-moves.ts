// The promises of a traffic router about reading and shifting when its API works.
import { expect, it } from 'vitest';
import { DriftError, FencedError, SupersededError } from '../../src/core/errors.ts';
import type { RouterScene, RouterTraits } from './traffic-router.contract.ts';
import { ALL_ON_CANARY, ALL_ON_STABLE, allowed, refused, shiftTo } from './traffic-router-scene.ts';

type Scene = () => RouterScene;

export function readPromises(scene: Scene, { carriesTag, health }: RouterTraits): void {
  it('takes a missing target for a fact and writes nothing while it describes', async () => {
    const { driver } = scene();
    const before = driver.writes();
    const facts = await driver.router.describe(driver.access, driver.canary.version);
    const none = await driver.router.describe(driver.missing, driver.canary.version);
    expect(facts.kind).toBe(driver.access.target.kind);
    expect(none.kind).toBe(driver.access.target.kind);
    expect(none).not.toEqual(facts);
    expect(driver.writes()).toBe(before);
  });

  it('verifies by reading: shares, strangers and the last writer', async () => {
    const { driver, order } = scene();
    await shiftTo(scene(), 25);
    const before = driver.writes();
    expect(await driver.router.verify(order(9, 7))).toEqual({
      canaryPercent: 25,
      stablePercent: 75,
      strangers: [],
      writtenBy: carriesTag ? 'checkout-42/1/1' : null,
    });
    await driver.setStranger();
    const live = await driver.router.verify(order(1));
    expect(live).toMatchObject({ canaryPercent: 0, stablePercent: 0 });
    expect(live.strangers).toHaveLength(1);
    expect(driver.writes()).toBe(before);
  });

  it('tells who could serve, where the target knows instances', async () => {
    const { driver, order } = scene();
    const before = driver.writes();
    expect(await driver.router.health(order(1))).toEqual(health);
    expect(driver.writes()).toBe(before);
  });
}

export function shiftPromises(
  scene: Scene,
  { canCompareAndSwap, carriesTag, isRestoreFinal }: RouterTraits,
): void {
  it('sets the share of the canary and answers what it read back', async () => {
    const { driver, order } = scene();
    expect(
      await driver.router.shift(order(1), { expectedPercent: 0, weightPercent: 5 }, allowed),
    ).toMatchObject({ canaryPercent: 5, stablePercent: 95, strangers: [] });
    expect(
      await driver.router.shift(order(2), { expectedPercent: 5, weightPercent: 29 }, allowed),
    ).toMatchObject({ canaryPercent: 29, stablePercent: 71 });
    expect(await driver.live()).toMatchObject({ canaryPercent: 29, stablePercent: 71 });
  });

  it('can put all traffic on the canary as a last stage', async () => {
    const { driver } = scene();
    await shiftTo(scene(), 100);
    expect(await driver.live()).toMatchObject(ALL_ON_CANARY);
  });

  it('asks for permission once, before it writes', async () => {
    const { driver, order } = scene();
    const sharesAtPermission: number[] = [];
    await driver.router.shift(order(1), { expectedPercent: 0, weightPercent: 5 }, async () => {
      sharesAtPermission.push((await driver.live()).canaryPercent);
    });
    expect(sharesAtPermission).toEqual([0]);
  });

  it('writes nothing when permission is refused, and passes the refusal on', async () => {
    const { driver, order } = scene();
    const before = driver.writes();
    await expect(
      driver.router.shift(order(1), { expectedPercent: 0, weightPercent: 5 }, refused),
    ).rejects.toThrow(FencedError);
    expect(driver.writes()).toBe(before);
    expect(await driver.live()).toMatchObject(ALL_ON_STABLE);
  });

  it('splits all traffic between the two versions with every single write', async () => {
    const { driver, order } = scene();
    const splits: Awaited<ReturnType<typeof driver.live>>[] = [];
    const look = async (): Promise<void> => {
      driver.afterNextWrite(look);
      splits.push(await driver.live());
    };
    driver.afterNextWrite(look);
    for (const [seq, weightPercent] of [1, 5, 29, 57, 100].entries()) {
      await shiftTo(scene(), weightPercent, seq + 1);
    }
    await driver.router.restore(order(9, 2), allowed);
    expect(splits.length).toBeGreaterThan(5);
    for (const { canaryPercent, stablePercent, strangers } of splits) {
      expect(canaryPercent + stablePercent).toBeCloseTo(100, 9);
      expect(strangers).toEqual([]);
    }
  });

  it('writes nothing when the live share is not the expected one, and tells which it found', async () => {
    const { driver, order } = scene();
    await shiftTo(scene(), 25);
    await driver.setShare(10);
    const before = driver.writes();
    await expect(
      driver.router.shift(order(2), { expectedPercent: 25, weightPercent: 50 }, allowed),
    ).rejects.toMatchObject({ name: 'DriftError', foundPercent: 10 });
    expect(driver.writes()).toBe(before);
    expect((await driver.live()).canaryPercent).toBe(10);
  });

  it('keeps its hands off a stranger', async () => {
    const { driver, order } = scene();
    await driver.setStranger();
    const before = driver.writes();
    await expect(
      driver.router.shift(order(1), { expectedPercent: 0, weightPercent: 5 }, allowed),
    ).rejects.toThrow(SupersededError);
    expect(driver.writes()).toBe(before);
    expect((await driver.live()).strangers).toHaveLength(1);
  });

  it.runIf(canCompareAndSwap)(
    'loses to a share that somebody sets while it asks for permission',
    async () => {
      const { driver, order } = scene();
      await shiftTo(scene(), 5);
      const meddle = async (): Promise<void> => driver.setShare(30);
      await expect(
        driver.router.shift(order(2), { expectedPercent: 5, weightPercent: 50 }, meddle),
      ).rejects.toMatchObject({ name: 'DriftError', foundPercent: 30 });
      expect((await driver.live()).canaryPercent).toBe(30);
    },
  );

  it.runIf(canCompareAndSwap)('loses to a hotfix that lands while it asks for permission', async () => {
    const { driver, order } = scene();
    await expect(
      driver.router.shift(order(1), { expectedPercent: 0, weightPercent: 5 }, async () =>
        driver.setStranger(),
      ),
    ).rejects.toThrow(SupersededError);
    expect((await driver.live()).strangers).toHaveLength(1);
  });

  it.runIf(isRestoreFinal)(
    'loses to a rollback that ends while it asks for permission, also when the share was 0 all along',
    async () => {
      const { driver, order } = scene();
      const rollBack = async (): Promise<void> => {
        await driver.router.restore(order(1, 2), allowed);
      };
      await expect(
        driver.router.shift(order(1), { expectedPercent: 0, weightPercent: 5 }, rollBack),
      ).rejects.toThrow(DriftError);
      expect(await driver.live()).toMatchObject(ALL_ON_STABLE);
    },
  );

  it.runIf(isRestoreFinal)('loses to a rollback that takes back what an earlier shift had set', async () => {
    const { driver, order } = scene();
    await shiftTo(scene(), 5);
    const rollBack = async (): Promise<void> => {
      await driver.router.restore(order(2, 2), allowed);
    };
    await expect(
      driver.router.shift(order(2), { expectedPercent: 5, weightPercent: 25 }, rollBack),
    ).rejects.toThrow(DriftError);
    expect(await driver.live()).toMatchObject(ALL_ON_STABLE);
  });

  it.runIf(carriesTag)('takes its own earlier write for success, and still asks for permission', async () => {
    const { driver, order } = scene();
    await shiftTo(scene(), 5, 1);
    const before = driver.writes();
    let asked = 0;
    const live = await driver.router.shift(order(1), { expectedPercent: 0, weightPercent: 5 }, async () => {
      asked += 1;
    });
    expect(live).toMatchObject({ canaryPercent: 5, writtenBy: 'checkout-42/1/1' });
    expect(asked).toBe(1);
    expect(driver.writes()).toBe(before);
  });

  it.runIf(carriesTag)('does not take a share that somebody else set for its own', async () => {
    const { driver, order } = scene();
    await driver.setShare(5);
    await expect(
      driver.router.shift(order(1), { expectedPercent: 0, weightPercent: 5 }, allowed),
    ).rejects.toThrow(DriftError);
  });
}
