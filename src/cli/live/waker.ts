// Waiting that a key, a changed size or Ctrl-C cuts short, but not below the time between two frames.

export interface RealTime {
  /** Resolves after that long, or as soon as the signal is aborted. */
  readonly sleep: (ms: number, wake?: AbortSignal) => Promise<void>;
  /** Milliseconds. */
  readonly now: () => number;
}

export interface Waker {
  readonly wake: () => void;
  readonly wait: (ms: number) => Promise<void>;
}

/** At most five frames a second. */
export const FRAME_MS = 200;

export function waker({ sleep }: RealTime): Waker {
  let controller = new AbortController();
  return {
    wake: () => controller.abort(),
    wait: async (ms) => {
      await sleep(Math.min(ms, FRAME_MS));
      if (ms > FRAME_MS && !controller.signal.aborted) await sleep(ms - FRAME_MS, controller.signal);
      controller = new AbortController();
    },
  };
}
