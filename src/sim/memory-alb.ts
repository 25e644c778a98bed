// The control plane of one load balancer in memory: listeners with their rules, target groups with tags and health, as
// Elastic Load Balancing keeps them. Nothing here compares and swaps, because the real API does not either.
import type { SideHealth } from '../core/live-traffic.ts';
import {
  type AlbAction,
  type AlbCondition,
  type AlbRule,
  type AlbTags,
  namesGroup,
} from '../core/targets/alb-rule-listener.ts';
import { namesInRuleArn } from '../core/targets/alb-rule-names.ts';

/** The API calls that Stepshift makes, by their AWS names. */
export type AlbApi =
  | 'DescribeRules'
  | 'DescribeTags'
  | 'DescribeTargetHealth'
  | 'DescribeTargetGroupAttributes'
  | 'DescribeLoadBalancerAttributes'
  | 'DescribeAccountLimits'
  | 'CreateRule'
  | 'ModifyRule'
  | 'ModifyListener'
  | 'DeleteRule';

/** Throwing in `before` refuses a call, throwing in `after` loses its answer. Both may be exchanged at any time. */
export interface AlbHooks {
  before?: ((api: AlbApi) => void | Promise<void>) | undefined;
  after?: ((api: AlbApi) => void | Promise<void>) | undefined;
}

interface AlbGroupSetup {
  readonly tags?: Readonly<Record<string, string>>;
  /** What health checks would find; while no rule names the group nobody checks. */
  readonly health: Pick<SideHealth, 'healthy' | 'unhealthy'>;
  readonly isSticky?: boolean;
}

export interface AlbSetup {
  /** Listener ARN → its rules, the default rule among them. Other listeners are there for their rules' sake. */
  readonly listeners: Readonly<Record<string, readonly AlbRule[]>>;
  readonly groups: Readonly<Record<string, AlbGroupSetup>>;
  /** Tags of anything but target groups, by ARN. */
  readonly tags?: AlbTags;
  readonly ruleLimit?: number;
  readonly idleTimeoutSeconds?: number;
}

interface NewRule {
  readonly listenerArn: string;
  readonly priority: number;
  readonly conditions: readonly AlbCondition[];
  readonly actions: readonly AlbAction[];
  readonly tags: Readonly<Record<string, string>>;
}

/** Calls reject with errors named as AWS names them: RuleNotFoundException, PriorityInUseException, … */
export interface AlbControlPlane {
  readonly hooks: AlbHooks;
  describeListenerArns(): readonly string[];
  describeRules(listenerArn: string): Promise<readonly AlbRule[]>;
  describeTags(arns: readonly string[]): Promise<AlbTags>;
  /** null: no such target group. */
  describeHealth(groupArn: string): Promise<SideHealth | null>;
  isSticky(groupArn: string): Promise<boolean>;
  idleTimeoutSeconds(): Promise<number>;
  ruleLimit(): Promise<number>;
  createRule(rule: NewRule): Promise<AlbRule>;
  modifyRule(ruleArn: string, actions: readonly AlbAction[]): Promise<void>;
  /** The actions of a listener's default rule. */
  modifyListener(listenerArn: string, actions: readonly AlbAction[]): Promise<void>;
  deleteRule(ruleArn: string): Promise<void>;

  /** The truth, past all faults. */
  peek(): readonly AlbRule[];
  peekTags(arn: string): Readonly<Record<string, string>>;
  /** Somebody else's change, past all faults; null deletes the rule. */
  edit(ruleArn: string, actions: readonly AlbAction[] | null): void;
  setHealth(groupArn: string, health: AlbGroupSetup['health']): void;
  /** The listener hears every change of a rule at the moment it takes effect. */
  onChange(listener: () => void): void;
}

interface Plane {
  readonly setup: AlbSetup;
  /** Rule ARN → rule. */
  readonly rules: Map<string, AlbRule>;
  readonly tags: Map<string, Readonly<Record<string, string>>>;
  readonly health: Map<string, AlbGroupSetup['health']>;
  readonly listeners: (() => void)[];
  created: number;
}

const DEFAULT_RULE_LIMIT = 100;
const DEFAULT_IDLE_TIMEOUT_SECONDS = 60;

export function albControlPlane(setup: AlbSetup, hooks: AlbHooks = {}): AlbControlPlane {
  const plane = startingPlane(setup);
  const call = async <T>(api: AlbApi, effect: () => T): Promise<T> => {
    if (hooks.before !== undefined) await hooks.before(api);
    const answer = effect();
    if (hooks.after !== undefined) await hooks.after(api);
    return answer;
  };
  return {
    hooks,
    describeListenerArns: () => Object.keys(setup.listeners),
    describeRules: (listenerArn) => call('DescribeRules', () => rulesOf(plane, listenerArn)),
    describeTags: (arns) =>
      call('DescribeTags', () => Object.fromEntries(arns.map((arn) => [arn, plane.tags.get(arn) ?? {}]))),
    describeHealth: (groupArn) => call('DescribeTargetHealth', () => healthOf(plane, groupArn)),
    isSticky: (groupArn) =>
      call('DescribeTargetGroupAttributes', () => setup.groups[groupArn]?.isSticky ?? false),
    idleTimeoutSeconds: () =>
      call('DescribeLoadBalancerAttributes', () => setup.idleTimeoutSeconds ?? DEFAULT_IDLE_TIMEOUT_SECONDS),
    ruleLimit: () => call('DescribeAccountLimits', () => setup.ruleLimit ?? DEFAULT_RULE_LIMIT),
    createRule: (rule) => call('CreateRule', () => create(plane, rule)),
    modifyRule: (ruleArn, actions) => call('ModifyRule', () => modify(plane, ruleArn, whole(actions))),
    modifyListener: (listenerArn, actions) =>
      call('ModifyListener', () => modify(plane, defaultRuleArn(plane, listenerArn), whole(actions))),
    deleteRule: (ruleArn) => call('DeleteRule', () => remove(plane, ruleArn)),
    peek: () => [...plane.rules.values()],
    peekTags: (arn) => plane.tags.get(arn) ?? {},
    edit: (ruleArn, actions) => (actions === null ? remove(plane, ruleArn) : modify(plane, ruleArn, actions)),
    setHealth: (groupArn, health) => {
      plane.health.set(groupArn, health);
    },
    onChange: (listener) => {
      plane.listeners.push(listener);
    },
  };
}

function startingPlane(setup: AlbSetup): Plane {
  const groups = Object.entries(setup.groups);
  return {
    setup,
    rules: new Map(
      Object.values(setup.listeners).flatMap((rules) => rules.map((rule) => [rule.RuleArn ?? '', rule])),
    ),
    tags: new Map([
      ...Object.entries(setup.tags ?? {}),
      ...groups.map(([arn, { tags = {} }]) => [arn, tags] as const),
    ]),
    health: new Map(groups.map(([arn, { health }]) => [arn, health])),
    listeners: [],
    created: 0,
  };
}

function rulesOf(plane: Plane, listenerArn: string): readonly AlbRule[] {
  if (plane.setup.listeners[listenerArn] === undefined) {
    throw named('ListenerNotFoundException', `no listener ${listenerArn}`);
  }
  return [...plane.rules.values()].filter(
    ({ RuleArn = '' }) => namesInRuleArn(RuleArn).listenerArn === listenerArn,
  );
}

function healthOf({ rules, health }: Plane, groupArn: string): SideHealth | null {
  const checked = health.get(groupArn);
  if (checked === undefined) return null;
  const isAttached = [...rules.values()].some((rule) => namesGroup(rule, groupArn));
  if (isAttached) return { ...checked, pending: 0 };
  return { healthy: 0, unhealthy: 0, pending: checked.healthy + checked.unhealthy };
}

function create(plane: Plane, { listenerArn, priority, conditions, actions, tags }: NewRule): AlbRule {
  const others = rulesOf(plane, listenerArn);
  if (others.some((rule) => rule.Priority === String(priority))) {
    throw named('PriorityInUseException', `priority ${priority} is in use`);
  }
  const used = [...plane.rules.values()].filter((rule) => rule.IsDefault !== true).length;
  if (used >= (plane.setup.ruleLimit ?? DEFAULT_RULE_LIMIT)) {
    throw named('TooManyRulesException', `the load balancer has ${used} rules`);
  }
  plane.created += 1;
  const ruleId = (0xace0000000000000n + BigInt(plane.created)).toString(16);
  const RuleArn = `${listenerArn.replace(':listener/', ':listener-rule/')}/${ruleId}`;
  const rule = {
    RuleArn,
    Priority: String(priority),
    IsDefault: false,
    Conditions: conditions,
    Actions: actions,
  };
  plane.rules.set(RuleArn, rule);
  plane.tags.set(RuleArn, tags);
  tell(plane);
  return rule;
}

/** Nobody who read an action knows its client secret, so a writer must ask for the one that is there. */
function whole(actions: readonly AlbAction[]): readonly AlbAction[] {
  const isSecretLost = actions.some(
    ({ Type, AuthenticateOidcConfig }) =>
      Type === 'authenticate-oidc' && AuthenticateOidcConfig?.UseExistingClientSecret !== true,
  );
  if (isSecretLost) throw named('InvalidConfigurationRequestException', 'a client secret is missing');
  return actions;
}

function modify(plane: Plane, ruleArn: string, Actions: readonly AlbAction[]): void {
  const rule = plane.rules.get(ruleArn);
  if (rule === undefined) throw named('RuleNotFoundException', `no rule ${ruleArn}`);
  plane.rules.set(ruleArn, { ...rule, Actions });
  tell(plane);
}

function remove(plane: Plane, ruleArn: string): void {
  if (!plane.rules.delete(ruleArn)) throw named('RuleNotFoundException', `no rule ${ruleArn}`);
  plane.tags.delete(ruleArn);
  tell(plane);
}

function defaultRuleArn(plane: Plane, listenerArn: string): string {
  return rulesOf(plane, listenerArn).find((rule) => rule.IsDefault === true)?.RuleArn ?? '';
}

function tell({ listeners }: Plane): void {
  for (const listener of listeners) listener();
}

function named(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}
