// The first rollout document: everything that is known once the gates are open and before anything is prepared.
import { EVENTS_PER_START } from './budget.ts';
import { initialJudgeState } from './judge/judge.ts';
import type { LatencyBaseline } from './judge/measures.ts';
import { judgePolicy } from './judge/policy.ts';
import type { Period } from './judge/types.ts';
import { planRollout } from './plan.ts';
import type { AcceptedAlarm, Rollout } from './rollout.ts';
import type { ServiceRecord } from './service-spec.ts';
import type { Participants } from './targets/target.ts';

/** Lambda and ALB report per minute. */
export const PERIOD_SECONDS = 60;
/** CloudWatch needs about two minutes to show what happened: an assumption until it is measured. */
export const SETTLE_SECONDS = 120;
/** An open window longer than this would not fit one tick. */
const MAX_OPEN_PERIODS = 17;

export interface Start {
  readonly rolloutId: string;
  readonly executionArn: string;
  readonly startedAtMs: number;
  readonly version: string;
  readonly record: ServiceRecord;
  /** By a person, to release the fix for what they tell of. */
  readonly acceptedAlarms: readonly AcceptedAlarm[];
}

/** Stable as it was before the rollout. */
export interface History {
  /** Up to an hour of periods, oldest first. */
  readonly periods: readonly Period[];
  /** Its longest request, seconds; null where unknown. */
  readonly longestSeconds: number | null;
  /** Its usual latency; null where unknown, or not asked for. */
  readonly latency: LatencyBaseline | null;
}

export function draftRollout(start: Start, epoch: number, who: Participants, history: History): Rollout {
  const { spec, specDigest, targetRoleArn } = start.record;
  return {
    schemaVersion: 1,
    rolloutId: start.rolloutId,
    executionArn: start.executionArn,
    startedAtMs: start.startedAtMs,
    deadlineAtMs: deadlineAtMs(start),
    spec,
    specDigest,
    targetRoleArn,
    stable: who.stable,
    canary: who.canary,
    handle: {},
    epoch,
    writes: 0,
    stage: {
      index: -1,
      enteredAtMs: null,
      weightPercent: 0,
      heldSinceMs: null,
      askedAtMs: null,
      approvedBeforeMs: null,
    },
    shifts: [],
    window: windowFor(who, history),
    judge: initialJudgeState(
      judgePolicy(spec, history.latency),
      { history: history.periods, latency: history.latency },
      floorToPeriod(start.startedAtMs),
    ),
    acceptedAlarms: [...start.acceptedAlarms],
    historyEvents: EVENTS_PER_START,
    next: 'shift-traffic',
    verdict: null,
    outcome: null,
    reason: null,
  };
}

/** A period may change for as long as its longest request lives, and then until CloudWatch shows it. */
function windowFor({ maxRequestSeconds }: Participants, { longestSeconds }: History): Rollout['window'] {
  const settledAfter = (requestSeconds: number): number =>
    Math.min(MAX_OPEN_PERIODS * PERIOD_SECONDS, SETTLE_SECONDS + Math.ceil(requestSeconds));
  return {
    periodSeconds: PERIOD_SECONDS,
    commitAfterSeconds: settledAfter(maxRequestSeconds),
    passAfterSeconds: settledAfter(longestSeconds ?? maxRequestSeconds),
  };
}

/** When even the slowest way through the plan is over. */
export function deadlineAtMs({ startedAtMs, record }: Pick<Start, 'startedAtMs' | 'record'>): number {
  return startedAtMs + planRollout(record.spec).deadlineSeconds * 1000;
}

/** Start of the period that the instant falls in. */
export function floorToPeriod(atMs: number): number {
  return Math.floor(atMs / (PERIOD_SECONDS * 1000)) * PERIOD_SECONDS * 1000;
}
