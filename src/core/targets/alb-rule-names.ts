// ARNs, names and tags on a load balancer: what can be told without asking it.
/** Tags that Stepshift reads and writes on rules and target groups. */
export const ROLLOUT_TAG = 'stepshift:rollout';
export const BASE_RULE_TAG = 'stepshift:base-rule';
/** On the rule of a rollout: the target group of the stable version, for whoever has to stop without the engine. */
export const STABLE_TAG = 'stepshift:stable';
export const VERSION_TAG = 'stepshift:version';

/** `arn:P:elasticloadbalancing:R:A:listener-rule/app/NAME/LB/LISTENER/RULE` taken apart. */
export interface AlbRuleNames {
  readonly listenerArn: string;
  readonly loadBalancerArn: string;
  /** `app/NAME/LB`: the LoadBalancer dimension of its metrics. */
  readonly loadBalancerId: string;
  readonly loadBalancerName: string;
}

export const RULE_ARN_PATTERN =
  /^arn:[a-z-]+:elasticloadbalancing:[a-z0-9-]+:\d{12}:listener-rule\/app\/[A-Za-z0-9-]+\/[0-9a-f]+\/[0-9a-f]+\/[0-9a-f]+$/;
export const GROUP_ARN_PATTERN =
  /^arn:[a-z-]+:elasticloadbalancing:[a-z0-9-]+:\d{12}:targetgroup\/[A-Za-z0-9-]+\/[0-9a-f]+$/;

/** Everything that the ARN of a rule tells about where it stands. */
export function namesInRuleArn(ruleArn: string): AlbRuleNames {
  const [prefix = '', path = ''] = ruleArn.split(':listener-rule/');
  const [type = '', name = '', loadBalancer = '', listener = ''] = path.split('/');
  const loadBalancerId = `${type}/${name}/${loadBalancer}`;
  return {
    listenerArn: `${prefix}:listener/${loadBalancerId}/${listener}`,
    loadBalancerArn: `${prefix}:loadbalancer/${loadBalancerId}`,
    loadBalancerId,
    loadBalancerName: name,
  };
}

/** `targetgroup/NAME/ID`: the TargetGroup dimension of its metrics. */
export function groupId(groupArn: string): string {
  return groupArn.slice(groupArn.lastIndexOf(':') + 1);
}

/** What a person calls a target group. */
export function groupName(groupArn: string): string {
  return groupArn.split('/')[1] ?? groupArn;
}
