// The world of step-world.ts with a load balancer in it instead of an alias: blue serves version 41, green is 42.

import type { Rollout } from '../../src/core/rollout.ts';
import { liveShares } from '../../src/core/targets/alb-rule-listener.ts';
import type { AlbMode } from '../../src/core/targets/alb-rule-modes.ts';
import type { Ports } from '../../src/ports.ts';
import { type AlbControlPlane, albControlPlane } from '../../src/sim/memory-alb.ts';
import { memoryAlbRouter } from '../../src/sim/memory-alb-router.ts';
import { shiftTraffic } from '../../src/steps/shift-traffic.ts';
import { startRollout } from '../../src/steps/start-rollout.ts';
import { albAccess, albSetup, BASE_RULE, BLUE, GREEN, ownRule } from '../contracts/alb-driver.ts';
import { START_INPUT, type StepWorld, stepWorld } from './step-world.ts';

export interface AlbStepWorld extends Omit<StepWorld, 'lambda' | 'hooks' | 'liveWeights'> {
  readonly plane: AlbControlPlane;
  /** Truth past all faults, percent. */
  canaryPercent(): number;
  setHealthy(slot: 'blue' | 'green', healthy: number): void;
}

/** A world whose rollout was shifted to its first stage, 10 %. */
export async function shiftedAlbWorld(
  mode: AlbMode,
): Promise<{ readonly world: AlbStepWorld; readonly rollout: Rollout }> {
  const { target } = albAccess(BASE_RULE, mode);
  const base = await stepWorld({ spec: { target } });
  const plane = albControlPlane(albSetup());
  const ports: Ports = {
    ...base.ports,
    routers: { ...base.ports.routers, 'alb-rule': memoryAlbRouter(plane) },
  };
  const world: AlbStepWorld = {
    ...base,
    ports,
    plane,
    canaryPercent: () => {
      const rule = plane.peek().find(({ RuleArn }) => RuleArn === BASE_RULE);
      if (rule === undefined) throw new TypeError('no base rule');
      return liveShares({ base: rule, own: ownRule(plane) ?? null }, BLUE, GREEN).canaryPercent;
    },
    setHealthy: (slot, healthy) =>
      plane.setHealth(slot === 'blue' ? BLUE : GREEN, { healthy, unhealthy: 2 - healthy }),
  };
  const started = await startRollout.run(START_INPUT, ports);
  return { world, rollout: await shiftTraffic.run(started, ports) };
}
