// The same stop with the AWS command line alone: told before anything is tried, so that nobody waits for us.
import { namesInRuleArn } from '../../core/targets/alb-rule-names.ts';
import { clearWeightsCall } from './alias.ts';
import { deleteRuleCall } from './rules.ts';
import { regionOf } from './stop.ts';
import type { StopWish } from './wish.ts';

/** Commands in their order; capitals stand for what the one before shows. */
export function byHand(wish: StopWish): readonly string[] {
  switch (wish.kind) {
    case 'alias':
      return [clearWeightsCall(wish).aws];
    case 'rule':
      return [deleteRuleCall(wish.ruleArn).aws];
    case 'own-rules':
      return [
        describeRules(wish.target.listenerRuleArn),
        `aws elbv2 delete-rule --region ${regionOf(wish.target.listenerRuleArn)} --rule-arn RULE_RIGHT_BEFORE_THE_ONE_OF_THE_SERVICE`,
      ];
    case 'in-place':
      return [
        describeRules(wish.target.listenerRuleArn),
        `aws elbv2 modify-rule --region ${regionOf(wish.target.listenerRuleArn)} --rule-arn ${wish.target.listenerRuleArn} --actions ACTIONS_WITH_ALL_WEIGHT_ON_STABLE`,
      ];
  }
}

function describeRules(ruleArn: string): string {
  return `aws elbv2 describe-rules --region ${regionOf(ruleArn)} --listener-arn ${namesInRuleArn(ruleArn).listenerArn}`;
}
