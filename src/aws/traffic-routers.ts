// The table of traffic routers: a new kind of target is one import and one row here.
import type { Ports } from '../ports.ts';
import { elbv2AlbRouter } from './elbv2-alb-router.ts';
import { lambdaAliasRouter } from './lambda-alias-router.ts';

export function trafficRouters(): Ports['routers'] {
  return { 'lambda-alias': lambdaAliasRouter(), 'alb-rule': elbv2AlbRouter() };
}
