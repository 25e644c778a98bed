// What both in-memory ALB routers do alike: refuse strangers and drift, ask for healthy targets, write and delete.
import { DriftError, SupersededError, TransientError } from '../core/errors.ts';
import type { LiveTraffic } from '../core/live-traffic.ts';
import { healthText } from '../core/targets/alb-rule-health.ts';
import type { AlbAction, AlbRule } from '../core/targets/alb-rule-listener.ts';
import { groupName, namesInRuleArn } from '../core/targets/alb-rule-names.ts';
import type { TrafficOrder } from '../ports.ts';
import type { AlbControlPlane } from './memory-alb.ts';
import { isNamed } from './memory-alb-reading.ts';

export interface ShareChange {
  readonly expectedPercent: number;
  readonly weightPercent: number;
}

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

/** The share before the write is the last one written, or the wanted one, which an earlier try of the order left. */
export function assertExpected({ canaryPercent }: LiveTraffic, change: ShareChange): void {
  if (canaryPercent === change.expectedPercent || canaryPercent === change.weightPercent) return;
  throw new DriftError(
    `expected the canary at ${change.expectedPercent} %, found it at ${canaryPercent} %`,
    canaryPercent,
  );
}

/** The share after the write is the wanted one. */
export function assertWritten(after: LiveTraffic, change: ShareChange): LiveTraffic {
  if (after.canaryPercent === change.weightPercent) return after;
  if (after.canaryPercent === change.expectedPercent)
    throw new TransientError(`the write of ${change.weightPercent} % does not show yet`);
  throw new DriftError(
    `wrote ${change.weightPercent} %, read back ${after.canaryPercent} %`,
    after.canaryPercent,
  );
}

export function assertNoStrangers(traffic: LiveTraffic): LiveTraffic {
  if (traffic.strangers.length > 0) throw superseded(traffic.strangers);
  return traffic;
}

export function superseded(strangers: readonly string[]): SupersededError {
  return new SupersededError(`${strangers.join(', ')} is live: hands off`);
}
