// What the engine must be allowed to do to move and watch one ALB listener rule, and nothing more.
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { AlbRuleTarget } from '../src/core/targets/alb-rule.ts';
import { BASE_RULE_TAG, namesInRuleArn, ROLLOUT_TAG } from '../src/core/targets/alb-rule-names.ts';

/**
 * Source: Service Authorization Reference, Elastic Load Balancing V2: Describe* take no resource; CreateRule is
 * authorised on the listener, ModifyRule and DeleteRule on the rule, and AddTags on what is being made.
 * A deleted rule has no tags, so a second delete of it is denied rather than not found;
 * the retry of the step looks again and finds it gone.
 */
export function albRulePermissions({ listenerRuleArn }: AlbRuleTarget): PolicyStatement[] {
  const { listenerArn } = namesInRuleArn(listenerRuleArn);
  const rulesOfListener = `${listenerArn.replace(':listener/', ':listener-rule/')}/*`;
  const [, partition, , region, account] = listenerArn.split(':');
  const madeForThisRule = { [`aws:RequestTag/${BASE_RULE_TAG}`]: listenerRuleArn };
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
    new PolicyStatement({
      actions: ['elasticloadbalancing:CreateRule'],
      resources: [listenerArn],
      conditions: { StringEquals: madeForThisRule },
    }),
    new PolicyStatement({
      actions: ['elasticloadbalancing:AddTags'],
      resources: [rulesOfListener],
      conditions: { StringEquals: { ...madeForThisRule, 'elasticloadbalancing:CreateAction': 'CreateRule' } },
    }),
    new PolicyStatement({
      actions: ['elasticloadbalancing:ModifyRule', 'elasticloadbalancing:DeleteRule'],
      resources: [rulesOfListener],
      conditions: {
        StringEquals: { [`aws:ResourceTag/${BASE_RULE_TAG}`]: listenerRuleArn },
        Null: { [`aws:ResourceTag/${ROLLOUT_TAG}`]: 'false' },
      },
    }),
    // a copied action of the type authenticate-cognito is checked with the caller's own permissions
    new PolicyStatement({
      actions: ['cognito-idp:DescribeUserPoolClient'],
      resources: [`arn:${partition}:cognito-idp:${region}:${account}:userpool/*`],
    }),
    // the base rule at promotion; a default rule is changed through its listener
    new PolicyStatement({ actions: ['elasticloadbalancing:ModifyRule'], resources: [listenerRuleArn] }),
    new PolicyStatement({ actions: ['elasticloadbalancing:ModifyListener'], resources: [listenerArn] }),
  ];
}
