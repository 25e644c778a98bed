// The gates of an ALB rule: what must hold before a rollout may make its own listener rule.
import { type GateResult, openGate, shutGate } from '../gates.ts';
import { type AlbRuleFacts, type AlbSlotFacts, SLOT_NAMES, type SlotName } from './alb-rule-facts.ts';
import { healthGate } from './alb-rule-health.ts';
import { groupName, VERSION_TAG } from './alb-rule-names.ts';
import type { StartRequest } from './target.ts';

type RuleFacts = NonNullable<AlbRuleFacts['rule']>;

/** @param where what a person calls the rule */
export function albRuleGates(where: string, facts: AlbRuleFacts, request: StartRequest): GateResult[] {
  const { rule, slots } = facts;
  if (rule === null) return [ruleMissing(where)];
  const missing = SLOT_NAMES.filter((name) => slots[name] === null);
  if (missing.length > 0)
    return [openGate('target-readable', `${where} exists`), slotsMissing(where, missing)];
  const first = [
    openGate('target-readable', `${where} and both slots exist`),
    wholeGate(where, rule),
    controllerGate(where, rule),
    secretGate(where, rule),
    roomGate(where, rule),
    quotaGate(where, facts.ruleQuota),
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

function controllerGate(where: string, { controllerTags }: RuleFacts): GateResult {
  const gate = 'no-foreign-controller';
  if (controllerTags.length === 0) return openGate(gate, 'no controller manages the listener');
  return shutGate(gate, {
    code: 'foreign-controller',
    what: `a Kubernetes controller manages ${where} and would delete the rule of a rollout`,
    where,
    got: `tags ${controllerTags.join(', ')}`,
    allowed: 'a load balancer, listener and rule that no controller manages',
    fix: 'Use a listener of your own infrastructure code and bind the pods to its target groups (TargetGroupBinding)',
  });
}

function secretGate(where: string, { actionTypes }: RuleFacts): GateResult {
  const gate = 'actions-can-be-copied';
  if (!actionTypes.includes('authenticate-oidc'))
    return openGate(gate, 'the actions of the rule can be copied');
  return shutGate(gate, {
    code: 'oidc-action',
    what: `${where} authenticates by OIDC, and a copy of the rule would need the client secret`,
    where,
    got: 'an action authenticate-oidc',
    allowed: 'forward, authenticate-cognito or jwt-validation',
    fix: 'Use authenticate-cognito or jwt-validation, or authenticate in the service',
  });
}

function roomGate(where: string, { freePriority }: RuleFacts): GateResult {
  const gate = 'rule-slot-free';
  if (freePriority !== null) return openGate(gate, `priority ${freePriority} is free, right before the rule`);
  return shutGate(gate, {
    code: 'no-rule-slot',
    what: `no priority is free right before ${where}`,
    where,
    got: 'another rule has the priority before it',
    allowed: 'a gap of one before the rule',
    fix: 'Give the rule a higher number: aws elbv2 set-rule-priorities --rule-priorities RuleArn=RULE,Priority=NUMBER',
  });
}

function quotaGate(where: string, { used, limit }: AlbRuleFacts['ruleQuota']): GateResult {
  const gate = 'rule-quota';
  if (limit === null || used < limit)
    return openGate(gate, `${used} of ${limit ?? 'an unknown number of'} rules are used`);
  return shutGate(gate, {
    code: 'rule-quota-full',
    what: `the load balancer of ${where} has ${used} rules, as many as the account allows`,
    where,
    got: `${used} rules`,
    allowed: `at most ${limit - 1} before a rollout, which needs one`,
    fix: 'Remove a rule, or raise the quota «Rules per Application Load Balancer» in Service Quotas',
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
    fix: `Deploy the version into the idle slot, then tag it: aws elbv2 add-tags --resource-arns GROUP --tags Key=${VERSION_TAG},Value=${version}`,
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
