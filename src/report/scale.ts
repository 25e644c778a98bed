// Scales and readable ticks for the axes of the chart.
import { ukClock, ukTime } from '../core/uk-time.ts';

export interface Scale {
  readonly min: number;
  readonly max: number;
  /** Data to picture units, clamped to the panel. */
  readonly at: (value: number) => number;
}

export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** `max` must be above `min`; picture units run from `from` to `to`, in either direction. */
export function linearScale(min: number, max: number, from: number, to: number): Scale {
  const at = (value: number) => {
    const share = Math.min(1, Math.max(0, (value - min) / (max - min)));
    return Math.round((from + share * (to - from)) * 10) / 10;
  };
  return { min, max, at };
}

/** The smallest of 1, 2, 2.5, 5 times a power of ten that is at least `rough`. */
function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 2.5, 5].find((factor) => factor * power >= rough) ?? 10);
}

/** About `count` ticks from 0 up; the last is at or above `highest`, so that it can end the axis. Percent. */
export function percentTicks(highest: number, count: number): readonly Tick[] {
  const step = niceStep(Math.max(highest, 1e-6) / count);
  const ticks = Math.max(1, Math.ceil(highest / step - 1e-9));
  return Array.from({ length: ticks + 1 }, (_, index) => {
    const at = Number((index * step).toPrecision(6));
    return { at, label: `${at} %` };
  });
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const TIME_STEPS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720].map((minutes) => minutes * MINUTE_MS);

/** At most `count` ticks on round times in between, as UK clock time, or as days where the span is long. */
export function timeTicks(fromMs: number, toMs: number, count: number): readonly Tick[] {
  const rough = (toMs - fromMs) / count;
  const step =
    TIME_STEPS_MS.find((candidate) => candidate >= rough) ?? DAY_MS * Math.ceil(niceStep(rough / DAY_MS));
  const first = Math.ceil(fromMs / step) * step;
  const ticks: Tick[] = [];
  for (let at = first; at <= toMs; at += step) ticks.push({ at, label: timeLabel(at, step) });
  return ticks;
}

function timeLabel(atMs: number, stepMs: number): string {
  return stepMs >= DAY_MS ? ukTime(atMs).slice(0, 5) : ukClock(atMs).slice(0, 5);
}
