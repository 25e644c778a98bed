// When the value of a minute arrives in CloudWatch: a fold over polls.
import type { Point } from '../ports.ts';

/** How often one minute of one series was seen to change. */
interface Seen {
  readonly value: number;
  /** First poll with any value, epoch milliseconds. */
  readonly firstAtMs: number;
  /** First poll with the newest value. */
  readonly wholeAtMs: number;
}

/** By start of the minute, epoch milliseconds. */
export type Arrivals = ReadonlyMap<number, Seen>;

export interface Arrival {
  readonly minuteAtMs: number;
  /** From the end of the minute, seconds; a poll tells it a little late, never early. */
  readonly firstSeconds: number;
  /** Until the value grew no more. */
  readonly wholeSeconds: number;
}

const MINUTE_MS = 60_000;

export function withPoll(arrivals: Arrivals, atMs: number, points: readonly Point[]): Arrivals {
  const next = new Map(arrivals);
  for (const { atMs: minuteAtMs, value } of points) {
    const seen = next.get(minuteAtMs);
    if (seen === undefined) next.set(minuteAtMs, { value, firstAtMs: atMs, wholeAtMs: atMs });
    else if (seen.value !== value) next.set(minuteAtMs, { ...seen, value, wholeAtMs: atMs });
  }
  return next;
}

/** Minutes within these bounds, which were watched long enough to know their end; oldest first. */
export function arrivalsWithin(arrivals: Arrivals, fromMs: number, toMs: number): readonly Arrival[] {
  return [...arrivals]
    .filter(([minuteAtMs]) => minuteAtMs >= fromMs && minuteAtMs + MINUTE_MS <= toMs)
    .toSorted(([a], [b]) => a - b)
    .map(([minuteAtMs, { firstAtMs, wholeAtMs }]) => ({
      minuteAtMs,
      firstSeconds: Math.max(0, (firstAtMs - minuteAtMs - MINUTE_MS) / 1000),
      wholeSeconds: Math.max(0, (wholeAtMs - minuteAtMs - MINUTE_MS) / 1000),
    }));
}
