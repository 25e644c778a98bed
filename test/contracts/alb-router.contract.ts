// What every router of ALB rules promises beyond the contract of all routers: the rule per rollout, its tag, its health
// check, that deleting it is final, and how a rule is changed in place.
import { describe } from 'vitest';
import type { TrafficRouter } from '../../src/ports.ts';
import { type AlbControlPlane, type AlbSetup, albControlPlane } from '../../src/sim/memory-alb.ts';
import { albSetup } from './alb-driver.ts';
import { albInPlacePromises } from './alb-in-place.ts';
import { albLateWritePromises } from './alb-late-writes.ts';
import { albMovePromises } from './alb-router-moves.ts';
import { albReadinessPromises } from './alb-router-readiness.ts';

/** One load balancer and a router on it. */
export type AlbScene = (setup?: AlbSetup) => {
  readonly plane: AlbControlPlane;
  readonly router: TrafficRouter;
};

export function albRouterContract(name: string, makeRouter: (plane: AlbControlPlane) => TrafficRouter): void {
  const scene: AlbScene = (setup = albSetup()) => {
    const plane = albControlPlane(setup);
    return { plane, router: makeRouter(plane) };
  };
  describe(`${name} keeps the promises of an ALB router`, () => {
    albReadinessPromises(scene);
    albMovePromises(scene);
    albLateWritePromises(scene);
    albInPlacePromises(scene);
  });
}
