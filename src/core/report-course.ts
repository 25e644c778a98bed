// How a rollout went, stage by stage and check by check, from what its looks saw.
import type { Period } from './judge/types.ts';
import { observedShare } from './observed-share.ts';
import type { AlarmStretch, CheckCourse, CheckPoint, StageCourse } from './report.ts';
import type { ReportObservation } from './report-builder.ts';
import type { Stage } from './service-spec.ts';
import { isoTime } from './uk-time.ts';

/** When a stage was entered: its shift was read back. */
export interface Entry {
  readonly stageIndex: number;
  readonly atMs: number;
}

/**
 * @param entries in their order
 * @param periods each once, oldest first
 * @param endedMs when traffic left the last stage that was reached; null while it is there
 */
export function courseOf(
  stages: readonly Stage[],
  entries: readonly Entry[],
  observations: readonly ReportObservation[],
  periods: readonly Period[],
  endedMs: number | null,
): readonly StageCourse[] {
  return stages.map(({ weightPercent, bakeSeconds, approval = false }, index) => {
    const entered = entries.find(({ stageIndex }) => stageIndex === index);
    const next = entries.find(({ stageIndex }) => stageIndex > index);
    const leftMs = entered === undefined ? null : (next?.atMs ?? endedMs);
    const last = observations.findLast(({ stageIndex }) => stageIndex === index)?.verdict;
    return {
      index,
      weightPercent,
      bakeSeconds,
      approval,
      enteredAt: entered === undefined ? null : isoTime(entered.atMs),
      leftAt: leftMs === null ? null : isoTime(leftMs),
      observed:
        entered === undefined
          ? null
          : observedShare(wholePeriods(periods, weightPercent, entered.atMs, leftMs)),
      verdict: last?.kind ?? null,
      sentence: last?.reason.sentence ?? null,
      checks: last?.checks ?? [],
    };
  });
}

function wholePeriods(
  periods: readonly Period[],
  weightPercent: number,
  fromMs: number,
  toMs: number | null,
): readonly Period[] {
  return periods.filter(
    (period) =>
      period.weightPercent === weightPercent &&
      period.endWeightPercent === undefined &&
      period.startMs >= fromMs &&
      (toMs === null || period.startMs + period.seconds * 1000 <= toMs),
  );
}

/** @param deciding check whose rows come first; null: in the order of the table */
export function checkCoursesOf(
  observations: readonly ReportObservation[],
  deciding: string | null,
): readonly CheckCourse[] {
  const courses = new Map<string, CheckCourse & { readonly points: CheckPoint[] }>();
  for (const { atMs, stageIndex, verdict } of observations) {
    for (const { check, label, unit, better, stable, canary, limit, interval } of verdict.checks) {
      // the label of the alarms tells how many are unknown, so it changes
      const key = check === 'alarms' ? check : `${check} ${label}`;
      const course = courses.get(key) ?? { check, label, unit, better, points: [] };
      courses.set(key, course);
      course.points.push({ at: isoTime(atMs), stageIndex, stable, canary, limit, interval });
    }
  }
  return [...courses.values()].toSorted(
    (a, b) => Number(b.check === deciding) - Number(a.check === deciding),
  );
}

export function alarmStretchesOf(observations: readonly ReportObservation[]): readonly AlarmStretch[] {
  const stretches: AlarmStretch[] = [];
  const open = new Map<string, AlarmStretch>();
  for (const { atMs, alarms } of observations) {
    for (const { name, state } of alarms) {
      const before = open.get(name);
      if (before?.state === state) continue;
      if (before !== undefined) stretches.push({ ...before, to: isoTime(atMs) });
      if (state === 'OK') open.delete(name);
      else open.set(name, { name, state, from: isoTime(atMs), to: null });
    }
  }
  return [...stretches, ...open.values()].toSorted((a, b) => (a.from < b.from ? -1 : 1));
}
