// The load balancer of a run: a base rule, two slots, and the rules that rollouts make beside it. Blue is live at the start.
import type { Writer } from '../../src/core/audit/trace.ts';
import {
  type AlbAction,
  type AlbRule,
  namesGroup,
  sharesOf,
  splitActions,
  wholeActions,
} from '../../src/core/targets/alb-rule-listener.ts';
import { BASE_RULE_TAG, namesInRuleArn, VERSION_TAG } from '../../src/core/targets/alb-rule-names.ts';
import type { TrafficRouter } from '../../src/ports.ts';
import { type AlbControlPlane, albControlPlane } from '../../src/sim/memory-alb.ts';
import { memoryAlbRouter } from '../../src/sim/memory-alb-router.ts';
import type { Call } from './calls.ts';
import type { Mutation } from './mutation.ts';
import { HOTFIX, STABLE } from './plan.ts';
import { BASE_RULE, BLUE, GREEN } from './plan-service.ts';
import type { Recorder } from './recorder.ts';
import { attributed, type HuntTarget } from './target.ts';

const HOTFIX_GROUP = `${BLUE.slice(0, BLUE.indexOf('targetgroup/'))}targetgroup/hotfix/0f1e2d3c4b5a6978`;
const HEALTHY = { healthy: 2, unhealthy: 0 };
const UNHEALTHY = { healthy: 0, unhealthy: 2 };

export function albTarget(recorder: Recorder, mutation: Mutation | undefined): HuntTarget {
  // what each slot holds; the pipeline writes it when it fills a slot
  const tags = new Map<string, Record<string, string>>([
    [BLUE, { [VERSION_TAG]: STABLE }],
    [GREEN, {}],
    [HOTFIX_GROUP, { [VERSION_TAG]: HOTFIX }],
  ]);
  const truth = startingPlane(tags);
  const plane = mutation?.albPlane?.(truth) ?? truth;
  const make = (routed: AlbControlPlane): TrafficRouter =>
    mutation?.albRouter?.(routed, memoryAlbRouter) ?? memoryAlbRouter(routed);
  const { base, serving } = looks(truth);
  const edit = (rule: AlbRule, actions: readonly AlbAction[] | null): boolean => {
    truth.edit(rule.RuleArn ?? '', actions);
    return true;
  };
  let live = BLUE;
  truth.onChange(() => {
    // while both are in it, the one that was alone in it last is the stable one
    const named = [BLUE, GREEN].filter((slot) => namesGroup(base(), slot));
    if (named.length === 1) live = named[0] ?? live;
  });
  const liveSlot = (): string => live;
  const idleSlot = (): string => (liveSlot() === BLUE ? GREEN : BLUE);
  const versionOf = (arn: string): string => tags.get(arn)?.[VERSION_TAG] ?? arn;
  return {
    shares: () =>
      Object.fromEntries(
        [...sharesOf(serving())]
          .filter(([, percent]) => percent > 0)
          .map(([arn, percent]) => [versionOf(arn), percent]),
      ),
    onChange: (listener) => truth.onChange(listener),
    routerFor: (call) => attributed((writer) => make(faulty(plane, call, recorder, writer))),
    provide: (version) => {
      if (versionOf(liveSlot()) !== version)
        Object.assign(tags.get(idleSlot()) ?? {}, { [VERSION_TAG]: version });
    },
    canaryShare: () => {
      const shares = sharesOf(serving());
      return shares.has(BLUE) && shares.has(GREEN) ? (shares.get(idleSlot()) ?? 0) : null;
    },
    setWeight: (percent) => {
      const rule = serving();
      if (!namesGroup(rule, BLUE) || !namesGroup(rule, GREEN)) return false;
      return edit(rule, splitActions(rule.Actions ?? [], liveSlot(), idleSlot(), percent));
    },
    hotfix: (isWhole) => {
      const rule = isWhole ? base() : serving();
      return edit(rule, wholeActions(rule.Actions ?? [], HOTFIX_GROUP));
    },
    emergencyStop: () => {
      const rule = serving();
      if (rule !== base()) return edit(rule, null);
      if (!namesGroup(rule, BLUE) || !namesGroup(rule, GREEN)) return false;
      return edit(rule, wholeActions(rule.Actions ?? [], BLUE));
    },
    deploy: (version) => {
      const arn = [BLUE, GREEN].find((slot) => versionOf(slot) === version);
      return arn !== undefined && edit(base(), wholeActions(base().Actions ?? [], arn));
    },
    deleteVersion: () => {},
    failHealth: (side) => {
      const slot = side === 'stable' ? liveSlot() : idleSlot();
      truth.setHealth(slot, UNHEALTHY);
      return () => truth.setHealth(slot, HEALTHY);
    },
  };
}

/** The base rule, and the rule that serves now: the one that stands before it where there is one. */
function looks(plane: AlbControlPlane) {
  const base = (): AlbRule => {
    const found = plane.peek().find(({ RuleArn }) => RuleArn === BASE_RULE);
    if (found === undefined) throw new TypeError('the base rule is gone');
    return found;
  };
  const serving = (): AlbRule =>
    plane
      .peek()
      .filter(({ RuleArn = '' }) => plane.peekTags(RuleArn)[BASE_RULE_TAG] === BASE_RULE)
      .sort((a, b) => Number(a.Priority) - Number(b.Priority))[0] ?? base();
  return { base, serving };
}

function startingPlane(tags: ReadonlyMap<string, Record<string, string>>): AlbControlPlane {
  const { listenerArn } = namesInRuleArn(BASE_RULE);
  const forward: AlbAction = { Type: 'forward', TargetGroupArn: BLUE, Order: 1 };
  return albControlPlane({
    listeners: {
      [listenerArn]: [
        {
          RuleArn: BASE_RULE,
          Priority: '100',
          IsDefault: false,
          Conditions: [{ Field: 'path-pattern', Values: ['/*'], PathPatternConfig: { Values: ['/*'] } }],
          Actions: [forward],
        },
        {
          RuleArn: `${BASE_RULE.slice(0, BASE_RULE.lastIndexOf('/'))}/def0`,
          Priority: 'default',
          IsDefault: true,
          Conditions: [],
          Actions: [{ Type: 'fixed-response', Order: 1 }],
        },
      ],
    },
    // the very objects: the pipeline changes them
    groups: Object.fromEntries([...tags].map(([arn, own]) => [arn, { tags: own, health: HEALTHY }])),
    idleTimeoutSeconds: 3,
  });
}

/** The plane as one router call meets it. */
function faulty(
  plane: AlbControlPlane,
  call: Call,
  recorder: Recorder,
  writer: Writer | null,
): AlbControlPlane {
  const through = <T>(api: string, effect: () => Promise<T>): Promise<T> =>
    call(`alb.${api}`, () => (writer === null ? effect() : recorder.as(writer, effect)));
  return {
    ...plane,
    describeRules: (arn) => through('DescribeRules', () => plane.describeRules(arn)),
    describeTags: (arns) => through('DescribeTags', () => plane.describeTags(arns)),
    describeHealth: (arn) => through('DescribeTargetHealth', () => plane.describeHealth(arn)),
    isSticky: (arn) => through('DescribeTargetGroupAttributes', () => plane.isSticky(arn)),
    idleTimeoutSeconds: () => through('DescribeLoadBalancerAttributes', () => plane.idleTimeoutSeconds()),
    ruleLimit: () => through('DescribeAccountLimits', () => plane.ruleLimit()),
    createRule: (rule) => through('CreateRule', () => plane.createRule(rule)),
    modifyRule: (arn, actions) => through('ModifyRule', () => plane.modifyRule(arn, actions)),
    modifyListener: (arn, actions) => through('ModifyListener', () => plane.modifyListener(arn, actions)),
    deleteRule: (arn) => through('DeleteRule', () => plane.deleteRule(arn)),
  };
}
