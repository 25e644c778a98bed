// What every traffic router promises, whatever carries the traffic. A driver sets the target up, changes it behind the
// router's back and breaks its API; suites of one kind of target check what is particular to it.
import { beforeEach, describe } from 'vitest';
import type { LiveTraffic, TargetHealth } from '../../src/core/live-traffic.ts';
import type { TargetAccess, TrafficOrder, TrafficRouter } from '../../src/ports.ts';
import { faultPromises } from './traffic-router-faults.ts';
import { readPromises, shiftPromises } from './traffic-router-moves.ts';
import { preparePromises } from './traffic-router-prepare.ts';
import { promotePromises } from './traffic-router-promote.ts';
import { restorePromises } from './traffic-router-restore.ts';
import { allowed } from './traffic-router-scene.ts';

/** On an account everything takes a while; in memory it is done at once. */
type Awaitable<T> = T | Promise<T>;

export interface RouterDriver {
  readonly router: TrafficRouter;
  readonly access: TargetAccess;
  /** A target of this kind that does not exist. */
  readonly missing: TargetAccess;
  /** How this kind of target calls the two versions. At first all traffic is on stable and nobody has left a tag. */
  readonly stable: TrafficOrder['stable'];
  readonly canary: TrafficOrder['canary'];
  /** Somebody else's write: the canary's share in percent, stable has the rest. */
  setShare(canaryPercent: number): Awaitable<void>;
  /** Somebody else's write: all traffic to a version that is neither stable nor canary. */
  setStranger(): Awaitable<void>;
  /** The truth, past the router and whatever its reads are made to show. */
  live(): Awaitable<Pick<LiveTraffic, 'canaryPercent' | 'stablePercent' | 'strangers'>>;
  /** Writes of the router that changed the target so far. */
  writes(): number;
  /** Runs when the router's next write arrives, before it takes effect. */
  beforeNextWrite(act: () => Awaitable<void>): void;
  /** Runs as soon as the router's next write has taken effect, before the router hears of it. */
  afterNextWrite(act: () => Awaitable<void>): void;
  /** The router's next write takes effect, and its answer is lost on the way. */
  loseNextAnswer(): void;
  /** The same below the router: its client sends that write once more, and the router sees only the second answer. */
  resendNextWrite(): void;
  /** The router's next write is throttled and does nothing. */
  throttleNextWrite(): void;
  /** The next calls of the router, reads or writes, are throttled and do nothing. */
  throttleNext(calls: number): void;
  /** Until the answer is called, reads show the target as it is now, whatever is written meanwhile. */
  freezeReads(): Awaitable<() => void>;
  /** All calls of the router are denied from now on. */
  deny(): void;
}

export interface RouterTraits {
  /** The target refuses a write that was meant for an older state of it. */
  readonly canCompareAndSwap: boolean;
  /** The target can carry the tag of its last writer. */
  readonly carriesTag: boolean;
  /** Once `restore` ended, no write that was under way takes effect any more. Else a quarantine has to follow. */
  readonly isRestoreFinal: boolean;
  /** What `health` tells of a target that is prepared; null: it knows no instances. */
  readonly health: TargetHealth | null;
}

/** One target for one test, and the orders of one rollout on it. */
export interface RouterScene {
  readonly driver: RouterDriver;
  /** An order of the rollout under test; `prepare` was called for it. */
  order(seq: number, epoch?: number): TrafficOrder;
}

export function trafficRouterContract(
  name: string,
  factory: () => Promise<RouterDriver>,
  traits: RouterTraits,
): void {
  describe(`${name} keeps the promises of a traffic router`, () => {
    let scene: RouterScene;
    beforeEach(async () => {
      scene = await preparedScene(await factory());
    });
    describe('reading', () => readPromises(() => scene, traits));
    describe('prepare', () => preparePromises(() => scene));
    describe('shift', () => shiftPromises(() => scene, traits));
    describe('restore', () => restorePromises(() => scene, traits));
    describe('promote', () => promotePromises(() => scene, traits));
    describe('faults', () => faultPromises(() => scene, traits));
  });
}

async function preparedScene(driver: RouterDriver): Promise<RouterScene> {
  const bare = (seq: number, epoch = 1): TrafficOrder => ({
    ...driver.access,
    stable: driver.stable,
    canary: driver.canary,
    handle: {},
    tag: { rolloutId: 'checkout-42', epoch, seq },
  });
  const handle = await driver.router.prepare(bare(0), allowed);
  return { driver, order: (seq, epoch) => ({ ...bare(seq, epoch), handle }) };
}
