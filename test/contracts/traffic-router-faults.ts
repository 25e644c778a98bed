// The promises of a traffic router when its API throttles, denies or loses answers.
import { expect, it } from 'vitest';
import { PermissionError, TransientError } from '../../src/core/errors.ts';
import type { RouterScene, RouterTraits } from './traffic-router.contract.ts';
import { allowed } from './traffic-router-scene.ts';

const FIRST_SHIFT = { expectedPercent: 0, weightPercent: 5 };
const MAX_TRIES = 10;

/** As a step's Retry does: only TransientError is tried again. */
async function persist<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof TransientError) || tries === MAX_TRIES) throw error;
    }
  }
}

export function faultPromises(scene: () => RouterScene, { carriesTag }: RouterTraits): void {
  it('calls throttling transient, and writes nothing then', async () => {
    const { driver, order } = scene();
    const before = driver.writes();
    driver.throttleNext(100);
    await expect(driver.router.describe(driver.access, driver.canary.version)).rejects.toThrow(
      TransientError,
    );
    await expect(driver.router.verify(order(1))).rejects.toThrow(TransientError);
    await expect(driver.router.shift(order(1), FIRST_SHIFT, allowed)).rejects.toThrow(TransientError);
    await expect(driver.router.restore(order(1, 2), allowed)).rejects.toThrow(TransientError);
    await expect(driver.router.promote(order(1), allowed)).rejects.toThrow(TransientError);
    expect(driver.writes()).toBe(before);
  });

  it.each([1, 2, 3])('shifts once throttling after %i calls is over', async (calls) => {
    const { driver, order } = scene();
    driver.throttleNext(calls);
    const live = await persist(() => driver.router.shift(order(1), FIRST_SHIFT, allowed));
    expect(live.canaryPercent).toBe(5);
    expect((await driver.live()).canaryPercent).toBe(5);
  });

  it.each([1, 2, 3])('restores once throttling after %i calls is over', async (calls) => {
    const { driver, order } = scene();
    await driver.router.shift(order(1), FIRST_SHIFT, allowed);
    driver.throttleNext(calls);
    const { live } = await persist(() => driver.router.restore(order(2, 2), allowed));
    expect(live.canaryPercent).toBe(0);
    expect(await driver.live()).toMatchObject({ canaryPercent: 0, stablePercent: 100 });
  });

  it('names a missing permission as such', async () => {
    const { driver, order } = scene();
    driver.deny();
    await expect(driver.router.shift(order(1), FIRST_SHIFT, allowed)).rejects.toThrow(PermissionError);
    await expect(driver.router.restore(order(1, 2), allowed)).rejects.toThrow(PermissionError);
    await expect(driver.router.promote(order(1), allowed)).rejects.toThrow(PermissionError);
    await expect(driver.router.verify(order(1))).rejects.toThrow(PermissionError);
  });

  it('takes a write of its own that reads do not show yet for no meddling, and finds it later', async () => {
    const { driver, order } = scene();
    const thaw = await driver.freezeReads();
    for (const _try of ['first', 'second']) {
      await expect(driver.router.shift(order(1), FIRST_SHIFT, allowed)).rejects.toThrow(TransientError);
    }
    thaw();
    expect((await driver.live()).canaryPercent).toBe(5);
    const writes = driver.writes();
    expect(await driver.router.shift(order(1), FIRST_SHIFT, allowed)).toMatchObject({ canaryPercent: 5 });
    expect(driver.writes()).toBe(writes);
  });

  it('waits for reads to show its own write when it restores, too', async () => {
    const { driver, order } = scene();
    await driver.router.shift(order(1), FIRST_SHIFT, allowed);
    const thaw = await driver.freezeReads();
    await expect(driver.router.restore(order(2, 2), allowed)).rejects.toThrow(TransientError);
    thaw();
    expect(await driver.live()).toMatchObject({ canaryPercent: 0 });
    expect((await driver.router.restore(order(2, 2), allowed)).live.canaryPercent).toBe(0);
  });

  it('waits for reads to show its own write when it promotes, too', async () => {
    const { driver, order } = scene();
    await driver.router.shift(order(1), FIRST_SHIFT, allowed);
    const thaw = await driver.freezeReads();
    await expect(driver.router.promote(order(2), allowed)).rejects.toThrow(TransientError);
    thaw();
    expect((await driver.live()).strangers).toEqual([]);
    expect(await driver.router.promote(order(2), allowed)).toMatchObject({ canaryPercent: 100 });
    expect((await driver.live()).canaryPercent).toBe(100);
  });

  it('still calls another share than the one before and the one asked for meddling', async () => {
    const { driver, order } = scene();
    const change = { expectedPercent: 0, weightPercent: 5 };
    const meddled = driver.router.shift(order(1), change, async () => {
      driver.afterNextWrite(() => driver.setShare(30));
    });
    await expect(meddled).rejects.toMatchObject({ name: 'DriftError', foundPercent: 30 });
  });

  it.runIf(carriesTag)('takes a shift that landed for success although its answer was lost', async () => {
    const { driver, order } = scene();
    const before = driver.writes();
    driver.loseNextAnswer();
    const live = await persist(() => driver.router.shift(order(1), FIRST_SHIFT, allowed));
    expect(live.canaryPercent).toBe(5);
    expect(driver.writes()).toBe(before + 1);
  });

  it.runIf(carriesTag)(
    'takes the refusal of a write that its client had sent twice for success',
    async () => {
      const { driver, order } = scene();
      driver.resendNextWrite();
      expect(await driver.router.shift(order(1), FIRST_SHIFT, allowed)).toMatchObject({ canaryPercent: 5 });
      driver.resendNextWrite();
      expect(await driver.router.promote(order(2), allowed)).toMatchObject({ canaryPercent: 100 });
      driver.resendNextWrite();
      expect((await driver.router.restore(order(3, 2), allowed)).live.canaryPercent).toBe(0);
    },
  );

  it('restores although an answer was lost', async () => {
    const { driver, order } = scene();
    await driver.router.shift(order(1), FIRST_SHIFT, allowed);
    driver.loseNextAnswer();
    const { live } = await persist(() => driver.router.restore(order(2, 2), allowed));
    expect(live).toMatchObject({ canaryPercent: 0, stablePercent: 100 });
    expect(await driver.live()).toMatchObject({ canaryPercent: 0, stablePercent: 100 });
  });

  it('promotes although an answer was lost', async () => {
    const { driver, order } = scene();
    await driver.router.shift(order(1), FIRST_SHIFT, allowed);
    driver.loseNextAnswer();
    const live = await persist(() => driver.router.promote(order(2), allowed));
    expect(live).toMatchObject({ canaryPercent: 100, stablePercent: 0 });
    expect(await driver.live()).toMatchObject({ canaryPercent: 100, stablePercent: 0 });
  });
}
