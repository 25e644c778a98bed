// Virtual time for one simulation: the process's timers and Date stand still until everything that can happen now has
// happened, then jump to the next thing that is due. Weeks pass in milliseconds.
import FakeTimers from '@sinonjs/fake-timers';
import { seededRandom } from './random.ts';

export interface VirtualTime {
  /** Epoch milliseconds. */
  now(): number;
  /** Runs once at an instant; an instant in the past is now. */
  at(atMs: number, run: () => void): void;
  /** Runs again and again, for the first time at `firstMs`. */
  every(firstMs: number, everyMs: number, run: () => void): void;
  sleep(ms: number): Promise<void>;
}

export interface VirtualTimeOptions {
  readonly startMs: number;
  readonly seed: number;
  /** Told the virtual time about once in a real second. */
  readonly onProgress?: ((nowMs: number) => void) | undefined;
  readonly frames?: Frames | undefined;
}

/** Shows virtual time to somebody. It changes nothing in it: while a frame is shown, nothing happens. */
interface Frames {
  /** Virtual milliseconds. */
  readonly everyMs: number;
  /** Called between two virtual instants, and waited for in real time. What it throws ends the simulation. */
  readonly show: (nowMs: number) => Promise<void>;
}

/**
 * Runs `body` in virtual time. Until it settles this process's setTimeout, setInterval, Date and Math.random are
 * replaced (Math.random is the workflow engine's retry jitter) and stack traces are short, so only one simulation can run at a time in a process.
 * @throws Error when `body` waits although nothing is due any more
 */
export async function inVirtualTime<T>(
  { startMs, seed, onProgress, frames }: VirtualTimeOptions,
  body: (time: VirtualTime) => Promise<T>,
): Promise<T> {
  const clock = FakeTimers.install({
    now: startMs,
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'],
  });
  const { random } = Math;
  const { stackTraceLimit } = Error;
  Math.random = seededRandom(seed);
  // the engine's path library throws to return; whole traces for that cost a fifth of a simulation
  Error.stackTraceLimit = 1;
  try {
    return await drive(clock, body(timeOf(clock)), onProgress ?? (() => {}), frames);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    Math.random = random;
    clock.uninstall();
  }
}

async function drive<T>(
  clock: FakeTimers.Clock,
  result: Promise<T>,
  onProgress: (nowMs: number) => void,
  frames: Frames | undefined,
): Promise<T> {
  let isSettled = false;
  const settle = (): void => {
    isSettled = true;
  };
  result.then(settle, settle);
  let toldAtMs = performance.now();
  const showFrame = frames === undefined ? null : frameTimer(clock, frames);
  const ownTimers = showFrame === null ? 0 : 1;
  for (;;) {
    await allThatCanHappenNow();
    if (isSettled) return result;
    await showFrame?.();
    if (clock.countTimers() === ownTimers)
      throw new Error('the simulation waits, and nothing is due any more');
    clock.next();
    if (performance.now() - toldAtMs > 1000) {
      toldAtMs = performance.now();
      onProgress(clock.now);
    }
  }
}

/** One timer that is always set makes time stop at the instants of the frames too. Answers what shows a frame that is due. */
function frameTimer(clock: FakeTimers.Clock, { everyMs, show }: Frames): () => Promise<void> {
  let isDue = false;
  const setNext = (): void => {
    clock.setTimeout(() => {
      isDue = true;
      setNext();
    }, everyMs);
  };
  setNext();
  return async () => {
    if (!isDue) return;
    isDue = false;
    await show(clock.now);
  };
}

/** Every promise of a simulation settles within microtasks; setImmediate is real and comes after all of them. */
function allThatCanHappenNow(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function timeOf(clock: FakeTimers.Clock): VirtualTime {
  return {
    now: () => clock.now,
    at: (atMs, run) => {
      clock.setTimeout(run, Math.max(0, atMs - clock.now));
    },
    every: (firstMs, everyMs, run) => {
      const again = (): void => {
        run();
        clock.setTimeout(again, everyMs);
      };
      clock.setTimeout(again, Math.max(0, firstMs - clock.now));
    },
    sleep: (ms) =>
      new Promise((resolve) => {
        clock.setTimeout(() => resolve(), ms);
      }),
  };
}
