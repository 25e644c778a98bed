// The stages that a recorded rollout really went through. Weights are facts of a recording: no what-if can change them.
import type { ServiceSpec, Stage } from '../core/service-spec.ts';
import type { Recording, Shift } from './recording.ts';

export interface RecordedCourse {
  /** What was recorded, then what the plan still had ahead. */
  readonly stages: readonly Stage[];
  /** Begins of the recorded stages. */
  readonly shifts: readonly Shift[];
  /** Nothing is known after this. */
  readonly endMs: number;
  /** Why: the data end, all traffic went to the canary, or traffic was taken from it. */
  readonly end: 'data' | 'promoted' | 'taken-back';
}

export function recordedCourse(
  { firstShift, shifts, periods, periodSeconds }: Recording,
  plan: ServiceSpec['stages'],
  latenessSeconds: number,
): RecordedCourse {
  const { rising, stop } = risingShifts(shifts.slice(shifts.indexOf(firstShift)), plan);
  const lastPeriodMs = periods.at(-1)?.startMs ?? firstShift.atMs;
  const dataEndMs = lastPeriodMs + (periodSeconds + latenessSeconds) * 1000;
  const isStopped = stop !== null && stop.shift.atMs < dataEndMs;
  const endMs = isStopped ? stop.shift.atMs : dataEndMs;
  const reached = rising.filter(({ atMs }) => atMs < endMs);
  const last = reached.at(-1)?.weightPercent ?? 0;
  const ahead = isStopped && stop.end === 'promoted' ? [] : plan.filter((s) => s.weightPercent > last);
  return {
    stages: [
      ...reached.map((shift, i) => {
        const cutMs = reached[i + 1]?.atMs ?? (isStopped ? endMs : null);
        return stageOf(shift, cutMs, endMs, plan);
      }),
      ...ahead,
    ],
    shifts: reached,
    endMs,
    end: isStopped ? stop.end : 'data',
  };
}

interface Stop {
  readonly shift: Shift;
  readonly end: 'promoted' | 'taken-back';
}

/** All traffic on the canary is the promotion, unless the plan has a stage of 100 %. */
function risingShifts(
  shifts: readonly Shift[],
  plan: readonly Stage[],
): { readonly rising: readonly Shift[]; readonly stop: Stop | null } {
  const rising: Shift[] = [];
  const hasFullStage = plan.some(({ weightPercent }) => weightPercent === 100);
  for (const shift of shifts) {
    const before = rising.at(-1)?.weightPercent ?? 0;
    if (shift.weightPercent === before) continue;
    if (shift.weightPercent < before) return { rising, stop: { shift, end: 'taken-back' } };
    if (shift.weightPercent === 100 && !hasFullStage && rising.length > 0) {
      return { rising, stop: { shift, end: 'promoted' } };
    }
    rising.push(shift);
  }
  return { rising, stop: null };
}

/**
 * Baked as planned, but no longer than it was recorded; where the plan has no such weight, as long as it was recorded.
 * @param cutMs when the recorded rollout left the stage; null: the data end in it
 */
function stageOf(
  { weightPercent, atMs }: Shift,
  cutMs: number | null,
  endMs: number,
  plan: readonly Stage[],
): Stage {
  const recordedSeconds = Math.max(1, Math.round(((cutMs ?? endMs) - atMs) / 1000));
  const planned = plan.find((stage) => stage.weightPercent === weightPercent)?.bakeSeconds;
  if (planned === undefined) return { weightPercent, bakeSeconds: recordedSeconds };
  return { weightPercent, bakeSeconds: cutMs === null ? planned : Math.min(planned, recordedSeconds) };
}
