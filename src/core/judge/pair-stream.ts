// The stream of a share of any size, canary against stable: slow requests at a threshold, conversions.
import {
  HARM_GRID,
  HARM_WEIGHTS,
  LOSS_GRID,
  LOSS_WEIGHTS,
  logRatioAboveShare,
  SLOWER_GRID,
  SLOWER_WEIGHTS,
} from './binomial.ts';
import { dispersionOf } from './dispersion.ts';
import { advance, capFor, eValue, freshProcess } from './e-process.ts';
import { type Line, logPairRatio, pairTest } from './pair-test.ts';
import { extendRun, FRESH_RUN, RUN_STEP } from './run.ts';
import { tallyOf } from './sample.ts';
import type { Sample, StreamState, Tally } from './state.ts';
import type { PairStreamPolicy } from './stream-policy.ts';
import type { Moment } from './types.ts';

/** The guess of stable's share follows its last requests: so many of them count as much as all before. */
const MEMORY_REQUESTS = 5000;
/** An environment may be counted a period early or late: so many standard deviations of its count are forgiven too. */
const COLD_START_SIGMAS = 3;

export function startPair(policy: PairStreamPolicy, history: readonly Sample[]): StreamState {
  const bad = history.map((sample) => asBad(policy, sample));
  return {
    dispersion: dispersionOf(bad, policy.maxDispersion),
    ...(policy.floorShare === null ? {} : { versusBorder: freshProcess(HARM_GRID) }),
    versusStable: freshProcess(gridOf(policy)),
    usualShare: bad.reduce(remember, expectedBadShare(policy)),
    run: FRESH_RUN,
  };
}

export function foldPair(policy: PairStreamPolicy, state: StreamState, moment: Moment): StreamState {
  const { period, mass, isSettled } = moment;
  const seen = isSettled || !policy.isSettledOnly ? tallyOf(period, policy.measure) : null;
  if (seen === null || seen.stable[0] === 0) return withLogs(policy, state, mass, null, 0);
  const tally = withoutColdStarts(policy, asBadTally(policy, seen), period.canary?.coldStarts ?? null);
  const line = lineOf(policy);
  const forgiven = forgivenShare(policy, moment);
  const guess = state.usualShare ?? expectedBadShare(policy);
  const [requests, bad] = tally.canary;
  const versusStable = (step: number): number => {
    const test = pairTest(line, guess, step, { canary: requests, stable: tally.stable[0] }, forgiven);
    return logPairRatio(test, tally) / state.dispersion;
  };
  const floorShare = policy.floorShare ?? 0;
  const versusFloor = (step: number): number =>
    logRatioAboveShare(tally.canary, floorShare, step, forgiven) / state.dispersion;
  const allowedShare = Math.max(
    line.slope * (tally.stable[1] / tally.stable[0]) + line.intercept,
    floorShare,
  );
  const cap = capFor(bad - requests * (allowedShare + forgiven));
  const score =
    policy.floorShare === null
      ? versusStable(RUN_STEP)
      : Math.min(versusFloor(RUN_STEP), versusStable(RUN_STEP));
  return {
    ...withLogs(policy, state, mass, { versusFloor, versusStable }, cap),
    usualShare: remember(guess, tally.stable),
    run: extendRun(state.run, moment.atSeconds, seen, score),
  };
}

interface LogRatios {
  readonly versusFloor: (step: number) => number;
  readonly versusStable: (step: number) => number;
}

/** @param logs null: the period teaches nothing */
function withLogs(
  policy: PairStreamPolicy,
  state: StreamState,
  mass: number,
  logs: LogRatios | null,
  capNats: number,
): StreamState {
  const stable = logs && gridOf(policy).map(logs.versusStable);
  const versusStable = advance(state.versusStable, mass, stable, capNats);
  if (policy.floorShare === null) return { ...state, versusStable };
  const floor = logs && HARM_GRID.map(logs.versusFloor);
  return { ...state, versusStable, versusBorder: advance(state.versusBorder, mass, floor, capNats) };
}

export function pairEvidence(policy: PairStreamPolicy, state: StreamState, massLeft: number): number {
  const versusStable = eValue(state.versusStable, weightsOf(policy), massLeft);
  return policy.floorShare === null
    ? versusStable
    : Math.min(versusStable, eValue(state.versusBorder, HARM_WEIGHTS, massLeft));
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

/** Extra share that cold starts may have after a raise, where nobody counts them. */
function forgivenShare({ warmUp }: PairStreamPolicy, { period, secondsSinceRaise }: Moment): number {
  const isCounted = period.canary?.coldStarts !== null;
  if (warmUp === null || isCounted || warmUp.seconds === 0) return 0;
  return warmUp.extraShare * Math.max(0, 1 - secondsSinceRaise / warmUp.seconds);
}

/** Counted cold starts are taken as slow, and taken out. */
function withoutColdStarts(policy: PairStreamPolicy, tally: Tally, coldStarts: number | null): Tally {
  if (policy.warmUp === null || coldStarts === null || coldStarts === 0) return tally;
  const [requests, bad] = tally.canary;
  const forgiven = Math.min(requests, Math.ceil(coldStarts + COLD_START_SIGMAS * Math.sqrt(coldStarts)));
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
  return Number(next.toPrecision(5));
}

function gridOf({ better }: PairStreamPolicy): readonly number[] {
  return better === 'lower' ? SLOWER_GRID : LOSS_GRID;
}

function weightsOf({ better }: PairStreamPolicy): readonly number[] {
  return better === 'lower' ? SLOWER_WEIGHTS : LOSS_WEIGHTS;
}
