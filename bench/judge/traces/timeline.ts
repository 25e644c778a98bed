// The periods of a rollout and of the hour before it, and when harm acts in them.
import { PRESETS } from '../../../src/core/presets.ts';
import type { Stage } from '../../../src/core/service-spec.ts';
import type { When } from './scenario.ts';

export interface Slot {
  /** Start, seconds since the start of the rollout; negative before it. */
  readonly t: number;
  /** Index of the stage; -1 before the rollout. */
  readonly step: number;
  /** Canary share; 0 before the rollout. */
  readonly weight: number;
  /** Seconds since the weight was last raised. */
  readonly sinceRaiseSec: number;
}

const HISTORY_SECONDS = 3600;

/** @throws Error when there is no such preset */
export function stagesOf(plan: string): readonly Stage[] {
  const stages = PRESETS[plan];
  if (stages === undefined) throw new Error(`no preset is called «${plan}»`);
  return stages;
}

export function historySlots(periodSec: number): readonly Slot[] {
  const periods = Math.floor(HISTORY_SECONDS / periodSec);
  return Array.from({ length: periods }, (_, i) => ({
    t: (i - periods) * periodSec,
    step: -1,
    weight: 0,
    sinceRaiseSec: 0,
  }));
}

/** A stage lasts at least one period. */
export function rolloutSlots(plan: string, periodSec: number): readonly Slot[] {
  const slots: Slot[] = [];
  for (const [step, { weightPercent, bakeSeconds }] of stagesOf(plan).entries()) {
    const periods = Math.max(1, Math.round(bakeSeconds / periodSec));
    for (let i = 0; i < periods; i += 1) {
      const t = slots.length * periodSec;
      slots.push({ t, step, weight: weightPercent / 100, sinceRaiseSec: i * periodSec });
    }
  }
  return slots;
}

/**
 * How much of its full size harm has in a period, 0 to 1.
 * @param fromMinute the drawn beginning
 */
export function activity(when: When, fromMinute: number, slot: Slot, periodSec: number): number {
  const minute = slot.t / 60;
  if (slot.weight === 0 || minute < fromMinute) return 0;
  if (slot.weight * 100 < (when.fromWeightPercent ?? 0)) return 0;
  if (when.everyMinutes !== undefined && Math.floor(minute) % when.everyMinutes !== 0) return 0;
  if (when.rampMinutes === undefined) return 1;
  return Math.min(1, (minute - fromMinute + periodSec / 60) / when.rampMinutes);
}
