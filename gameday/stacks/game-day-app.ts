// The CDK app of the game day: the product's own engine and service stacks, under names of their own, and the sample.
import type { App } from 'aws-cdk-lib';
import { addStacks } from '../../lib/app.ts';
import { parseServiceFile } from '../../src/core/service-file.ts';
import { BALANCER_STACK, ENGINE, SAMPLE, SAMPLE_STACK, SERVICE_ALARM } from '../core/names.ts';
import { serviceFile } from '../core/service.ts';
import { CIDR_CONTEXT, REDEPLOY_CONTEXT } from '../run/site.ts';
import { BalancerStack } from './balancer-stack.ts';
import { makeRemovable } from './removable.ts';
import { SampleStack } from './sample-stack.ts';

/** A definition that differs, as that of a newer release would. */
const OTHER_TICK_SECONDS = 59;

export function addGameDayStacks(app: App): void {
  const spec = parseServiceFile(serviceFile({ ...SAMPLE, alarm: SERVICE_ALARM }));
  const isRedeployed = app.node.tryGetContext(REDEPLOY_CONTEXT) === 'true';
  const { engine, services } = addStacks(app, {
    engineName: ENGINE,
    specs: [spec],
    ...(isRedeployed ? { engine: { tickSeconds: OTHER_TICK_SECONDS } } : {}),
  });
  for (const stack of [engine, ...services]) makeRemovable(stack);
  new SampleStack(app, SAMPLE_STACK);
  const cidr: unknown = app.node.tryGetContext(CIDR_CONTEXT);
  if (typeof cidr === 'string' && cidr !== '') new BalancerStack(app, BALANCER_STACK, { cidr });
}
