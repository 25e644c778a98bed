// Moves traffic between the two slots of an ALB rule: one router a mode, chosen by the target.
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { AlbMode } from '../core/targets/alb-rule-modes.ts';
import type { TargetAccess, TrafficRouter } from '../ports.ts';
import { describeAlbRule } from './elbv2-alb-facts.ts';
import { readSides } from './elbv2-alb-moves.ts';
import { inPlaceRouter } from './elbv2-in-place-router.ts';
import { ruleRouter } from './elbv2-rule-router.ts';
import { albTarget } from './elbv2-rules.ts';
import { targetClients } from './target-clients.ts';

export interface AlbRouterParts {
  readonly clientFor?: (access: TargetAccess) => ElasticLoadBalancingV2Client;
  readonly pause?: (ms: number) => Promise<void>;
}

export function elbv2AlbRouter({
  clientFor = targetClients((config) => new ElasticLoadBalancingV2Client(config)),
  pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
}: AlbRouterParts = {}): TrafficRouter {
  const modes = {
    'rule-per-rollout': ruleRouter(clientFor, pause),
    'in-place': inPlaceRouter(clientFor, pause),
  } satisfies Record<AlbMode, unknown>;
  const modeOf = ({ target }: TargetAccess) => modes[albTarget(target).mode];
  return {
    describe: (access) => describeAlbRule(clientFor(access), albTarget(access.target)),
    prepare: async (order, authorise) => modeOf(order).prepare(order, authorise),
    shift: async (order, change, authorise) => modeOf(order).shift(order, change, authorise),
    restore: async (order, authorise) => modeOf(order).restore(order, authorise),
    promote: async (order, authorise) => modeOf(order).promote(order, authorise),
    verify: async (order) => modeOf(order).verify(order),
    health: (order) => readSides(clientFor(order), order),
  };
}
