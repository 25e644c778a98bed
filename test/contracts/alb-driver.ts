// One load balancer for the tests of the ALB routers, and the driver that the contract of all routers asks for.
import type { AlbAction, AlbRule } from '../../src/core/targets/alb-rule-listener.ts';
import { liveShares, splitActions, wholeActions } from '../../src/core/targets/alb-rule-listener.ts';
import type { AlbMode } from '../../src/core/targets/alb-rule-modes.ts';
import { BASE_RULE_TAG } from '../../src/core/targets/alb-rule-names.ts';
import type { TargetAccess, TrafficOrder, TrafficRouter } from '../../src/ports.ts';
import {
  type AlbApi,
  type AlbControlPlane,
  type AlbSetup,
  albControlPlane,
} from '../../src/sim/memory-alb.ts';
import type { RouterDriver, RouterTraits } from './traffic-router.contract.ts';

const PREFIX = 'arn:aws:elasticloadbalancing:eu-west-2:123456789012';
export const LISTENER = `${PREFIX}:listener/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2`;
export const LOAD_BALANCER = `${PREFIX}:loadbalancer/app/shop/50dc6c495c0c9188`;
export const OTHER_LISTENER = `${PREFIX}:listener/app/shop/50dc6c495c0c9188/aaaa000000000001`;
export const BLUE = `${PREFIX}:targetgroup/shop-blue/73e2d6bc24d8a067`;
export const GREEN = `${PREFIX}:targetgroup/shop-green/09966783158cda59`;
export const THIRD = `${PREFIX}:targetgroup/shop-hotfix/0000000000000003`;

export function ruleArn(id: string, listener = LISTENER): string {
  return `${listener.replace(':listener/', ':listener-rule/')}/${id}`;
}
export const BASE_RULE = ruleArn('9683b2d02a6cabee');

export function rule(id: string, priority: string, change: Partial<AlbRule> = {}): AlbRule {
  return {
    RuleArn: ruleArn(id),
    Priority: priority,
    IsDefault: priority === 'default',
    Conditions: [{ Field: 'path-pattern', Values: ['/shop/*'], PathPatternConfig: { Values: ['/shop/*'] } }],
    Actions: [{ Type: 'forward', TargetGroupArn: BLUE }],
    ...change,
  };
}

const DEFAULT_RULE = rule('def0', 'default', { Conditions: [], Actions: [{ Type: 'fixed-response' }] });

/** Blue is live with version 41, green idle and tagged 42. */
export function albSetup(change: Partial<AlbSetup> = {}, base: Partial<AlbRule> = {}): AlbSetup {
  return {
    listeners: { [LISTENER]: [rule('9683b2d02a6cabee', '10', base), DEFAULT_RULE] },
    groups: {
      [BLUE]: { tags: { 'stepshift:version': '41' }, health: { healthy: 2, unhealthy: 0 } },
      [GREEN]: { tags: { 'stepshift:version': '42' }, health: { healthy: 2, unhealthy: 0 } },
      [THIRD]: { health: { healthy: 1, unhealthy: 0 } },
    },
    ...change,
  };
}

export function albAccess(listenerRuleArn = BASE_RULE, mode: AlbMode = 'rule-per-rollout'): TargetAccess {
  return {
    target: { kind: 'alb-rule', listenerRuleArn, slots: { blue: BLUE, green: GREEN }, mode },
    targetRoleArn: null,
  };
}

export function albOrder(seq: number, handle: TrafficOrder['handle'] = {}, epoch = 1): TrafficOrder {
  return {
    ...albAccess(),
    stable: { version: '41', ref: BLUE },
    canary: { version: '42', ref: GREEN },
    handle,
    tag: { rolloutId: 'shop-42', epoch, seq },
  };
}

/** The same order for a rule that is changed in place. */
export function inPlaceOrder(seq: number, epoch = 1): TrafficOrder {
  return { ...albOrder(seq, {}, epoch), ...albAccess(BASE_RULE, 'in-place') };
}

/** The rule that a rollout made, if it stands. */
export function ownRule(plane: AlbControlPlane): AlbRule | undefined {
  return plane.peek().find(({ RuleArn = '' }) => plane.peekTags(RuleArn)[BASE_RULE_TAG] !== undefined);
}

export function baseRule(plane: AlbControlPlane, arn = BASE_RULE): AlbRule {
  const found = plane.peek().find(({ RuleArn }) => RuleArn === arn);
  if (found === undefined) throw new Error('the base rule is gone');
  return found;
}

/** How the API of this plane fails; each throws. */
export interface AlbTroubles {
  readonly throttled: () => Error;
  readonly denied: (api: AlbApi) => Error;
  readonly lost: () => Error;
}

/** The plane as its clients see it while their reads lag behind. */
function freezable(plane: AlbControlPlane) {
  let frozen: readonly AlbRule[] | null = null;
  return {
    plane: {
      ...plane,
      describeRules: async (arn: string) => frozen ?? (await plane.describeRules(arn)),
    } satisfies AlbControlPlane,
    freeze: () => {
      frozen = plane.peek();
      return () => {
        frozen = null;
      };
    },
  };
}

/** Nothing of a load balancer's compares and swaps or carries a tag; what a deleted rule refuses is the mode's merit. */
export function albTraits(mode: AlbMode): RouterTraits {
  const health = { healthy: 2, unhealthy: 0, pending: 0 };
  return {
    canCompareAndSwap: false,
    carriesTag: false,
    isRestoreFinal: mode === 'rule-per-rollout',
    health: { stable: health, canary: health },
  };
}

const WRITES: readonly AlbApi[] = ['CreateRule', 'ModifyRule', 'ModifyListener', 'DeleteRule'];

export function albDriver(
  makeRouter: (plane: AlbControlPlane) => TrafficRouter,
  troubles: AlbTroubles,
  mode: AlbMode = 'rule-per-rollout',
): RouterDriver {
  const plane = albControlPlane(albSetup());
  const { hooks } = plane;
  const reads = freezable(plane);
  let writes = 0;
  let isTheirs = false;
  plane.onChange(() => {
    if (!isTheirs) writes += 1;
  });
  const edit = (actions: (before: readonly AlbAction[]) => readonly AlbAction[]): void => {
    const { RuleArn = '', Actions = [] } = ownRule(plane) ?? baseRule(plane);
    isTheirs = true;
    plane.edit(RuleArn, actions(Actions));
    isTheirs = false;
  };
  return {
    router: makeRouter(reads.plane),
    access: albAccess(BASE_RULE, mode),
    missing: albAccess(ruleArn('dead'), mode),
    stable: { version: '41', ref: BLUE },
    canary: { version: '42', ref: GREEN },
    setShare: (percent) => edit((before) => splitActions(before, BLUE, GREEN, percent)),
    setStranger: () => edit((before) => wholeActions(before, THIRD)),
    live: () => liveShares({ base: baseRule(plane), own: ownRule(plane) ?? null }, BLUE, GREEN),
    writes: () => writes,
    beforeNextWrite: (act) => {
      hooks.before = (api) => {
        if (!WRITES.includes(api)) return;
        hooks.before = undefined;
        act();
      };
    },
    afterNextWrite: (act) => {
      hooks.after = (api) => {
        if (!WRITES.includes(api)) return;
        hooks.after = undefined;
        act();
      };
    },
    freezeReads: reads.freeze,
    loseNextAnswer: () => {
      hooks.after = (api) => {
        if (!WRITES.includes(api)) return;
        hooks.after = undefined;
        throw troubles.lost();
      };
    },
    resendNextWrite: () => {
      throw new Error('a load balancer does the same write twice without complaint');
    },
    throttleNextWrite: () => {
      hooks.before = (api) => {
        if (!WRITES.includes(api)) return;
        hooks.before = undefined;
        throw troubles.throttled();
      };
    },
    throttleNext: (calls) => {
      let left = calls;
      hooks.before = () => {
        if (left === 0) return;
        left -= 1;
        throw troubles.throttled();
      };
    },
    deny: () => {
      hooks.before = (api) => {
        throw troubles.denied(api);
      };
    },
  };
}
