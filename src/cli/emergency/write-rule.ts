// Writes the rule of the service in an emergency: a default rule is written through its listener.
import type { Action, Rule } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ListenerEmergency } from '../../aws/emergency-stop.ts';
import { namesInRuleArn } from '../../core/targets/alb-rule-names.ts';
import { regionOf, type StopCall } from './stop.ts';

export function writeRuleCall({ RuleArn = '', IsDefault }: Rule, actions: readonly Action[]): StopCall {
  const { listenerArn } = namesInRuleArn(RuleArn);
  const region = `--region ${regionOf(RuleArn)}`;
  const json = `'${JSON.stringify(actions)}'`;
  return IsDefault === true
    ? {
        call: 'ModifyListener',
        on: listenerArn,
        aws: `aws elbv2 modify-listener ${region} --listener-arn ${listenerArn} --default-actions ${json}`,
      }
    : {
        call: 'ModifyRule',
        on: RuleArn,
        aws: `aws elbv2 modify-rule ${region} --rule-arn ${RuleArn} --actions ${json}`,
      };
}

export function writeRule(
  listener: ListenerEmergency,
  { RuleArn = '', IsDefault }: Rule,
  actions: Action[],
): Promise<void> {
  return IsDefault === true
    ? listener.modifyListener(namesInRuleArn(RuleArn).listenerArn, actions)
    : listener.modifyRule(RuleArn, actions);
}
