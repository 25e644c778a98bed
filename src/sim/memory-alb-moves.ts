// What both in-memory ALB routers do alike: ask for healthy targets, write and delete.
import { TransientError } from '../core/errors.ts';
import { healthText } from '../core/targets/alb-rule-health.ts';
import type { AlbAction, AlbRule } from '../core/targets/alb-rule-listener.ts';
import { groupName, namesInRuleArn } from '../core/targets/alb-rule-names.ts';
import type { TrafficOrder } from '../ports.ts';
import type { AlbControlPlane } from './memory-alb.ts';
import { isNamed } from './memory-alb-reading.ts';

/** The step's retry asks again. */
export async function requireHealthy(plane: AlbControlPlane, { canary }: TrafficOrder): Promise<void> {
  const health = await plane.describeHealth(canary.ref);
  if (health !== null && health.healthy > 0) return;
  const found = health === null ? 'the target group is gone' : healthText(health);
  throw new TransientError(`the slot ${groupName(canary.ref)} has no healthy target: ${found}`);
}

export function writeBase(
  plane: AlbControlPlane,
  { RuleArn = '', IsDefault }: AlbRule,
  actions: readonly AlbAction[],
): Promise<void> {
  return IsDefault === true
    ? plane.modifyListener(namesInRuleArn(RuleArn).listenerArn, actions)
    : plane.modifyRule(RuleArn, actions);
}

/** A rule that is gone already is fine. */
export async function removeRule(plane: AlbControlPlane, ruleArn: string): Promise<void> {
  try {
    await plane.deleteRule(ruleArn);
  } catch (error) {
    if (!isNamed(error, 'RuleNotFoundException')) throw error;
  }
}
