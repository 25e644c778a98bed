// The in-memory router of ALB rules: one router a mode, chosen by the target.
import type { AlbMode } from '../core/targets/alb-rule-modes.ts';
import type { TargetAccess, TrafficRouter } from '../ports.ts';
import type { AlbControlPlane } from './memory-alb.ts';
import { inPlaceRouter } from './memory-alb-in-place-router.ts';
import { albTarget, describe, readHealth } from './memory-alb-reading.ts';
import { ruleRouter } from './memory-alb-rule-router.ts';

export function memoryAlbRouter(plane: AlbControlPlane): TrafficRouter {
  const modes = {
    'rule-per-rollout': ruleRouter(plane),
    'in-place': inPlaceRouter(plane),
  } satisfies Record<AlbMode, unknown>;
  const modeOf = ({ target }: TargetAccess) => modes[albTarget(target).mode];
  return {
    describe: (access) => describe(plane, albTarget(access.target)),
    prepare: async (order, authorise) => modeOf(order).prepare(order, authorise),
    shift: async (order, change, authorise) => modeOf(order).shift(order, change, authorise),
    restore: async (order, authorise) => modeOf(order).restore(order, authorise),
    promote: async (order, authorise) => modeOf(order).promote(order, authorise),
    verify: async (order) => modeOf(order).verify(order),
    health: (order) => readHealth(plane, order),
  };
}
