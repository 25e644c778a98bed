// Makes the report of one rollout from what the store knows of it. A total function: partial records make a partial
// report, never an exception, because a report is wanted most when something went wrong.
import type { EventName, RolloutEvent } from './events.ts';
import type { GateResult } from './gates.ts';
import type { AlarmReading, Counts, Period } from './judge/types.ts';
import { newestReadings } from './newest-readings.ts';
import type { ReportPoint, RolloutReport } from './report.ts';
import { alarmStretchesOf, checkCoursesOf, courseOf } from './report-course.ts';
import { turnOf } from './report-timeline.ts';
import { entriesOf, finalWeightOf, leftStagesMs, peakWeightOf, strangersOf } from './report-writes.ts';
import type { Outcome } from './rollout.ts';
import type { ServiceSpec, Stage } from './service-spec.ts';
import { targetLabel } from './targets/index.ts';
import { timelineOf } from './timeline.ts';
import { isoTime } from './uk-time.ts';
import { plainReason, type Reason, type Verdict } from './verdict.ts';

/** The store's row, as far as a report needs it. */
export interface ReportRow {
  readonly rolloutId: string;
  readonly service: string;
  readonly version: string;
  readonly specDigest: string;
  readonly targetId: string;
  readonly startedAtMs: number;
  readonly rollout: {
    readonly stable: { readonly version: string };
    readonly spec: Pick<ServiceSpec, 'stages' | 'target'>;
  } | null;
  readonly gates: readonly GateResult[] | null;
  readonly outcome: Outcome | null;
  readonly reason: Reason | null;
  readonly endedAtMs: number | null;
}

/** What one tick saw, as far as a report needs it. */
export interface ReportObservation {
  readonly atMs: number;
  readonly stageIndex: number;
  readonly alarms: readonly AlarmReading[];
  readonly periods: readonly Period[];
  /** Seen as well, and not judged yet since they may still fill; left out where there are none. */
  readonly open?: readonly Period[];
  readonly verdict: Verdict;
}

/** One traffic write, as far as a report needs it. */
export interface ReportWrite {
  readonly kind: 'intent' | 'outcome';
  readonly atMs: number;
  readonly seq: number;
  readonly action: 'prepare' | 'shift' | 'restore' | 'promote';
  readonly weightPercent: number;
  readonly live: { readonly canaryPercent: number } | null;
  readonly strangers?: readonly string[];
}

export interface ReportInput {
  readonly row: ReportRow;
  readonly events: readonly RolloutEvent[];
  readonly observations: readonly ReportObservation[];
  readonly writes: readonly ReportWrite[];
  /** The planned stages of a rollout that never got a document. */
  readonly stages?: readonly Stage[];
  /** The truth, where somebody knows it (the simulator); without it, what the metrics showed. */
  readonly exposure?: RolloutReport['exposure'];
  /** The outcome, where the row cannot carry it (ROLLBACK_INCOMPLETE is no phase of a row). */
  readonly outcome?: Outcome | null;
  readonly finalWeightPercent?: number;
}

/** Signs of trouble, any of which is a detection. */
const DETECTIONS: readonly EventName[] = ['canary-failed', 'interrupt-latched', 'budget-exhausted'];
const NO_EXPOSURE: RolloutReport['exposure'] = { canaryRequests: 0, badRequests: 0 };
const SAFE_AGAIN: readonly EventName[] = ['rollout-rolled-back', 'rollout-aborted'];

export function buildReport(input: ReportInput): RolloutReport {
  const { row } = input;
  const outcome = input.outcome === undefined ? row.outcome : input.outcome;
  const events = input.events.toSorted((a, b) => a.atMs - b.atMs);
  const observations = input.observations.toSorted((a, b) => a.atMs - b.atMs);
  const judged = newestReadings(observations.map(({ periods }) => periods));
  // the newest minutes are the worst ones of a rollout that turned bad, judged or not
  const seen = newestReadings(observations.map(({ periods, open = [] }) => [...periods, ...open]));
  const series = seriesOf(seen);
  const reason = row.reason ?? reasonSoFar(observations, events);
  const stages = row.rollout?.spec.stages ?? input.stages ?? [];
  const wentBack = outcome !== 'PROMOTED' && outcome !== 'REJECTED';
  const finalWeightPercent = input.finalWeightPercent ?? finalWeightOf(outcome, input.writes);
  const strangers = strangersOf(outcome, input.writes);
  const timeline = timelineOf(events);
  return {
    rolloutId: row.rolloutId,
    service: row.service,
    target: row.rollout === null ? row.targetId : targetLabel(row.rollout.spec.target),
    stableVersion: row.rollout?.stable.version ?? null,
    canaryVersion: row.version,
    specDigest: row.specDigest,
    outcome,
    ...(strangers.length === 0 ? {} : { strangers }),
    finalWeightPercent,
    peakWeightPercent: Math.max(finalWeightPercent, peakWeightOf(input.writes, series)),
    startedAt: isoTime(row.startedAtMs),
    endedAt: row.endedAtMs === null ? null : isoTime(row.endedAtMs),
    detectedAt: wentBack ? detectionOf(timeline) : null,
    safeAt: wentBack ? firstTimeOf(events, SAFE_AGAIN) : null,
    exposure: outcome === 'REJECTED' ? NO_EXPOSURE : (input.exposure ?? exposureOf(seen)),
    reason,
    stages,
    gates: row.gates ?? [],
    checks: decidingVerdict(observations)?.checks ?? [],
    series,
    course: courseOf(stages, entriesOf(input.writes), observations, judged, leftStagesMs(input.writes)),
    checkCourses: checkCoursesOf(observations, reason.check),
    alarmStretches: alarmStretchesOf(observations),
    timeline,
  };
}

function seriesOf(periods: readonly Period[]): readonly ReportPoint[] {
  return periods.map((period) => ({
    at: isoTime(period.startMs),
    weightPercent: period.weightPercent,
    stableRequests: period.stable?.requests ?? null,
    canaryRequests: period.canary?.requests ?? null,
    stableErrorPercent: errorPercent(period.stable),
    canaryErrorPercent: errorPercent(period.canary),
  }));
}

function errorPercent(counts: Counts | null): number | null {
  if (counts === null || !(counts.requests > 0)) return null;
  return Math.min(100, (100 * counts.errors) / counts.requests);
}

function exposureOf(periods: readonly Period[]): RolloutReport['exposure'] {
  const canary = periods.map((period) => period.canary).filter((counts) => counts !== null);
  return {
    canaryRequests: canary.reduce((sum, counts) => sum + counts.requests, 0),
    badRequests: canary.reduce((sum, counts) => sum + counts.errors, 0),
  };
}

/** Trouble before the way back; else what decided for it, where that was not an answer that never came. */
function detectionOf(timeline: RolloutReport['timeline']): string | null {
  const begin = timeline.findIndex(({ event }) => event === 'rollback-started');
  const before = begin === -1 ? timeline : timeline.slice(0, begin);
  const found = before.find(({ event }) => DETECTIONS.includes(event));
  if (found !== undefined) return found.at;
  const turn = turnOf(timeline);
  return turn === null || turn.kind === 'unanswered' ? null : turn.decided.at;
}

function firstTimeOf(events: readonly RolloutEvent[], names: readonly EventName[]): string | null {
  const first = events.find((event) => names.includes(event.event));
  return first === undefined ? null : isoTime(first.atMs);
}

/** The verdict that ended it, or the newest one. */
function decidingVerdict(observations: readonly ReportObservation[]): Verdict | undefined {
  const rollback = observations.find((observation) => observation.verdict.kind === 'rollback');
  return (rollback ?? observations.at(-1))?.verdict;
}

function reasonSoFar(observations: readonly ReportObservation[], events: readonly RolloutEvent[]): Reason {
  const reason = decidingVerdict(observations)?.reason;
  return reason ?? plainReason(events.at(-1)?.sentence ?? 'Nothing is known of this rollout yet.');
}
