// The periods of a rollout as they were known best, from what its looks saw.
import type { Period } from './judge/types.ts';

/**
 * Each period once, oldest first. Minutes fill late, so the newest reading of each counts.
 * @param looks what each look saw, the oldest look first
 */
export function newestReadings(looks: readonly (readonly Period[])[]): readonly Period[] {
  const byStart = new Map<number, Period>();
  for (const periods of looks) {
    for (const period of periods) byStart.set(period.startMs, period);
  }
  return [...byStart.values()].toSorted((a, b) => a.startMs - b.startMs);
}
