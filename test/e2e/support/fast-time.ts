// The time of the suite: a minute of AWS's metrics passes in seconds. Emulators, functions and tests share one clock.
import { fileURLToPath } from 'node:url';

/**
 * Seconds of the suite's time in one real second. More than 20 and the sweeper, which the emulator calls every 10 real
 * seconds at the most, would be missed by the engine (300 s). 1 is real time: about 20 minutes.
 */
const DEFAULT_SPEED = 20;

/** Length of the engine's tick: the emulator waits in real time. */
export const TICK_SECONDS = 2;

export interface FastTime {
  readonly anchorMs: number;
  readonly speed: number;
}

export function startFastTime(): FastTime {
  return { anchorMs: Date.now(), speed: Number(process.env['STEPSHIFT_E2E_SPEED'] ?? DEFAULT_SPEED) };
}

/** Epoch milliseconds of the suite's time. */
export function fastNow({ anchorMs, speed }: FastTime): number {
  return Math.floor(anchorMs + (Date.now() - anchorMs) * speed);
}

/** What a Node or Python process needs in its environment to live in that time. */
export function fastEnvironment({ anchorMs, speed }: FastTime): Record<string, string> {
  return {
    STEPSHIFT_E2E_ANCHOR_MS: String(anchorMs),
    STEPSHIFT_E2E_SPEED: String(speed),
    NODE_OPTIONS: `--import=${new URL('clock/preload.mjs', import.meta.url).href}`,
    PYTHONPATH: fileURLToPath(new URL('clock', import.meta.url)),
  };
}
