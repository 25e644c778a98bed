// The ALB rule of a simulated world, as the scenario leaves it at the start. The slot blue is live.
import type { ServiceSpec } from '../core/service-spec.ts';
import type { AlbRuleTarget } from '../core/targets/alb-rule.ts';
import { albCounts } from '../core/targets/alb-rule-counts.ts';
import {
  type AlbAction,
  type AlbRule,
  liveShares,
  splitActions,
  wholeActions,
} from '../core/targets/alb-rule-listener.ts';
import { BASE_RULE_TAG, namesInRuleArn, VERSION_TAG } from '../core/targets/alb-rule-names.ts';
import { type AlbControlPlane, albControlPlane } from './memory-alb.ts';
import { memoryAlbRouter } from './memory-alb-router.ts';
import type { Scenario } from './scenario.ts';
import type { Tally } from './traffic-tally.ts';
import type { ApiFaults } from './world-faults.ts';
import type { TargetWorld } from './world-target.ts';

const BASE_PRIORITY = 100;

export function albWorld(spec: ServiceSpec, scenario: Scenario, faults: ApiFaults): TargetWorld {
  if (spec.target.kind !== 'alb-rule') throw new TypeError(`no ALB rule: ${spec.target.kind}`);
  const { listenerRuleArn, slots } = spec.target;
  const plane = startingPlane(spec.target, scenario);
  plane.hooks.before = faults.before;
  plane.hooks.after = faults.after;
  const base = (): AlbRule => ruleByArn(plane, listenerRuleArn);
  const own = (): AlbRule | null => ownRule(plane, listenerRuleArn);
  return {
    router: memoryAlbRouter(plane),
    visibleErrors,
    httpStream: null,
    shares: () => {
      const live = liveShares({ base: base(), own: own() }, slots.blue, slots.green);
      return { stable: live.stablePercent, canary: live.canaryPercent };
    },
    onChange: (listener) => plane.onChange(listener),
    setWeight: (percent) => {
      const { RuleArn = '', Actions = [] } = own() ?? base();
      plane.edit(RuleArn, splitActions(Actions, slots.blue, slots.green, percent));
    },
    hotfix: (version) => {
      plane.edit(listenerRuleArn, wholeActions(base().Actions ?? [], hotfixGroup(slots.blue, version)));
    },
  };
}

/** An exception takes the process down before it answers: the connection is refused. */
function visibleErrors({ requests, errors, http500, hung }: Tally): number {
  const ended = requests - hung;
  const sums = { requests: ended, answered: ended - errors - http500, refused: errors };
  return albCounts(sums)?.errors ?? 0;
}

function startingPlane(target: AlbRuleTarget, { version, world }: Scenario): AlbControlPlane {
  const { listenerRuleArn, slots } = target;
  const { listenerArn, loadBalancerArn } = namesInRuleArn(listenerRuleArn);
  const { alb } = world;
  const idleVersion = alb.idleSlotVersion === undefined ? version : alb.idleSlotVersion;
  return albControlPlane({
    listeners: { [listenerArn]: startingRules(target, world) },
    groups: {
      [slots.blue]: { tags: { [VERSION_TAG]: world.liveVersion }, health: { healthy: 2, unhealthy: 0 } },
      [slots.green]: {
        tags: idleVersion === null ? {} : { [VERSION_TAG]: idleVersion },
        health: { healthy: alb.healthyTargets, unhealthy: alb.unhealthyTargets },
      },
    },
    tags: alb.controller ? { [loadBalancerArn]: { 'elbv2.k8s.aws/cluster': 'production' } } : {},
    ruleLimit: alb.ruleLimit,
    idleTimeoutSeconds: world.timeout,
  });
}

function startingRules({ listenerRuleArn, slots }: AlbRuleTarget, world: Scenario['world']): AlbRule[] {
  const { alb, split } = world;
  const forward: AlbAction = { Type: 'forward', TargetGroupArn: slots.blue, Order: 2 };
  const toBlue = alb.oidc
    ? [{ Type: 'authenticate-oidc', Order: 1, AuthenticateOidcConfig: {} }, forward]
    : [forward];
  const rule = (suffix: string, priority: number, actions: AlbRule['Actions']): AlbRule => ({
    RuleArn: `${listenerRuleArn.slice(0, listenerRuleArn.lastIndexOf('/'))}/${suffix}`,
    Priority: String(priority),
    IsDefault: false,
    Conditions: [{ Field: 'path-pattern', Values: ['/other'] }],
    Actions: actions,
  });
  return [
    {
      RuleArn: listenerRuleArn,
      Priority: String(BASE_PRIORITY),
      IsDefault: false,
      Conditions: [{ Field: 'path-pattern', Values: ['/*'], PathPatternConfig: { Values: ['/*'] } }],
      Actions: split === undefined ? toBlue : splitActions(toBlue, slots.blue, slots.green, split.weight),
    },
    ...(alb.priorityTaken ? [rule('b10c', BASE_PRIORITY - 1, [{ Type: 'fixed-response' }])] : []),
    ...(alb.idleSlotTakesTraffic
      ? [rule('b051', 1, [{ Type: 'forward', TargetGroupArn: slots.green }])]
      : []),
    {
      ...rule('def0', 0, [{ Type: 'fixed-response' }]),
      Priority: 'default',
      IsDefault: true,
      Conditions: [],
    },
  ];
}

function hotfixGroup(groupArn: string, version: string): string {
  return `${groupArn.slice(0, groupArn.indexOf('targetgroup/'))}targetgroup/hotfix-${version}/0f1`;
}

function ruleByArn(plane: AlbControlPlane, arn: string): AlbRule {
  const found = plane.peek().find(({ RuleArn }) => RuleArn === arn);
  if (found === undefined) throw new TypeError(`no rule ${arn} in this world`);
  return found;
}

function ownRule(plane: AlbControlPlane, baseRuleArn: string): AlbRule | null {
  return (
    plane.peek().find(({ RuleArn = '' }) => plane.peekTags(RuleArn)[BASE_RULE_TAG] === baseRuleArn) ?? null
  );
}
