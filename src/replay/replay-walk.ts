// One replay in progress: the rollout document as the steps would keep it, and the story so far.
import { afterShift } from '../core/after-shift.ts';
import { draftRollout } from '../core/draft-rollout.ts';
import type { EventName } from '../core/events.ts';
import { initialJudgeState } from '../core/judge/judge.ts';
import { judgePolicy } from '../core/judge/policy.ts';
import type { Period } from '../core/judge/types.ts';
import { type Look, takeLook } from '../core/look.ts';
import type { Rollout } from '../core/rollout.ts';
import type { ServiceSpec } from '../core/service-spec.ts';
import { NO_SIGNALS } from '../core/signals.ts';
import { formatPercent } from '../core/units.ts';
import type { Reason, Verdict } from '../core/verdict.ts';
import type { JudgedRecording } from './recorded-counts.ts';
import type { Recording, Shift } from './recording.ts';

/** `raised-unproven`: the recorded rollout went on where ours would have waited. */
export type ReplayEvent = Verdict['kind'] | EventName | 'raised-unproven';

export interface ReplayEntry {
  readonly atMs: number;
  readonly event: ReplayEvent;
  readonly weightPercent: number;
  readonly sentence: string;
}

export interface Ending {
  readonly outcome: 'PROMOTED' | 'ROLLED_BACK';
  readonly atMs: number;
  readonly reason: Reason;
}

export interface Walk {
  readonly timeline: ReplayEntry[];
  rollout: Rollout;
  /** The present stage has passed and waits for the recorded shift: only harm counts until then. */
  hasPassed: boolean;
}

/** Looks are made up from periods, one a tick; who walks through a record has the looks themselves. */
export interface RecordingWalk extends Walk {
  readonly periods: readonly Period[];
  readonly latenessMs: number;
}

const TOLD_WHILE_WAITING: readonly EventName[] = ['check-alerted'];
/** Of what the decision says, the rest is told by the change of the verdict. */
const TOLD: readonly EventName[] = [
  ...TOLD_WHILE_WAITING,
  'stage-passed',
  'stage-advanced-unproven',
  'decision-needed',
  'canary-failed',
  'budget-exhausted',
];

export function beginWalk(
  recording: Recording,
  spec: ServiceSpec,
  { latency, history, periods }: JudgedRecording,
  latenessSeconds: number,
): RecordingWalk {
  const policy = judgePolicy(spec, latency);
  const startMs = periods[0]?.startMs ?? recording.firstShift.atMs;
  const draft = draftRollout(
    {
      rolloutId: recording.name,
      executionArn: '',
      startedAtMs: recording.startedAtMs,
      version: recording.version,
      record: { spec: withoutApprovals(spec), specDigest: '', targetRoleArn: null },
      acceptedAlarms: [],
    },
    1,
    {
      stable: { version: 'stable', ref: 'stable' },
      canary: { version: recording.version, ref: recording.version },
      maxRequestSeconds: 0,
    },
    { periods: history, latency, longestSeconds: null },
  );
  return {
    periods,
    latenessMs: latenessSeconds * 1000,
    timeline: [],
    rollout: {
      ...draft,
      judge: initialJudgeState(policy, { history, latency }, startMs),
      // what was recorded never changes any more
      window: {
        periodSeconds: recording.periodSeconds,
        commitAfterSeconds: latenessSeconds,
        passAfterSeconds: latenessSeconds,
      },
    },
    hasPassed: false,
  };
}

/** Who approved is not recorded, so a stage that asks for it is left as the others are. */
function withoutApprovals(spec: ServiceSpec): ServiceSpec {
  return { ...spec, stages: spec.stages.map(({ approval: _asked, ...stage }) => stage) };
}

/** The recorded rollout moves to its next weight, whether ours would have or not. */
export function enterStage(walk: Walk, { atMs, weightPercent }: Shift): void {
  const { rollout } = walk;
  if (rollout.stage.index >= 0 && !walk.hasPassed) tellRaise(walk, atMs);
  walk.rollout = afterShift(rollout, { seq: rollout.writes + 1, weightPercent, atMs });
  walk.hasPassed = false;
  tell(walk, atMs, 'traffic-shifted', `Recorded: the canary takes ${formatPercent(weightPercent)}.`);
}

/** Judges what can be seen at this instant. null: the rollout goes on. */
export function tick(walk: RecordingWalk, nowMs: number): Ending | null {
  return look(walk, {
    nowMs,
    window: visiblePeriods(walk, nowMs),
    alarms: [],
    metricsProblem: null,
    unhealthy: null,
    doubts: [],
    signals: NO_SIGNALS,
    leastHistoryEvents: 0,
  });
}

/** Judges what was seen. null: the rollout goes on. */
export function look(walk: Walk, seen: Look): Ending | null {
  const { rollout } = walk;
  const { nowMs } = seen;
  const { judgement, decision } = takeLook(rollout, seen);
  const { state, verdict } = judgement;
  // with the doubts of this look, where there are any
  const told = decision.rollout.verdict ?? verdict;
  tellVerdict(walk, told, nowMs);
  const isWaiting = walk.hasPassed && verdict.kind !== 'rollback';
  for (const { event, sentence } of decision.events) {
    if ((isWaiting ? TOLD_WHILE_WAITING : TOLD).includes(event)) tell(walk, nowMs, event, sentence);
  }
  walk.rollout = isWaiting ? { ...rollout, judge: state, verdict: told } : decision.rollout;
  return isWaiting ? null : endingOf(walk, told, nowMs);
}

function endingOf(walk: Walk, verdict: Verdict, nowMs: number): Ending | null {
  const { next, reason } = walk.rollout;
  switch (next) {
    case 'roll-back':
      return { outcome: 'ROLLED_BACK', atMs: nowMs, reason: reason ?? verdict.reason };
    case 'commit-promotion':
      return { outcome: 'PROMOTED', atMs: nowMs, reason: verdict.reason };
    case 'shift-traffic':
      walk.hasPassed = true;
      walk.rollout = { ...walk.rollout, next: 'bake' };
      return null;
    default:
      return null;
  }
}

/** Everything that is whole, visible and not committed yet. */
function visiblePeriods({ periods, rollout, latenessMs }: RecordingWalk, nowMs: number): readonly Period[] {
  const [first] = periods;
  if (first === undefined) return [];
  const periodMs = first.seconds * 1000;
  const indexAt = (atMs: number): number => Math.max(0, Math.floor((atMs - first.startMs) / periodMs));
  return periods.slice(indexAt(rollout.judge.committedUntilMs), indexAt(nowMs - latenessMs));
}

function tellVerdict(walk: Walk, verdict: Verdict, nowMs: number): void {
  // a rollback is told by the decision that follows
  if (verdict.kind !== 'rollback' && verdict.kind !== walk.rollout.verdict?.kind) {
    tell(walk, nowMs, verdict.kind, verdict.reason.sentence);
  }
}

function tellRaise(walk: Walk, atMs: number): void {
  const { verdict } = walk.rollout;
  const sentence = verdict?.reason.sentence ?? 'Nothing was judged yet.';
  if (verdict?.kind === 'pass') tell(walk, atMs, 'stage-passed', sentence);
  else tell(walk, atMs, 'raised-unproven', `Stepshift would have waited here. ${sentence}`);
}

export function tell(walk: Walk, atMs: number, event: ReplayEvent, sentence: string): void {
  walk.timeline.push({ atMs, event, weightPercent: walk.rollout.stage.weightPercent, sentence });
}
