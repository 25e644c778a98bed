// The judge: a fold of periods into a small state, and a verdict on the state and the periods that may still change.
// Pure and deterministic: the same periods give the same verdict, whenever and however often they are read.
import type { Verdict } from '../verdict.ts';
import { alertsOf } from './alerts.ts';
import { evidenceOf } from './combine.ts';
import { conclude } from './conclude.ts';
import { periodCapNats } from './e-process.ts';
import { bandsOf, countBeyond } from './gauges.ts';
import type { LatencyBaseline } from './measures.ts';
import type { JudgePolicy } from './policy.ts';
import { reasonFor } from './reason.ts';
import { dueRequests, hasControl, reports } from './sample.ts';
import { countsWith, freshStage } from './stage.ts';
import { isRaise, massOf, newShareOf } from './start-prior.ts';
import type { JudgeState } from './state.ts';
import { foldStreams, startStreams } from './stream.ts';
import { checkTable } from './table.ts';
import type { Age, AlarmReading, Period, RolloutNames, StageClock } from './types.ts';

/** Fewer canary requests than this may be due in a period without one coming (5 % by chance). */
const CERTAIN_TO_REPORT_REQUESTS = 3;
/** Taken for the length of a period while none has been seen. */
const DEFAULT_PERIOD_SECONDS = 60;

/** What is known of stable before the rollout. */
export interface Before {
  /** Up to an hour of periods, oldest first; only stable's counts are read. */
  readonly history: readonly Period[];
  readonly latency: LatencyBaseline | null;
}

/** @param startMs start of the first period to judge */
export function initialJudgeState(policy: JudgePolicy, before: Before, startMs: number): JudgeState {
  return {
    startMs,
    committedUntilMs: startMs,
    reportedUntilMs: startMs,
    weightPercent: 0,
    raises: 0,
    raisedAtMs: startMs,
    newShare: 1,
    massLeft: 1,
    latency: before.latency,
    streams: startStreams(policy.streams, before.history),
    bands: bandsOf(policy, before.history),
    beyond: {},
    stage: freshStage(startMs),
    total: { errors: [0, 0], timed: 0 },
  };
}

/** Takes in a period that can no longer change. One that was taken in before changes nothing. */
export function foldPeriod(policy: JudgePolicy, state: JudgeState, period: Period): JudgeState {
  return fold(policy, state, period, 'committed');
}

function fold(policy: JudgePolicy, state: JudgeState, period: Period, age: Age): JudgeState {
  if (period.startMs < state.committedUntilMs) return state;
  const endMs = period.startMs + period.seconds * 1000;
  const mass = massOf(policy, state, period);
  const massLeft = Number((state.massLeft - mass).toPrecision(6));
  const { endWeightPercent = period.weightPercent } = period;
  const isRaised =
    state.weightPercent === 0 || isRaise(state, period) || endWeightPercent > period.weightPercent;
  const raisedAtMs = isRaised ? period.startMs : state.raisedAtMs;
  const newShare = isRaised ? newShareOf(state, period) : state.newShare;
  const secondsSinceRaise = (period.startMs - raisedAtMs) / 1000;
  const atSeconds = (period.startMs - state.startMs) / 1000;
  const capNats = periodCapNats(policy.alpha);
  const moment = { period, atSeconds, secondsSinceRaise, mass, massLeft, capNats, age, newShare };
  return {
    ...state,
    committedUntilMs: endMs,
    reportedUntilMs: hasReported(period) ? endMs : state.reportedUntilMs,
    weightPercent: period.weightPercent,
    raises: state.raises + (isRaise(state, period) ? 1 : 0),
    raisedAtMs,
    newShare,
    massLeft,
    streams: foldStreams(policy.streams, state.streams, moment),
    beyond: countBeyond(policy, state, moment),
    ...countsWith(policy, state, period),
  };
}

/** Whether all who were certain to have requests reported some. */
function hasReported(period: Period): boolean {
  if (!hasControl(period.weightPercent)) return reports(period.canary);
  const due = dueRequests(period);
  return due !== null && (reports(period.canary) || due < CERTAIN_TO_REPORT_REQUESTS);
}

export interface JudgeInput {
  readonly policy: JudgePolicy;
  readonly state: JudgeState;
  /** Everything read at or after `state.committedUntilMs`, oldest first, including open periods. */
  readonly window: readonly Period[];
  readonly alarms: readonly AlarmReading[];
  /** Why the answer of the metrics source is not whole; null when it is. */
  readonly metricsProblem: string | null;
  readonly nowMs: number;
  readonly stage: StageClock;
  readonly timing: { readonly commitAfterSeconds: number; readonly passAfterSeconds: number };
  readonly names: RolloutNames;
}

export interface Judgement {
  /** The input state and the periods committed now. */
  readonly state: JudgeState;
  readonly verdict: Verdict;
  readonly committed: readonly Period[];
}

/**
 * `pass`: safe as far as is known right now; whether the bake is over is the caller's business. `hold`: suspicious, or
 * too little is known. `inconclusive`: would hold, and the stage has been held for as long as it may.
 */
export function judge(input: JudgeInput): Judgement {
  const { policy, nowMs, timing, metricsProblem } = input;
  const window = metricsProblem === null ? inOrder(input.window, input.state.committedUntilMs) : [];
  const endsBy = (instantMs: number) => (period: Period) =>
    period.startMs + period.seconds * 1000 <= instantMs;
  const settledUntilMs = nowMs - timing.passAfterSeconds * 1000;
  const committed = window.filter(endsBy(nowMs - timing.commitAfterSeconds * 1000));
  const open = window.slice(committed.length);
  const state = committed.reduce((sum, period) => fold(policy, sum, period, 'committed'), input.state);
  const settledOpen = open.filter(endsBy(settledUntilMs));
  const settled = settledOpen.reduce((sum, period) => fold(policy, sum, period, 'settled'), state);
  const young = open.slice(settledOpen.length);
  const current = young.reduce((sum, period) => fold(policy, sum, period, 'open'), settled);
  const settledEvidence = evidenceOf(policy, settled);
  const evidence = young.length === 0 ? settledEvidence : evidenceOf(policy, current);
  const conclusion = conclude({
    ...input,
    current,
    settled,
    evidence,
    settledEvidence,
    settledUntilMs,
    periodSeconds: input.window.at(-1)?.seconds ?? DEFAULT_PERIOD_SECONDS,
  });
  // A pass shows what it rests on; everything else shows all that was seen.
  const shown =
    conclusion.kind === 'pass'
      ? { policy, state: settled, evidence: settledEvidence }
      : { policy, state: current, evidence };
  return {
    state,
    verdict: {
      kind: conclusion.kind,
      reason: reasonFor(conclusion.kind, conclusion.finding, input.names, nowMs),
      checks: [...checkTable(shown, input.alarms)],
      alerts: alertsOf(policy, settled, input.names),
    },
    committed,
  };
}

/** Sorted, each once, and none that was committed before. */
function inOrder(window: readonly Period[], fromMs: number): readonly Period[] {
  return window
    .filter((period) => period.startMs >= fromMs)
    .toSorted((a, b) => a.startMs - b.startMs)
    .filter((period, i, sorted) => period.startMs !== sorted[i - 1]?.startMs);
}
