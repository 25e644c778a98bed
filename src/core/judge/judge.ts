// The judge: a fold of periods into a small state, and a verdict on the state and the periods that may still change.
// Pure and deterministic: the same periods give the same verdict, whenever and however often they are read.
import type { Verdict } from '../verdict.ts';
import { evidenceOf, streamState } from './combine.ts';
import { conclude } from './conclude.ts';
import type { JudgePolicy } from './policy.ts';
import { reasonFor } from './reason.ts';
import { addSamples, addTallies, dueRequests, hasControl, NO_TALLY, reports, tallyOf } from './sample.ts';
import { isRaise, massOf } from './start-prior.ts';
import type { JudgeState } from './state.ts';
import { foldStream, startStream } from './stream.ts';
import { checkTable } from './table.ts';
import type { AlarmReading, Period, RolloutNames, StageClock } from './types.ts';

/** Fewer canary requests than this may be due in a period without one coming (5 % by chance). */
const CERTAIN_TO_REPORT_REQUESTS = 3;
/** Taken for the length of a period while none has been seen. */
const DEFAULT_PERIOD_SECONDS = 60;

/**
 * @param history up to an hour of periods before the rollout, oldest first; only stable's counts are read
 * @param startMs start of the first period to judge
 */
export function initialJudgeState(
  policy: JudgePolicy,
  history: readonly Period[],
  startMs: number,
): JudgeState {
  return {
    startMs,
    committedUntilMs: startMs,
    reportedUntilMs: startMs,
    weightPercent: 0,
    raises: 0,
    massLeft: 1,
    streams: Object.fromEntries(
      policy.streams.map((stream) => [stream.name, startStream(stream, history, startMs)]),
    ),
    stage: { fromMs: startMs, errors: NO_TALLY, slow: NO_TALLY },
    total: { errors: [0, 0], slow: [0, 0] },
  };
}

/** Takes in a period that can no longer change. One that was taken in before changes nothing. */
export function foldPeriod(policy: JudgePolicy, state: JudgeState, period: Period): JudgeState {
  return fold(policy, state, period, true);
}

function fold(policy: JudgePolicy, state: JudgeState, period: Period, isSettled: boolean): JudgeState {
  if (period.startMs < state.committedUntilMs) return state;
  const endMs = period.startMs + period.seconds * 1000;
  const mass = massOf(policy, state, period);
  const massLeft = Number((state.massLeft - mass).toPrecision(6));
  const moment = { period, mass, massLeft, isSettled };
  return {
    ...state,
    committedUntilMs: endMs,
    reportedUntilMs: hasReported(period) ? endMs : state.reportedUntilMs,
    weightPercent: period.weightPercent,
    raises: state.raises + (isRaise(state, period) ? 1 : 0),
    massLeft,
    streams: Object.fromEntries(
      policy.streams.map((stream) => [
        stream.name,
        foldStream(stream, streamState(state, stream.name), moment),
      ]),
    ),
    ...countsWith(state, period),
  };
}

function countsWith(state: JudgeState, period: Period): Pick<JudgeState, 'stage' | 'total'> {
  // the period of the first shift begins at weight 0, yet every canary request in it belongs to the first stage
  const isSameStage = state.weightPercent === period.weightPercent || state.weightPercent === 0;
  const stage = isSameStage ? state.stage : { fromMs: period.startMs, errors: NO_TALLY, slow: NO_TALLY };
  const errors = tallyOf(period, 'errors') ?? NO_TALLY;
  const slow = tallyOf(period, 'slow') ?? NO_TALLY;
  return {
    stage: {
      fromMs: stage.fromMs,
      errors: addTallies(stage.errors, errors),
      slow: addTallies(stage.slow, slow),
    },
    total: {
      errors: addSamples(state.total.errors, errors.canary),
      slow: addSamples(state.total.slow, slow.canary),
    },
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
  const state = committed.reduce((sum, period) => fold(policy, sum, period, true), input.state);
  const foldOpen = (sum: JudgeState, period: Period): JudgeState => fold(policy, sum, period, false);
  const settledOpen = open.filter(endsBy(settledUntilMs));
  const settled = settledOpen.reduce(foldOpen, state);
  const current = open.slice(settledOpen.length).reduce(foldOpen, settled);
  const conclusion = conclude({
    ...input,
    current,
    settled,
    settledUntilMs,
    periodSeconds: input.window.at(-1)?.seconds ?? DEFAULT_PERIOD_SECONDS,
  });
  // A pass shows what it rests on; everything else shows all that was seen.
  const shown = conclusion.kind === 'pass' ? settled : current;
  return {
    state,
    verdict: {
      kind: conclusion.kind,
      reason: reasonFor(conclusion.kind, conclusion.finding, input.names, nowMs),
      checks: [...checkTable(policy, shown, evidenceOf(policy, shown), input.alarms)],
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
