// The real clock and real waiting, also while a simulation has replaced this process's timers.
import { setTimeout as sleep } from 'node:timers/promises';
import type { RealTime } from './waker.ts';

export const REAL_TIME: RealTime = {
  sleep: async (ms, wake) => {
    try {
      await sleep(ms, undefined, wake === undefined ? {} : { signal: wake });
    } catch (error) {
      if (!wake?.aborted) throw error;
    }
  },
  now: () => performance.timeOrigin + performance.now(),
};
