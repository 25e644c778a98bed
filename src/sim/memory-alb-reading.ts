// What the in-memory routers read of the load balancer: facts for the gates, health, and where the traffic goes.
import type { LiveTraffic, SideHealth, TargetHealth } from '../core/live-traffic.ts';
import type { AlbRuleTarget } from '../core/targets/alb-rule.ts';
import {
  type AlbRuleFacts,
  albRuleFacts,
  rulesToTag,
  type SlotName,
} from '../core/targets/alb-rule-facts.ts';
import { type AlbRule, liveShares, rulesOfRollout } from '../core/targets/alb-rule-listener.ts';
import { BASE_RULE_TAG, namesInRuleArn } from '../core/targets/alb-rule-names.ts';
import type { Target } from '../core/targets/index.ts';
import type { TrafficOrder } from '../ports.ts';
import type { AlbControlPlane } from './memory-alb.ts';

export async function describe(plane: AlbControlPlane, target: AlbRuleTarget): Promise<AlbRuleFacts> {
  const { listenerArn, loadBalancerArn } = namesInRuleArn(target.listenerRuleArn);
  const rules = new Map<string, readonly AlbRule[]>();
  for (const arn of plane.describeListenerArns()) rules.set(arn, await plane.describeRules(arn));
  const listenerRules = rules.get(listenerArn) ?? [];
  rules.delete(listenerArn);
  const otherRules = [...rules.values()].flat();
  const slotArns = Object.values(target.slots);
  const managedArns = [target.listenerRuleArn, listenerArn, loadBalancerArn];
  const slot = async (name: SlotName) => {
    const arn = target.slots[name];
    const health = await plane.describeHealth(arn);
    return health === null ? null : { arn, health, isSticky: await plane.isSticky(arn) };
  };
  return albRuleFacts({
    baseRuleArn: target.listenerRuleArn,
    listenerRules,
    otherRules,
    tags: await plane.describeTags([
      ...slotArns,
      ...managedArns,
      ...rulesToTag([...listenerRules, ...otherRules], slotArns),
    ]),
    managedArns,
    slots: { blue: await slot('blue'), green: await slot('green') },
    ruleLimit: await plane.ruleLimit(),
    idleTimeoutSeconds: await plane.idleTimeoutSeconds(),
  });
}

/** What stands on the listener: the base rule, the rules of this rollout, and those of others on the same base rule. */
export interface Look {
  readonly rules: readonly AlbRule[];
  readonly base: AlbRule | null;
  readonly own: readonly AlbRule[];
  readonly leftOver: readonly AlbRule[];
}

export async function look(plane: AlbControlPlane, order: TrafficOrder): Promise<Look> {
  const { listenerRuleArn, slots } = albTarget(order.target);
  const rules = await plane.describeRules(namesInRuleArn(listenerRuleArn).listenerArn);
  const tags = await plane.describeTags(rulesToTag(rules, Object.values(slots)));
  const made = rules.filter(({ RuleArn = '' }) => tags[RuleArn]?.[BASE_RULE_TAG] === listenerRuleArn);
  const ours = rulesOfRollout(rules, tags, order.tag.rolloutId);
  // a rule that somebody pointed elsewhere is still ours, though it names no slot any more
  const own = rules.filter((rule) => rule.RuleArn === order.handle['ruleArn'] || ours.includes(rule));
  return {
    rules,
    base: rules.find((rule) => rule.RuleArn === listenerRuleArn) ?? null,
    own,
    leftOver: made.filter((rule) => !own.includes(rule)),
  };
}

export function live({ base, own }: Look, { stable, canary }: TrafficOrder): LiveTraffic {
  if (base === null)
    return { canaryPercent: 0, stablePercent: 0, strangers: ['no base rule'], writtenBy: null };
  return { ...liveShares({ base, own: own[0] ?? null }, stable.ref, canary.ref), writtenBy: null };
}

/** null: somebody deleted it. */
export async function readBase(plane: AlbControlPlane, { target }: TrafficOrder): Promise<AlbRule | null> {
  const { listenerRuleArn } = albTarget(target);
  const rules = await plane.describeRules(namesInRuleArn(listenerRuleArn).listenerArn);
  return rules.find((rule) => rule.RuleArn === listenerRuleArn) ?? null;
}

/** Where the base rule sends the traffic, whatever other rules there are. */
export function sharesInBase(base: AlbRule | null, order: TrafficOrder): LiveTraffic {
  return live({ rules: [], base, own: [], leftOver: [] }, order);
}

export async function readHealth(
  plane: AlbControlPlane,
  { stable, canary }: TrafficOrder,
): Promise<TargetHealth> {
  const side = async (groupArn: string): Promise<SideHealth> =>
    (await plane.describeHealth(groupArn)) ?? NOBODY;
  return { stable: await side(stable.ref), canary: await side(canary.ref) };
}

/** A target group that is gone has no targets. */
const NOBODY: SideHealth = { healthy: 0, unhealthy: 0, pending: 0 };

export function isNamed(error: unknown, ...names: readonly string[]): error is Error {
  return error instanceof Error && names.includes(error.name);
}

export function albTarget(target: Target): AlbRuleTarget {
  if (target.kind === 'alb-rule') return target;
  throw new TypeError('this router moves ALB rules only');
}
