// The clock on the wall, for Lambda; the simulator has its own.
import type { Clock } from '../ports.ts';

export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    sleep: (ms) =>
      new Promise((resolve) => {
        setTimeout(resolve, ms);
      }),
  };
}
