// The stream of a value without its sample (a percentile, an average): a bet on which side of the tolerance the canary's
// value falls, period after period. At best ln 1.9 a period, so it takes many; the last resort where nothing is counted.
import { advance, eValue, freshProcess } from './e-process.ts';
import { extendRun, FRESH_RUN } from './run.ts';
import { reports } from './sample.ts';
import type { StreamState } from './state.ts';
import type { SignStreamPolicy } from './stream-policy.ts';
import type { Counts, Moment } from './types.ts';

/** Within tolerance the canary's value is beyond it at most every second time: at the border the sides are even. */
const BEYOND_BY_CHANCE = 0.5;
const BEYOND_WHEN_HARMFUL = [0.7, 0.95] as const;
const WEIGHTS = [0.5, 0.5];
/** … of either version; with fewer its value says nothing. */
const LEAST_REQUESTS = 20;

export function startSign(): StreamState {
  return {
    versusBorder: freshProcess(BEYOND_WHEN_HARMFUL),
    run: FRESH_RUN,
  };
}

export function foldSign(policy: SignStreamPolicy, state: StreamState, moment: Moment): StreamState {
  const { period, mass, capNats, age } = moment;
  const stable = valueIn(period.stable, policy);
  const canary = valueIn(period.canary, policy);
  const isWarm = moment.secondsSinceRaise >= policy.warmUpSeconds;
  if (age === 'open' || !isWarm || stable === undefined || canary === undefined) {
    return { ...state, versusBorder: advance(state.versusBorder, mass, null, capNats) };
  }
  const border = stable * policy.toleranceRatio;
  const isBeyond = policy.better === 'lower' ? canary > border : canary < border;
  const logRatios = BEYOND_WHEN_HARMFUL.map((share) =>
    isBeyond ? Math.log(share / BEYOND_BY_CHANCE) : Math.log((1 - share) / (1 - BEYOND_BY_CHANCE)),
  );
  const score = logRatios[0] ?? 0;
  return {
    ...state,
    versusBorder: advance(state.versusBorder, mass, logRatios, capNats),
    // its trials are periods, its events those beyond the tolerance
    run: extendRun(state.run, moment.atSeconds, { canary: [1, isBeyond ? 1 : 0], stable: [0, 0] }, score),
  };
}

/** A percentile of a few requests is far from even beside its tolerance. */
function valueIn(counts: Counts | null, { measure }: SignStreamPolicy): number | undefined {
  return reports(counts) && counts.requests >= LEAST_REQUESTS ? counts.values[measure] : undefined;
}

export function signEvidence(state: StreamState, massLeft: number): number {
  return eValue(state.versusBorder, WEIGHTS, massLeft);
}
