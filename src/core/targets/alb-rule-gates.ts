// The gates of an ALB rule: what must hold before a rollout may move its traffic.
import { type GateResult, openGate, shutGate } from '../gates.ts';
import { inPlaceGate, ownRuleGates } from './alb-own-rule-gates.ts';
import { type AlbRuleFacts, type AlbSlotFacts, SLOT_NAMES, type SlotName } from './alb-rule-facts.ts';
import { healthGate } from './alb-rule-health.ts';
import type { AlbMode } from './alb-rule-modes.ts';
import { groupName, VERSION_TAG } from './alb-rule-names.ts';
import type { StartRequest } from './target.ts';

type RuleFacts = NonNullable<AlbRuleFacts['rule']>;

/** @param place what a person calls the rule, and how it is to be moved */
export function albRuleGates(
  { where, mode }: { readonly where: string; readonly mode: AlbMode },
  facts: AlbRuleFacts,
  request: StartRequest,
): GateResult[] {
  const { rule, slots } = facts;
  if (rule === null) return [ruleMissing(where)];
  const missing = SLOT_NAMES.filter((name) => slots[name] === null);
  if (missing.length > 0)
    return [openGate('target-readable', `${where} exists`), slotsMissing(where, missing)];
  const first = [
    openGate('target-readable', `${where} and both slots exist`),
    wholeGate(where, rule),
    ...(mode === 'in-place' ? [inPlaceGate(where, rule)] : ownRuleGates(where, rule, facts.ruleQuota)),
  ];
  const live = rule.liveSlot === null ? null : slots[rule.liveSlot];
  const idle = idleSlotOf(facts);
  if (live === null || idle === null) return first;
  return [
    ...first,
    tagGate(where, live, idle, request),
    idleGate(idle),
    stickinessGate([live, idle]),
    healthGate('stable', live),
    healthGate('canary', idle),
  ];
}

/** The slot that the rule does not forward to; null while no slot takes all traffic. */
export function idleSlotOf({ rule, slots }: AlbRuleFacts): AlbSlotFacts | null {
  if (rule === null || rule.liveSlot === null) return null;
  return slots[rule.liveSlot === 'blue' ? 'green' : 'blue'];
}

function ruleMissing(where: string): GateResult {
  return shutGate('target-readable', {
    code: 'rule-missing',
    what: `the listener rule ${where} does not exist`,
    where,
    got: 'no such rule',
    allowed: 'the ARN of a rule of an Application Load Balancer in this account and Region',
    fix: 'Correct target.alb.listenerRule: aws elbv2 describe-rules --listener-arn LISTENER',
  });
}

function slotsMissing(where: string, missing: readonly SlotName[]): GateResult {
  return shutGate('slots-exist', {
    code: 'slot-missing',
    what: `no such target group in this account and Region: ${missing.join(', ')}`,
    where,
    got: missing.join(', '),
    allowed: 'two target groups of the same load balancer',
    fix: 'Correct target.alb.slots: aws elbv2 describe-target-groups',
  });
}

function wholeGate(where: string, rule: RuleFacts): GateResult {
  const gate = 'target-whole';
  const got = Object.entries(rule.shares)
    .map(([name, percent]) => `${percent} % to ${name}`)
    .join(', ');
  if (rule.leftOver !== null) {
    return shutGate(gate, {
      code: 'rule-already-split',
      what: `the rule of the rollout ${rule.leftOver} still gives traffic to the idle slot of ${where}`,
      where,
      got: `a listener rule tagged stepshift:rollout=${rule.leftOver}`,
      allowed: 'no rule of another rollout',
      fix: 'End that rollout, or delete its rule: aws elbv2 delete-rule --rule-arn RULE',
    });
  }
  if (rule.liveSlot !== null)
    return openGate(gate, `all traffic of ${where} goes to the slot ${rule.liveSlot}`);
  const isSplit = Object.keys(rule.shares).length > 1;
  return shutGate(gate, {
    code: isSplit ? 'rule-already-split' : 'rule-forwards-elsewhere',
    what: isSplit ? `${where} is split already: ${got}` : `${where} forwards to neither slot`,
    where,
    got: got || `actions ${rule.actionTypes.join(', ') || 'none'}`,
    allowed: 'a forward of all traffic to one of the two slots',
    fix: 'Point the rule at the live slot alone: aws elbv2 modify-rule --rule-arn RULE --actions Type=forward,TargetGroupArn=GROUP',
  });
}

function tagGate(
  where: string,
  live: AlbSlotFacts,
  idle: AlbSlotFacts,
  { version }: StartRequest,
): GateResult {
  const gate = 'slot-has-version';
  if (idle.version === version)
    return openGate(gate, `the idle slot ${groupName(idle.arn)} has version ${version}`);
  const isLive = live.version === version;
  return shutGate(gate, {
    code: isLive ? 'version-is-live' : 'slot-has-wrong-tag',
    what: isLive
      ? `version ${version} already serves all traffic of ${where}`
      : `the idle slot ${groupName(idle.arn)} is not tagged with version ${version}`,
    where: groupName(idle.arn),
    got: idle.version === null ? `no tag ${VERSION_TAG}` : `${VERSION_TAG}=${idle.version}`,
    allowed: `${VERSION_TAG}=${version}`,
    fix: isLive
      ? 'Nothing to do; to roll out something new, deploy it into the idle slot, tag that and name its version'
      : `Deploy the version into the idle slot, then tag it: aws elbv2 add-tags --resource-arns ${idle.arn} --tags Key=${VERSION_TAG},Value=${version}`,
  });
}

function idleGate(idle: AlbSlotFacts): GateResult {
  const gate = 'slot-idle';
  const name = groupName(idle.arn);
  if (idle.otherRules.length === 0) return openGate(gate, `no rule sends traffic to ${name}`);
  return shutGate(gate, {
    code: 'slot-not-idle',
    what: `the slot ${name} takes traffic from another rule of the load balancer`,
    where: name,
    got: idle.otherRules.join(', '),
    allowed: 'no other rule that forwards to the idle slot',
    fix: 'Point that rule at another target group, or give this service a slot of its own',
  });
}

function stickinessGate(slots: readonly AlbSlotFacts[]): GateResult {
  const gate = 'slots-not-sticky';
  const sticky = slots.filter((slot) => slot.isSticky).map((slot) => groupName(slot.arn));
  if (sticky.length === 0) return openGate(gate, 'no slot pins users with a cookie');
  return shutGate(gate, {
    code: 'slot-is-sticky',
    what: `sticky sessions would pin users to the new version: ${sticky.join(', ')}`,
    where: sticky.join(', '),
    got: 'stickiness.enabled=true',
    allowed: 'slots without sticky sessions',
    fix: 'Turn them off on both: aws elbv2 modify-target-group-attributes --target-group-arn GROUP --attributes Key=stickiness.enabled,Value=false',
  });
}
