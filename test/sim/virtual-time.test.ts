import { describe, expect, it } from 'vitest';
import { eventDelivery } from '../../src/sim/event-delivery.ts';
import { inVirtualTime, type VirtualTime } from '../../src/sim/virtual-time.ts';

const START_MS = Date.parse('2026-11-21T09:00:00Z');
const SETTING = { startMs: START_MS, seed: 1 };

describe('virtual time', () => {
  it('passes a week in order and at once', async () => {
    const seen: string[] = [];
    await inVirtualTime(SETTING, async (time) => {
      time.at(START_MS + 2000, () => seen.push(`later ${time.now() - START_MS}`));
      time.at(START_MS + 1000, () => seen.push(`sooner ${Date.now() - START_MS}`));
      await time.sleep(7 * 86_400_000);
      seen.push(`end ${time.now() - START_MS}`);
    });
    expect(seen).toEqual(['sooner 1000', 'later 2000', 'end 604800000']);
  });

  it('repeats what is due again and again', async () => {
    let runs = 0;
    await inVirtualTime(SETTING, async (time) => {
      time.every(START_MS + 10, 60_000, () => {
        runs += 1;
      });
      await time.sleep(150_000);
    });
    expect(runs).toBe(3);
  });

  it('shows frames at their instants, and stands still while one is shown', async () => {
    const seen: string[] = [];
    const show = async (nowMs: number): Promise<void> => {
      seen.push(`frame ${nowMs - START_MS}`);
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(`shown ${Date.now() - START_MS}`);
    };
    await inVirtualTime({ ...SETTING, frames: { everyMs: 1000, show } }, async (time) => {
      time.at(START_MS + 1000, () => seen.push('same instant'));
      time.at(START_MS + 1500, () => seen.push('between'));
      await time.sleep(2500);
    });
    expect(seen).toEqual(['same instant', 'frame 1000', 'shown 1000', 'between', 'frame 2000', 'shown 2000']);
  });

  it('ends with what a frame throws, and still notices that nothing is due any more', async () => {
    const show = () => Promise.reject(new Error('seen enough'));
    const frames = { everyMs: 1000, show };
    const long = (time: VirtualTime) => time.sleep(5000);
    await expect(inVirtualTime({ ...SETTING, frames }, long)).rejects.toThrow('seen enough');
    const stuck = inVirtualTime({ ...SETTING, frames }, () => new Promise(() => {}));
    await expect(stuck).rejects.toThrow('nothing is due any more');
  });

  it('seeds Math.random', async () => {
    const draw = (seed: number) => inVirtualTime({ ...SETTING, seed }, async () => Math.random());
    expect(await draw(1)).toBe(await draw(1));
    expect(await draw(1)).not.toBe(await draw(2));
  });

  it('gives the real clock back when the body fails', async () => {
    const { Date: date } = globalThis;
    const { stackTraceLimit } = Error;
    await expect(inVirtualTime(SETTING, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(globalThis.Date).toBe(date);
    expect(Error.stackTraceLimit).toBe(stackTraceLimit);
  });

  it('says so when it waits for something that never comes', async () => {
    const never = inVirtualTime(SETTING, () => new Promise(() => {}));
    await expect(never).rejects.toThrow('nothing is due');
  });
});

describe('event delivery', () => {
  /** How often the handler ran when it fails the first times. */
  async function runs(
    faults: Parameters<typeof eventDelivery>[1],
    failures = 0,
  ): Promise<{ readonly count: number; readonly lost: number }> {
    return inVirtualTime(SETTING, async (time: VirtualTime) => {
      let count = 0;
      const delivery = eventDelivery(time, faults);
      delivery.deliver('alarm', async () => {
        count += 1;
        if (count <= failures) throw new Error('not now');
      });
      await time.sleep(3_600_000);
      return { count, lost: delivery.lost.length };
    });
  }
  const always = { fromMs: START_MS, untilMs: Number.POSITIVE_INFINITY };

  it('hands over each event once', async () => {
    expect(await runs([])).toEqual({ count: 1, lost: 0 });
  });

  it('drops or duplicates the events of its kind', async () => {
    expect(await runs([{ ...always, of: 'alarm', does: 'drop' }])).toEqual({ count: 0, lost: 0 });
    expect(await runs([{ ...always, of: 'all', does: 'duplicate' }])).toEqual({ count: 2, lost: 0 });
    expect(await runs([{ ...always, of: 'execution', does: 'drop' }])).toEqual({ count: 1, lost: 0 });
  });

  it('tries a failed handler two more times and then gives the event up', async () => {
    expect(await runs([], 2)).toEqual({ count: 3, lost: 0 });
    expect(await runs([], 9)).toEqual({ count: 3, lost: 1 });
  });
});
