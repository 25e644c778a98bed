// The simulator's true traffic: who got how many requests in each minute and how they ended. Accounts lazily: time is cut
// at minutes and at weight changes, and each cut draws from its own seed, so that looking never changes what happens.

import { drawBinomial, drawPoisson, mixSeed, type Random, seededRandom } from './random.ts';
import {
  type Behaviour,
  behaviourAt,
  type Incident,
  shareSlowerThan,
  type VersionTruth,
} from './traffic-behaviour.ts';
import type { Load } from './traffic-load.ts';

export const MINUTE_MS = 60_000;

export type SideName = 'stable' | 'canary';

/** Shares as configured on the target, percent; what is missing to 100 goes to strangers. */
export type Shares = Readonly<Record<SideName, number>>;

/** What truly happened to the requests that one version got in one minute. */
export interface Tally {
  /** Every request that arrived, hung ones too. */
  readonly requests: number;
  /** Ended in an exception. */
  readonly errors: number;
  /** Answered with HTTP 500 by the handler. */
  readonly http500: number;
  /** Will only end by the function's time-out, as an error. */
  readonly hung: number;
  /** Slower than the latency limit, whether they failed or not; without the hung ones. */
  readonly slow: number;
  /** Failed, hung, or slower than the limit: what a caller would call bad. */
  readonly bad: number;
}

export interface TrafficModel {
  /** From this instant on the target is configured so. Instants must not go back. */
  setShares(atMs: number, shares: Shares): void;
  /** A whole minute that lies in the past; zeros where nothing arrived. `startMs` is aligned. */
  minute(side: SideName, startMs: number): Tally;
  /** Everything that a version got until an instant. */
  total(side: SideName, untilMs: number): Tally;
  behaviour(side: SideName, atMs: number): Behaviour;
}

export interface TrafficTruth {
  readonly load: Load;
  readonly versions: Readonly<Record<SideName, VersionTruth>>;
  readonly incidents: readonly Incident[];
  /** A request slower than this is counted as slow; null: nobody asks. */
  readonly slowLimitMs: number | null;
  readonly seed: number;
  /** Nothing before this instant is accounted for. */
  readonly fromMs: number;
}

const NOTHING: Tally = { requests: 0, errors: 0, http500: 0, hung: 0, slow: 0, bad: 0 };
const SIDES: readonly SideName[] = ['stable', 'canary'];

/** Until the first `setShares` everything goes to stable. */
export function trafficModel(truth: TrafficTruth): TrafficModel {
  const minutes: Record<SideName, Map<number, Tally>> = { stable: new Map(), canary: new Map() };
  let shares: Shares = { stable: 100, canary: 0 };
  let accountedUntilMs = truth.fromMs;
  let canaryFirstRequestMs: number | null = null;

  const behaviour = (side: SideName, atMs: number): Behaviour =>
    behaviourAt(
      truth.versions[side],
      truth.incidents,
      atMs,
      side === 'stable' ? truth.fromMs : canaryFirstRequestMs,
    );

  const account = (fromMs: number, untilMs: number): void => {
    const minuteMs = floorToMinute(fromMs);
    const middleMs = (fromMs + untilMs) / 2;
    const expected = truth.load(middleMs) * ((untilMs - fromMs) / MINUTE_MS);
    for (const [index, side] of SIDES.entries()) {
      if (shares[side] === 0) continue;
      const random = seededRandom(mixSeed(truth.seed, index, fromMs));
      const requests = drawPoisson(random, (expected * shares[side]) / 100);
      if (requests === 0) continue;
      if (side === 'canary') canaryFirstRequestMs ??= fromMs;
      const drawn = drawTally(random, requests, behaviour(side, middleMs), truth.slowLimitMs);
      minutes[side].set(minuteMs, addTallies(minutes[side].get(minuteMs) ?? NOTHING, drawn));
    }
  };

  const advance = (untilMs: number): void => {
    while (accountedUntilMs < untilMs) {
      const nextMs = Math.min(untilMs, floorToMinute(accountedUntilMs) + MINUTE_MS);
      account(accountedUntilMs, nextMs);
      accountedUntilMs = nextMs;
    }
  };

  return {
    setShares: (atMs, next) => {
      advance(atMs);
      shares = next;
    },
    minute: (side, startMs) => {
      advance(startMs + MINUTE_MS);
      return minutes[side].get(startMs) ?? NOTHING;
    },
    total: (side, untilMs) => {
      advance(untilMs);
      return [...minutes[side].values()].reduce(addTallies, NOTHING);
    },
    behaviour,
  };
}

export function floorToMinute(atMs: number): number {
  return Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
}

function drawTally(
  random: Random,
  requests: number,
  behaviour: Behaviour,
  slowLimitMs: number | null,
): Tally {
  const hung = drawBinomial(random, requests, behaviour.hangPercent / 100);
  const errors = drawBinomial(random, requests - hung, behaviour.errorPercent / 100);
  const http500 = drawBinomial(random, requests - hung - errors, behaviour.http500Percent / 100);
  const failed = errors + http500;
  const slowShare = slowLimitMs === null ? 0 : shareSlowerThan(behaviour, slowLimitMs);
  const slowFailed = drawBinomial(random, failed, slowShare);
  const slowGood = drawBinomial(random, requests - hung - failed, slowShare);
  return { requests, errors, http500, hung, slow: slowFailed + slowGood, bad: failed + hung + slowGood };
}

function addTallies(a: Tally, b: Tally): Tally {
  return {
    requests: a.requests + b.requests,
    errors: a.errors + b.errors,
    http500: a.http500 + b.http500,
    hung: a.hung + b.hung,
    slow: a.slow + b.slow,
    bad: a.bad + b.bad,
  };
}
