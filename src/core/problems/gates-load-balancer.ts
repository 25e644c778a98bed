// What refuses a start on the rule of a load balancer. Nothing was shifted.
import type { ProblemEntry } from './entry.ts';

export const LOAD_BALANCER_GATE_PROBLEMS = {
  'rule-missing': {
    means: 'The listener rule of the service file does not exist.',
    why: 'The rule is what carries the traffic; without it there is nothing to shift.',
    fix: 'Correct target.alb.listenerRule: aws elbv2 describe-rules --listener-arn LISTENER.',
  },
  'slot-missing': {
    means: 'A target group of the service file does not exist.',
    why: 'Both slots are needed: one serves, the other takes the new version.',
    fix: 'Correct target.alb.slots: aws elbv2 describe-target-groups.',
  },
  'rule-already-split': {
    means: 'The traffic is shared between the two slots already.',
    why: 'Another rollout or a person is at work; which slot to go back to cannot be known.',
    fix: 'End the other rollout, or point the rule at the live slot alone.',
  },
  'rule-forwards-elsewhere': {
    means: 'The rule forwards to neither of the two slots.',
    why: 'Neither slot serves, so there is no stable version to compare with and to go back to.',
    fix: 'Point the rule at the live slot, or correct target.alb.slots.',
  },
  'slot-has-wrong-tag': {
    means: 'The idle slot is not tagged with the version that is to be rolled out.',
    why: 'A target group does not say what runs in it; without the tag a rollout could try another version than the one that was asked for.',
    fix: 'Deploy the version into the idle slot, then tag the target group stepshift:version=VERSION.',
  },
  'slot-not-idle': {
    means: 'Another rule sends traffic to the idle slot.',
    why: 'The canary would serve users before it was judged, and its numbers would mix two kinds of traffic.',
    fix: 'Point the other rule elsewhere, or give this service a slot of its own.',
  },
  'slot-is-sticky': {
    means: 'A slot has sticky sessions.',
    why: 'Users who met the new version would stay on it, weights would not hold, and a way back would not reach them.',
    fix: 'Turn stickiness off on both target groups.',
  },
  'slot-unhealthy': {
    means: 'No target of a slot is healthy.',
    why: 'Traffic that is sent there would fail at once.',
    fix: 'See why: aws elbv2 describe-target-health --target-group-arn GROUP; start again when one is healthy.',
  },
  'foreign-controller': {
    means: 'A Kubernetes controller manages the load balancer, the listener or the rule.',
    why: 'It deletes rules that it did not make, and would take the rule of the rollout for one of those.',
    fix: 'Use a listener of your own infrastructure code, or choose mode: in-place if it leaves weights alone.',
  },
  'oidc-action': {
    means: 'The rule authenticates by OIDC.',
    why: 'A rollout copies the rule, and the client secret of the action cannot be read to be copied.',
    fix: 'Use authenticate-cognito or jwt-validation, authenticate in the service, or choose mode: in-place.',
  },
  'no-rule-slot': {
    means: 'No priority is free right before the rule of the service.',
    why: 'The rule of a rollout has to be asked right before it, with nothing between them.',
    fix: 'Give the rule of the service a higher number, so that one is free before it.',
  },
  'rule-quota-full': {
    means: 'The load balancer has as many rules as the account allows.',
    why: 'A rollout makes one rule for as long as it runs.',
    fix: 'Remove a rule, or raise the quota «Rules per Application Load Balancer».',
  },
} as const satisfies Readonly<Record<string, ProblemEntry>>;
