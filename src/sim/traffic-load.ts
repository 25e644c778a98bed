// How many requests a minute arrive at an instant: constant, over the day, or along a recorded series.

/** Requests per minute expected at an instant (epoch milliseconds). */
export type Load = (atMs: number) => number;

/** One sample of a recorded series; `atMs` rises strictly along a series. */
export interface LoadSample {
  readonly atMs: number;
  readonly value: number;
}

const DAY_MS = 86_400_000;

export function constantLoad(requestsPerMinute: number): Load {
  return () => requestsPerMinute;
}

/** A cosine over the UTC day. `swingRatio` 0.6: from 40 % to 160 % of the mean. */
export function diurnalLoad(day: {
  readonly meanPerMinute: number;
  readonly peakHour: number;
  readonly swingRatio: number;
}): Load {
  return (atMs) => {
    const hoursFromPeak = (atMs % DAY_MS) / 3_600_000 - day.peakHour;
    return day.meanPerMinute * (1 + day.swingRatio * Math.cos((2 * Math.PI * hoursFromPeak) / 24));
  };
}

/**
 * A recorded series: linear between samples, scaled so that its mean is `meanPerMinute`, its beginning plus `offsetMs`
 * laid on `startMs`. It starts again at its end.
 */
export function seriesLoad(series: {
  readonly samples: readonly LoadSample[];
  readonly meanPerMinute: number;
  readonly offsetMs: number;
  readonly startMs: number;
}): Load {
  const { samples } = series;
  const first = samples[0]?.atMs ?? 0;
  const lengthMs = (samples.at(-1)?.atMs ?? 0) - first;
  const mean = samples.reduce((sum, sample) => sum + sample.value, 0) / samples.length;
  const scale = series.meanPerMinute / mean;
  return (atMs) => {
    const elapsed = (((atMs - series.startMs + series.offsetMs) % lengthMs) + lengthMs) % lengthMs;
    return scale * interpolate(samples, first + elapsed);
  };
}

function interpolate(samples: readonly LoadSample[], atMs: number): number {
  let low = 0;
  let high = samples.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((samples[middle]?.atMs ?? 0) <= atMs) low = middle;
    else high = middle;
  }
  const before = samples[low];
  const after = samples[high];
  if (before === undefined || after === undefined || after.atMs === before.atMs) return before?.value ?? 0;
  const part = (atMs - before.atMs) / (after.atMs - before.atMs);
  return before.value + part * (after.value - before.value);
}
