// What the engine must be allowed to do to move and watch one ALB listener rule, and nothing more.
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { AlbRuleTarget } from '../src/core/targets/alb-rule.ts';
import { BASE_RULE_TAG, namesInRuleArn, ROLLOUT_TAG } from '../src/core/targets/alb-rule-names.ts';

/**
 * Source: Service Authorization Reference, Elastic Load Balancing V2: Describe* take no resource; CreateRule is
 * authorised on the listener, ModifyRule and DeleteRule on the rule, and AddTags on what is being made.
 * A deleted rule has no tags, so a second delete of it is denied rather than not found; the router then looks whether it stands.
 */
export function albRulePermissions({ listenerRuleArn, mode }: AlbRuleTarget): PolicyStatement[] {
  const { listenerArn } = namesInRuleArn(listenerRuleArn);
  const [, partition, , region, account] = listenerArn.split(':');
  return [
    new PolicyStatement({
      actions: [
        'elasticloadbalancing:DescribeAccountLimits',
        'elasticloadbalancing:DescribeListeners',
        'elasticloadbalancing:DescribeLoadBalancerAttributes',
        'elasticloadbalancing:DescribeRules',
        'elasticloadbalancing:DescribeTags',
        'elasticloadbalancing:DescribeTargetGroupAttributes',
        'elasticloadbalancing:DescribeTargetHealth',
      ],
      resources: ['*'],
    }),
    ...(mode === 'in-place' ? [] : makingRules(listenerRuleArn)),
    // changed while its rollout runs; in place there is only one to delete that a rollout of the other mode left
    new PolicyStatement({
      actions: [
        ...(mode === 'in-place' ? [] : ['elasticloadbalancing:ModifyRule']),
        'elasticloadbalancing:DeleteRule',
      ],
      resources: [rulesOfListener(listenerArn)],
      conditions: {
        StringEquals: { [`aws:ResourceTag/${BASE_RULE_TAG}`]: listenerRuleArn },
        Null: { [`aws:ResourceTag/${ROLLOUT_TAG}`]: 'false' },
      },
    }),
    // an action of the type authenticate-cognito that is copied or sent back is checked with the caller's own permissions
    new PolicyStatement({
      actions: ['cognito-idp:DescribeUserPoolClient'],
      resources: [`arn:${partition}:cognito-idp:${region}:${account}:userpool/*`],
    }),
    // the base rule: at promotion, and in place with every write; a default rule is changed through its listener
    new PolicyStatement({ actions: ['elasticloadbalancing:ModifyRule'], resources: [listenerRuleArn] }),
    new PolicyStatement({ actions: ['elasticloadbalancing:ModifyListener'], resources: [listenerArn] }),
  ];
}

/** Only on this listener, and only tagged as made for this rule. */
function makingRules(listenerRuleArn: string): PolicyStatement[] {
  const { listenerArn } = namesInRuleArn(listenerRuleArn);
  const madeForThisRule = { [`aws:RequestTag/${BASE_RULE_TAG}`]: listenerRuleArn };
  return [
    new PolicyStatement({
      actions: ['elasticloadbalancing:CreateRule'],
      resources: [listenerArn],
      conditions: { StringEquals: madeForThisRule },
    }),
    new PolicyStatement({
      actions: ['elasticloadbalancing:AddTags'],
      resources: [rulesOfListener(listenerArn)],
      conditions: { StringEquals: { ...madeForThisRule, 'elasticloadbalancing:CreateAction': 'CreateRule' } },
    }),
  ];
}

function rulesOfListener(listenerArn: string): string {
  return `${listenerArn.replace(':listener/', ':listener-rule/')}/*`;
}
