// What both versions did since the present weight was first seen: the numbers behind the side-by-side table.
import { roundSignificant } from '../units.ts';
import { ERRORS, LATENCY_P90 } from './measures.ts';
import type { JudgePolicy } from './policy.ts';
import { sampleOf, tallyOf } from './sample.ts';
import type { JudgeState, Pairs, Tally } from './state.ts';
import { addSamples, addTallies, fromKept, keep, NO_TALLY, NOTHING_KEPT } from './tally.ts';
import type { Period } from './types.ts';

type Stage = JudgeState['stage'];

const NO_PAIRS: Pairs = [0, 0, 0, 0, 0];

export function freshStage(fromMs: number): Stage {
  return { fromMs, tallies: {}, pairs: {} };
}

export function tallyOfStage(stage: Stage, measure: string): Tally {
  return fromKept(stage.tallies[measure] ?? NOTHING_KEPT);
}

export interface StageMeans {
  readonly canary: number | null;
  readonly stable: number | null;
  /** Of the canary. */
  readonly requests: number;
  readonly pairs: Pairs;
}

/** Means over the periods of the stage in which both versions had the value. */
export function meansOf(stage: Stage, measure: string): StageMeans {
  const pairs = stage.pairs[measure] ?? NO_PAIRS;
  const [periods, canarySum, stableSum] = pairs;
  const mean = (sum: number): number | null => (periods === 0 ? null : roundSignificant(sum / periods, 4));
  return {
    canary: mean(canarySum),
    stable: mean(stableSum),
    requests: periods === 0 ? 0 : tallyOfStage(stage, ERRORS).canary[0],
    pairs,
  };
}

export function countsWith(
  policy: JudgePolicy,
  state: JudgeState,
  period: Period,
): Pick<JudgeState, 'stage' | 'total'> {
  // the period of the first shift begins at weight 0, yet every canary request in it belongs to the first stage
  const isSameStage = state.weightPercent === period.weightPercent || state.weightPercent === 0;
  const stage = isSameStage ? state.stage : freshStage(period.startMs);
  const tallies = { ...stage.tallies };
  for (const measure of shownShares(policy)) {
    const tally = tallyOf(period, measure);
    if (tally !== null) tallies[measure] = keep(addTallies(tallyOfStage(stage, measure), tally));
  }
  const pairs = { ...stage.pairs };
  for (const measure of shownValues(policy)) {
    const canary = period.canary?.values[measure];
    const stable = period.stable?.values[measure];
    // a ratio with 0 is no ratio, and says nothing of how the versions compare
    if (canary === undefined || stable === undefined || canary <= 0 || stable <= 0) continue;
    pairs[measure] = addPair(pairs[measure] ?? NO_PAIRS, canary, stable);
  }
  return { stage: { fromMs: stage.fromMs, tallies, pairs }, total: totalWith(state, period) };
}

function totalWith({ total }: JudgeState, period: Period): JudgeState['total'] {
  return {
    errors: addSamples(total.errors, (tallyOf(period, ERRORS) ?? NO_TALLY).canary),
    timed: total.timed + (sampleOf(period.canary, LATENCY_P90)?.[0] ?? 0),
  };
}

/** Shares that have a row of their own in the table: errors and the rates of a team. */
function shownShares(policy: JudgePolicy): readonly string[] {
  const custom = policy.streams.flatMap((stream) =>
    stream.kind === 'pair' && stream.check !== 'latency' ? [stream.measure] : [],
  );
  return [ERRORS, ...custom];
}

function shownValues({ values, gauges }: JudgePolicy): readonly string[] {
  return [...values, ...gauges].map(({ measure }) => measure);
}

function addPair(
  [periods, canarySum, stableSum, logs, squares]: Pairs,
  canary: number,
  stable: number,
): Pairs {
  const log = canary > 0 && stable > 0 ? Math.log(canary) - Math.log(stable) : 0;
  const round = (value: number): number => Number(value.toPrecision(5));
  return [
    periods + 1,
    round(canarySum + canary),
    round(stableSum + stable),
    round(logs + log),
    round(squares + log * log),
  ];
}
