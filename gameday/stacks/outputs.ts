// Names that the stacks of the game day and its adapters agree on, without CDK for the adapters.

export const BALANCER_OUTPUTS = {
  host: 'BalancerHost',
  listenerArn: 'ListenerArn',
  blue: 'BlueGroupArn',
  green: 'GreenGroupArn',
} as const;

/** The parameter of the sample stack that the experiment changes which deploys it again. */
export const TOUCH_PARAMETER = 'Touched';
