// What must hold before a rollout may make a listener rule of its own, and what is said where it makes none.
import { type GateResult, openGate, shutGate } from '../gates.ts';
import type { AlbRuleFacts } from './alb-rule-facts.ts';

type RuleFacts = NonNullable<AlbRuleFacts['rule']>;

/** Nothing that these gates ask for is needed where the rule itself is changed. */
const OR_IN_PLACE =
  'or set target.alb.mode: in-place, which makes no rule and promises less (stepshift plan says what)';

/** @param where what a person calls the base rule */
export function ownRuleGates(
  where: string,
  rule: RuleFacts,
  ruleQuota: AlbRuleFacts['ruleQuota'],
): GateResult[] {
  return [
    controllerGate(where, rule),
    secretGate(where, rule),
    roomGate(where, rule),
    quotaGate(where, ruleQuota),
  ];
}

/** A controller may write the rule back; the next look then finds a share that is not the last one written. */
export function inPlaceGate(where: string, { controllerTags }: RuleFacts): GateResult {
  const managed =
    controllerTags.length === 0
      ? ''
      : `; what manages it (${controllerTags.join(', ')}) must leave its weights alone`;
  return openGate('changed-in-place', `${where} is changed in place, so no rule has to be made${managed}`);
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
    fix: `Use a listener of your own infrastructure code and bind the pods to its target groups (TargetGroupBinding); ${OR_IN_PLACE}, if the controller leaves weights alone`,
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
    fix: `Use authenticate-cognito or jwt-validation, or authenticate in the service; ${OR_IN_PLACE}`,
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
    fix: `Give the rule a higher number: aws elbv2 set-rule-priorities --rule-priorities RuleArn=RULE,Priority=NUMBER; ${OR_IN_PLACE}`,
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
    fix: `Remove a rule, or raise the quota «Rules per Application Load Balancer» in Service Quotas; ${OR_IN_PLACE}`,
  });
}
