// Scales and readable ticks for the axes of the charts.
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

/** Of an axis that has nothing to show. */
const USUAL_HEIGHT = 1;
/** What an axis covers at the least; and as a share of its values, since ticks have no more digits. */
const LEAST_HEIGHT = 1e-6;

/**
 * About `count` ticks on round numbers, from at or below `low` to at or above `high`, so that they can end the axis.
 * Values that are all far from 0 get an axis of their own range: two thirds of an empty panel would hide the difference.
 */
export function valueTicks(low: number, high: number, unit: string, count: number): readonly Tick[] {
  const start = low >= 0 && low < high * FAR_FROM_ZERO ? 0 : low;
  const least = LEAST_HEIGHT * Math.max(1, Math.abs(low), Math.abs(high));
  const height = high > start ? Math.max(high - start, least) : Math.abs(high) || USUAL_HEIGHT;
  const step = niceStep(height / count);
  const first = Math.floor(start / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil((start + height) / step - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const at = Number(((first + index) * step).toPrecision(9));
    return { at, label: unit === '' ? `${at}` : `${at} ${unit}` };
  });
}

const FAR_FROM_ZERO = 0.6;

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
