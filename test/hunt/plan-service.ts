// The service of a run: its target and a short plan, with enough traffic that a verdict takes minutes, not hours.
import type { ServiceSpec, Stage } from '../../src/core/service-spec.ts';
import type { Target } from '../../src/core/targets/index.ts';
import type { TargetMode } from './plan.ts';
import type { Story } from './plan-aim.ts';
import { between, pick, stream } from './streams.ts';

export const SERVICE = 'checkout';
export const ALARMS = ['Checkout5xx', 'CheckoutSlow'] as const;
export const FUNCTION = 'checkout-api';
export const ALIAS = 'live';

const LOAD_BALANCER = 'arn:aws:elasticloadbalancing:eu-west-2:123456789012';
export const BASE_RULE = `${LOAD_BALANCER}:listener-rule/app/checkout-lb/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee`;
export const BLUE = `${LOAD_BALANCER}:targetgroup/checkout-blue/73e2d6bc24d8a067`;
export const GREEN = `${LOAD_BALANCER}:targetgroup/checkout-green/09966783158cda59`;

const TARGETS: Readonly<Record<TargetMode, Target>> = {
  lambda: { kind: 'lambda-alias', functionName: FUNCTION, alias: ALIAS, interface: 'event' },
  alb: {
    kind: 'alb-rule',
    listenerRuleArn: BASE_RULE,
    slots: { blue: BLUE, green: GREEN },
    mode: 'rule-per-rollout',
  },
  'alb-in-place': {
    kind: 'alb-rule',
    listenerRuleArn: BASE_RULE,
    slots: { blue: BLUE, green: GREEN },
    mode: 'in-place',
  },
};

/** The other service: its function and the version that serves. */
export const ASIDE = {
  service: 'search',
  functionName: 'search-api',
  alias: 'live',
  stable: '6',
  canary: '7',
} as const;

export function drawAside(seed: number): ServiceSpec {
  const random = stream(seed, 'aside');
  const { service, functionName, alias } = ASIDE;
  const stages = pick(random, [[10], [20, 60]]).map((weightPercent) => ({
    weightPercent,
    bakeSeconds: between(random, 2, 4) * 60,
    approval: false,
  }));
  return {
    ...specOf({ kind: 'lambda-alias', functionName, alias, interface: 'event' }, stages),
    service,
    maxHoldSeconds: 300,
    onInconclusive: 'rollback',
  };
}

const PLANS = [[10], [50], [5, 50], [25, 95], [5, 25, 50], [10, 50, 100]];
const PLAIN = [[50], [25, 50]];

export function drawSpec(seed: number, target: TargetMode, story: Story): ServiceSpec {
  const random = stream(seed, 'service');
  const plans = story.isClear ? PLAIN : PLANS;
  const weights = pick(random, story.isLong ? plans.filter(({ length }) => length > 1) : plans);
  const approvalAt =
    !story.isAsking && random() < (story.isClear ? 0.35 : 0.55) ? between(random, 0, weights.length - 1) : -1;
  const stages = weights.map((weightPercent, index): Stage => {
    const stage = { weightPercent, bakeSeconds: between(random, 2, story.isClear ? 2 : 5) * 60 };
    return { ...stage, approval: index === approvalAt };
  });
  return {
    ...specOf(TARGETS[target], stages),
    maxHoldSeconds: between(random, 2, 8) * 60,
    onInconclusive: story.isAsking ? 'ask' : pick(random, ['rollback', 'rollback', 'advance', 'ask']),
  };
}

function specOf(
  target: Target,
  stages: readonly Stage[],
): Omit<ServiceSpec, 'maxHoldSeconds' | 'onInconclusive'> {
  return {
    service: SERVICE,
    target,
    stages: [...stages],
    checks: {
      errors: { toleranceRatio: 1.5, floorPercent: 0.1, limitPercent: 1, http5xx: null },
      latency: null,
      throttlesLimitPercent: null,
      alarms: [...ALARMS],
      custom: [],
    },
    sensitivity: 'normal',
    notify: null,
    waivers: {},
  };
}
