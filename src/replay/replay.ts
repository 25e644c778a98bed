// Plays a recorded rollout to the judge, tick by tick as the workflow would, and tells what would have happened when.
import type { ReplayOutcome } from '../core/report-document.ts';
import type { ServiceSpec } from '../core/service-spec.ts';
import { type CheckReading, plainReason, type Reason } from '../core/verdict.ts';
import { SLOW_BAKE_TICKS } from '../core/workflow.ts';
import { judgedRecording } from './recorded-counts.ts';
import { type RecordedCourse, recordedCourse } from './recorded-course.ts';
import type { Recording } from './recording.ts';
import {
  beginWalk,
  type Ending,
  enterStage,
  type RecordingWalk,
  type ReplayEntry,
  tick,
} from './replay-walk.ts';

export interface Replay {
  readonly outcome: ReplayOutcome;
  /** When the canary got its first traffic. */
  readonly fromMs: number;
  /** When it was decided; without a decision, when the recording ended. */
  readonly endedAtMs: number;
  /** Canary share at the end, percent. */
  readonly weightPercent: number;
  readonly exposure: { readonly canaryRequests: number; readonly badRequests: number };
  readonly reason: Reason;
  /** Side by side at the end. */
  readonly checks: readonly CheckReading[];
  readonly timeline: readonly ReplayEntry[];
}

export interface ReplayOptions {
  /** How long after its end a period can be seen. */
  readonly latenessSeconds: number;
}

const TICK_MS = 60_000;

export function replay(recording: Recording, spec: ServiceSpec, options: ReplayOptions): Replay {
  const course = recordedCourse(recording, spec.stages, options.latenessSeconds);
  const replayed: ServiceSpec = { ...spec, stages: [...course.stages] };
  const walk = beginWalk(recording, replayed, judgedRecording(recording, replayed), options.latenessSeconds);
  const ending = walkThrough(walk, course, recording.periods[0]?.startMs ?? recording.firstShift.atMs);
  const { verdict, stage } = walk.rollout;
  const endedAtMs = ending?.atMs ?? course.endMs;
  return {
    outcome: ending?.outcome ?? openOutcome(course.end, verdict?.kind === 'pass'),
    fromMs: recording.firstShift.atMs,
    endedAtMs,
    weightPercent: stage.weightPercent,
    exposure: exposureUntil(recording.periods, endedAtMs),
    reason:
      ending?.reason ?? verdict?.reason ?? plainReason('The recording ended before anything was judged.'),
    checks: verdict?.checks ?? [],
    timeline: walk.timeline,
  };
}

/** @param firstMs start of the first period; ticks lie whole minutes after it, and one is at the end of the data */
function walkThrough(
  walk: RecordingWalk,
  { shifts, endMs, end }: RecordedCourse,
  firstMs: number,
): Ending | null {
  const ahead = [...shifts];
  let tickMs = firstMs + TICK_MS;
  for (;;) {
    const nowMs = end === 'data' ? Math.min(tickMs, endMs) : tickMs;
    const [shift] = ahead;
    if (shift !== undefined && shift.atMs < nowMs) {
      ahead.shift();
      enterStage(walk, shift);
      // the wait after a shift is always a fast one
      tickMs = Math.min(tickMs, tickAfter(shift.atMs, firstMs));
      continue;
    }
    if (nowMs > endMs) return null;
    const ending = tick(walk, nowMs);
    if (ending !== null || nowMs === endMs) return ending;
    tickMs += TICK_MS * (walk.rollout.next === 'bake-slowly' ? SLOW_BAKE_TICKS : 1);
  }
}

function tickAfter(atMs: number, firstMs: number): number {
  return Math.max(1, Math.floor((atMs - firstMs) / TICK_MS) + 1) * TICK_MS + firstMs;
}

export function openOutcome(end: RecordedCourse['end'], isPassing: boolean): ReplayOutcome {
  if (!isPassing) return 'INCONCLUSIVE';
  return end === 'promoted' ? 'PROMOTED' : 'PASSED';
}

interface CountedPeriod {
  readonly startMs: number;
  readonly canary: { readonly requests: number; readonly errors: number } | null;
  /** null or left out: its failed ones are taken. */
  readonly bad?: number | null;
}

/** Requests of every period that had begun. */
export function exposureUntil(periods: readonly CountedPeriod[], untilMs: number): Replay['exposure'] {
  const begun = periods.filter(({ startMs }) => startMs < untilMs);
  return {
    canaryRequests: begun.reduce((sum, { canary }) => sum + (canary?.requests ?? 0), 0),
    badRequests: begun.reduce((sum, { bad, canary }) => sum + (bad ?? canary?.errors ?? 0), 0),
  };
}
