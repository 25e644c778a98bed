// The stream of a share of any size, canary against stable: slow requests at a threshold, conversions.
import { LOSS_GRID, LOSS_WEIGHTS, SLOWER_GRID, SLOWER_WEIGHTS } from './binomial.ts';
import { dispersionIn, noiseOf } from './dispersion.ts';
import { advance, capFor, eValue, freshProcess } from './e-process.ts';
import { type Line, logBinomialRatio, logPairRatio, pairTest, shareAbove } from './pair-test.ts';
import { extendRun, FRESH_RUN, RUN_STEP } from './run.ts';
import { tallyOf } from './sample.ts';
import type { Sample, StreamState, Tally } from './state.ts';
import type { PairStreamPolicy } from './stream-policy.ts';
import type { Moment } from './types.ts';

/** The guess of stable's share follows its last requests: so many of them count as much as all before. */
const MEMORY_REQUESTS = 5000;
/** An environment may be counted a period early or late: so many standard deviations of its count are forgiven too. */
const COLD_START_SIGMAS = 3;
/** A small raise brings few cold starts; forgiven is so many times what its part of the traffic is. */
const NEW_SHARE_MARGIN = 2.2;
/** … but never more than this share of a period. */
const MOST_COLD_SHARE = 0.7;

export function startPair(policy: PairStreamPolicy, history: readonly Sample[]): StreamState {
  const bad = history.map((sample) => asBad(policy, sample));
  return {
    // most of what latencies wander hits both versions alike, so what the ceiling cuts off is forgotten
    dispersion: dispersionIn(noiseOf(bad, policy.maxDispersion)),
    versusStable: freshProcess(gridOf(policy)),
    usualShare: bad.reduce(remember, expectedBadShare(policy)),
    run: FRESH_RUN,
  };
}

export function foldPair(policy: PairStreamPolicy, state: StreamState, moment: Moment): StreamState {
  const { period, mass, capNats } = moment;
  const seen = teaches(policy, moment) ? tallyOf(period, policy.measure) : null;
  if (seen === null || seen.stable[0] === 0) {
    return { ...state, versusStable: advance(state.versusStable, mass, null, capNats) };
  }
  const tally = withoutColdStarts(policy, asBadTally(policy, seen), period.canary?.coldStarts ?? null);
  const guess = state.usualShare ?? expectedBadShare(policy);
  const forgiven = forgivenShare(policy, moment);
  const logRatio = logRatioOf(policy, tally, guess, forgiven);
  const tempered = (step: number): number => logRatio(step) / dispersionIn(state);
  const [requests, bad] = tally.canary;
  const [stableRequests, stableBad] = tally.stable;
  const allowedShare = borderAt(policy, stableBad / stableRequests) + forgiven;
  const cap = capFor(bad - requests * allowedShare, capNats);
  return {
    ...state,
    versusStable: advance(state.versusStable, mass, gridOf(policy).map(tempered), cap),
    usualShare: remember(guess, tally.stable),
    run: extendRun(state.run, moment.atSeconds, seen, tempered(RUN_STEP)),
  };
}

/** Where there is a floor, the null is a union, and of a period the smaller of the two likelihood ratios counts. */
function logRatioOf(
  policy: PairStreamPolicy,
  tally: Tally,
  stableShare: number,
  forgiven: number,
): (step: number) => number {
  const requests = { canary: tally.canary[0], stable: tally.stable[0] };
  const border = borderAt(policy, stableShare);
  return (step) => {
    const alternative = { canary: shareAbove(border, step), stable: stableShare };
    const versusStable = logPairRatio(pairTest(lineOf(policy), alternative, requests, forgiven), tally);
    if (policy.floorShare === null) return versusStable;
    const floor = policy.floorShare + forgiven;
    if (alternative.canary <= floor) return 0;
    return Math.min(versusStable, logBinomialRatio(tally.canary, alternative.canary, floor));
  };
}

/** What the canary may have beside such a share of stable, in the measure's bad direction. */
function borderAt(policy: PairStreamPolicy, stableShare: number): number {
  const { slope, intercept } = lineOf(policy);
  return Math.max(slope * stableShare + intercept, policy.floorShare ?? 0);
}

/** Events that are counted late are missing from periods that are young, and from the first ones after a raise. */
function teaches({ lagSeconds }: PairStreamPolicy, { age, secondsSinceRaise, period }: Moment): boolean {
  if (lagSeconds === null) return true;
  return age !== 'open' && (lagSeconds === 0 || secondsSinceRaise >= lagSeconds + period.seconds);
}

export function pairEvidence(policy: PairStreamPolicy, state: StreamState, massLeft: number): number {
  return eValue(state.versusStable, weightsOf(policy), massLeft);
}

/** What the canary may have beside such a stable, in the measure's own direction. */
export function allowedPairShare(policy: PairStreamPolicy, [requests, events]: Sample): number {
  const tolerated = requests === 0 ? 0 : (policy.toleranceRatio * events) / requests;
  return Math.min(1, Math.max(tolerated, policy.floorShare ?? 0));
}

/** `better: higher` turns «at least r·stable» into a line for the requests without the event. */
function lineOf({ better, toleranceRatio }: PairStreamPolicy): Line {
  return { slope: toleranceRatio, intercept: better === 'higher' ? 1 - toleranceRatio : 0 };
}

/**
 * Extra share that cold starts may have after a raise: of the traffic that came with it, falling to nothing. Where they
 * are counted, only until that count is whole.
 */
function forgivenShare({ warmUp }: PairStreamPolicy, moment: Moment): number {
  const { period, secondsSinceRaise, newShare, age } = moment;
  const isCounted = period.canary?.coldStarts !== null && age !== 'open';
  if (warmUp === null || isCounted || warmUp.seconds === 0) return 0;
  const part = Math.min(1, NEW_SHARE_MARGIN * newShare);
  return warmUp.extraShare * part * Math.max(0, 1 - secondsSinceRaise / warmUp.seconds);
}

/** Counted cold starts are taken as slow, and taken out; never so many that a slow canary could hide behind them. */
function withoutColdStarts(policy: PairStreamPolicy, tally: Tally, coldStarts: number | null): Tally {
  if (policy.warmUp === null || coldStarts === null || coldStarts === 0) return tally;
  const [requests, bad] = tally.canary;
  const counted = Math.ceil(coldStarts + COLD_START_SIGMAS * Math.sqrt(coldStarts));
  const forgiven = Math.min(counted, Math.floor(requests * MOST_COLD_SHARE));
  const slow = Math.max(0, bad - forgiven);
  return { ...tally, canary: [Math.max(slow, requests - forgiven), slow] };
}

function asBad({ better }: PairStreamPolicy, [requests, events]: Sample): Sample {
  return better === 'lower' ? [requests, events] : [requests, requests - events];
}

function asBadTally(policy: PairStreamPolicy, { canary, stable }: Tally): Tally {
  return { canary: asBad(policy, canary), stable: asBad(policy, stable) };
}

function expectedBadShare({ better, expectedShare }: PairStreamPolicy): number {
  return better === 'lower' ? expectedShare : 1 - expectedShare;
}

function remember(share: number, [requests, bad]: Sample): number {
  const next = (share * MEMORY_REQUESTS + bad) / (MEMORY_REQUESTS + requests);
  return Number(next.toPrecision(4));
}

function gridOf({ better }: PairStreamPolicy): readonly number[] {
  return better === 'lower' ? SLOWER_GRID : LOSS_GRID;
}

function weightsOf({ better }: PairStreamPolicy): readonly number[] {
  return better === 'lower' ? SLOWER_WEIGHTS : LOSS_WEIGHTS;
}
