// What both ALB routers do alike: ask and wait for healthy targets, write the base rule.
import type { Action, ElasticLoadBalancingV2Client, Rule } from '@aws-sdk/client-elastic-load-balancing-v2';
import { TransientError } from '../core/errors.ts';
import type { SideHealth, TargetHealth } from '../core/live-traffic.ts';
import { healthText } from '../core/targets/alb-rule-health.ts';
import { groupName, namesInRuleArn } from '../core/targets/alb-rule-names.ts';
import type { TrafficOrder } from '../ports.ts';
import { readHealth } from './elbv2-alb-facts.ts';
import { modifyListener, modifyRule } from './elbv2-rules.ts';

type Client = ElasticLoadBalancingV2Client;

/**
 * How long one call waits for the slot that it has just attached, and how often it looks. A new target is healthy after
 * one passed check, which by default comes within 30 s; the step's own retry (under a minute of pauses) repeats the
 * wait up to four times, so a slot has about five minutes.
 */
const HEALTH_WAIT_MS = 60_000;
const HEALTH_LOOK_MS = 5_000;

/** Waits until a target of the canary's slot is healthy. Throws TransientError when none is in time. */
export async function waitForHealth(
  client: Client,
  order: TrafficOrder,
  pause: (ms: number) => Promise<void>,
): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += HEALTH_LOOK_MS) {
    const trouble = await healthTrouble(client, order);
    if (trouble === null) return;
    if (waitedMs >= HEALTH_WAIT_MS) throw new TransientError(`${trouble}, attached at weight 0`);
    await pause(HEALTH_LOOK_MS);
  }
}

/** The step's retry asks again. */
export async function requireHealthy(client: Client, order: TrafficOrder): Promise<void> {
  const trouble = await healthTrouble(client, order);
  if (trouble !== null) throw new TransientError(trouble);
}

/** null: at least one target of the canary's slot is healthy. */
async function healthTrouble(client: Client, { canary }: TrafficOrder): Promise<string | null> {
  const health = await readHealth(client, canary.ref);
  if (health !== null && health.healthy > 0) return null;
  const found = health === null ? 'the target group is gone' : healthText(health);
  return `the slot ${groupName(canary.ref)} has no healthy target: ${found}`;
}

export async function readSides(client: Client, { stable, canary }: TrafficOrder): Promise<TargetHealth> {
  const [ofStable, ofCanary] = await Promise.all([
    readSide(client, stable.ref),
    readSide(client, canary.ref),
  ]);
  return { stable: ofStable, canary: ofCanary };
}

/** A target group that is gone has no targets; who is leaving counts as gone. */
async function readSide(client: Client, groupArn: string): Promise<SideHealth> {
  return (await readHealth(client, groupArn)) ?? { healthy: 0, unhealthy: 0, pending: 0 };
}

export async function writeBase(
  client: Client,
  { RuleArn = '', IsDefault }: Rule,
  actions: Action[],
): Promise<void> {
  await (IsDefault === true
    ? modifyListener(client, namesInRuleArn(RuleArn).listenerArn, actions)
    : modifyRule(client, RuleArn, actions));
}
