// The simulator's true traffic: who got how many requests in each minute and how they ended. Accounts lazily: time is cut
// at minutes and at weight changes, and each cut draws from its own seed, so that looking never changes what happens.

import { drawNormal, drawPoisson, mixSeed, seededRandom, textSeed } from './random.ts';
import {
  type Behaviour,
  behaviourAt,
  coldStartPercent,
  type Incident,
  type VersionTruth,
} from './traffic-behaviour.ts';
import type { Load } from './traffic-load.ts';
import { addTallies, type Conditions, drawTally, NOTHING, type Tally } from './traffic-tally.ts';

export const MINUTE_MS = 60_000;

export type SideName = 'stable' | 'canary';

/** Shares as configured on the target, percent; what is missing to 100 goes to strangers. */
export type Shares = Readonly<Record<SideName, number>>;

export interface TrafficModel {
  /** From this instant on the target is configured so. Instants must not go back. */
  setShares(atMs: number, shares: Shares): void;
  /** A whole minute that lies in the past; zeros where nothing arrived. `startMs` is aligned. */
  minute(side: SideName, startMs: number): Tally;
  /** Everything that a version got until an instant. */
  total(side: SideName, untilMs: number): Tally;
  behaviour(side: SideName, atMs: number): Behaviour;
  /** Custom values and gauges of a minute, by name. */
  levels(side: SideName, startMs: number): Readonly<Record<string, number>>;
}

export interface TrafficTruth {
  readonly load: Load;
  readonly versions: Readonly<Record<SideName, VersionTruth>>;
  readonly incidents: readonly Incident[];
  /** A good answer slower than this is bad; null: slowness alone is not bad. */
  readonly badAboveMs: number | null;
  readonly seed: number;
  /** Nothing before this instant is accounted for. */
  readonly fromMs: number;
}

/** How far values and gauges wander from minute to minute, standard deviation as a share of themselves: an assumption. */
const LEVEL_SPREAD = 0.03;
const SIDES: readonly SideName[] = ['stable', 'canary'];

/** Until the first `setShares` everything goes to stable. */
export function trafficModel(truth: TrafficTruth): TrafficModel {
  const minutes: Record<SideName, Map<number, Tally>> = { stable: new Map(), canary: new Map() };
  let shares: Shares = { stable: 100, canary: 0 };
  let accountedUntilMs = truth.fromMs;
  let canaryFirstRequestMs: number | null = null;
  const raisedMs: Record<SideName, number | null> = { stable: null, canary: null };

  const behaviour = (side: SideName, atMs: number): Behaviour =>
    behaviourAt(
      truth.versions[side],
      truth.incidents,
      atMs,
      side === 'stable' ? truth.fromMs : canaryFirstRequestMs,
    );

  const conditions = (side: SideName, atMs: number): Conditions => {
    const { coldStarts } = truth.versions[side];
    return {
      behaviour: behaviour(side, atMs),
      coldStartPercent: coldStartPercent(coldStarts, atMs, raisedMs[side]),
      coldStartSlowerMs: coldStarts?.slowerMs ?? 0,
      badAboveMs: truth.badAboveMs,
    };
  };

  const account = (fromMs: number, untilMs: number): void => {
    const minuteMs = floorToMinute(fromMs);
    const middleMs = (fromMs + untilMs) / 2;
    const expected = truth.load(middleMs) * ((untilMs - fromMs) / MINUTE_MS);
    for (const [index, side] of SIDES.entries()) {
      if (shares[side] === 0) continue;
      const seed = mixSeed(truth.seed, index, fromMs);
      const random = seededRandom(seed);
      const attempts = drawPoisson(random, (expected * shares[side]) / 100);
      if (attempts === 0) continue;
      if (side === 'canary') canaryFirstRequestMs ??= fromMs;
      const drawn = drawTally(random, seed, attempts, conditions(side, middleMs));
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
      for (const side of SIDES) if (next[side] > shares[side]) raisedMs[side] = atMs;
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
    levels: (side, startMs) => {
      const { levels } = behaviour(side, startMs + MINUTE_MS / 2);
      const entries = Object.entries(levels).map(([name, level]): [string, number] => {
        const random = seededRandom(mixSeed(truth.seed, SIDES.indexOf(side), startMs, textSeed(name)));
        return [name, level * (1 + LEVEL_SPREAD * drawNormal(random))];
      });
      return Object.fromEntries(entries);
    },
  };
}

export function floorToMinute(atMs: number): number {
  return Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
}
