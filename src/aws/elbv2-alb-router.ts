// Moves traffic between the two slots of an ALB rule: one listener rule per rollout, made at weight 0, changed while it
// lives, deleted to take everything back. The API has no compare-and-swap; what stands in for it is that deleting is
// absorbing: a write to the rule that was sent before the rollback finds no rule when it lands.
import {
  type Action,
  ElasticLoadBalancingV2Client,
  type Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { DriftError, SupersededError, TransientError } from '../core/errors.ts';
import { healthText } from '../core/targets/alb-rule-health.ts';
import {
  ANY_PATH,
  copiedConditions,
  freePriority,
  isAllOn,
  liveShares,
  splitActions,
  strangersOf,
  wholeActions,
} from '../core/targets/alb-rule-listener.ts';
import { BASE_RULE_TAG, groupName, namesInRuleArn, ROLLOUT_TAG } from '../core/targets/alb-rule-names.ts';
import type { LiveTraffic, TargetAccess, TrafficOrder, TrafficRouter } from '../ports.ts';
import { describeAlbRule, readHealth } from './elbv2-alb-facts.ts';
import {
  albTarget,
  createRule,
  deleteRule,
  type ListenerLook,
  liveTraffic,
  lookAtListener,
  modifyListener,
  modifyRule,
} from './elbv2-rules.ts';
import { isNamed } from './errors.ts';
import { targetClients } from './target-clients.ts';

type Client = ElasticLoadBalancingV2Client;

/**
 * How long one call waits for the slot that it has just attached, and how often it looks. A new target is healthy after
 * one passed check, which by default comes within 30 s; the step's own retry (under a minute of pauses) repeats the
 * wait up to four times, so a slot has about five minutes.
 */
const HEALTH_WAIT_MS = 60_000;
const HEALTH_LOOK_MS = 5_000;

export interface AlbRouterParts {
  readonly clientFor?: (access: TargetAccess) => Client;
  readonly pause?: (ms: number) => Promise<void>;
}

export function elbv2AlbRouter({
  clientFor = targetClients((config) => new ElasticLoadBalancingV2Client(config)),
  pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
}: AlbRouterParts = {}): TrafficRouter {
  return {
    describe: (access) => describeAlbRule(clientFor(access), albTarget(access.target)),
    prepare: async (order) => ({ ruleArn: await prepare(clientFor(order), order, pause) }),
    shift: (order, change, authorise) => shift(clientFor(order), order, change, authorise),
    restore: (order) => restore(clientFor(order), order),
    promote: (order) => promote(clientFor(order), order),
    verify: async (order) => liveTraffic(await lookAtListener(clientFor(order), order), order),
  };
}

/** A rule that an earlier rollout left at weight 0 is removed first: it may hold the only free priority. */
async function prepare(
  client: Client,
  order: TrafficOrder,
  pause: (ms: number) => Promise<void>,
): Promise<string> {
  const before = await lookAtListener(client, order);
  for (const { RuleArn = '' } of before.leftOver) await deleteRule(client, RuleArn);
  const ruleArn = before.own[0]?.RuleArn ?? (await makeRule(client, order, before));
  for (let waitedMs = 0; ; waitedMs += HEALTH_LOOK_MS) {
    const trouble = await healthTrouble(client, order);
    if (trouble === null) return ruleArn;
    if (waitedMs >= HEALTH_WAIT_MS) throw new TransientError(`${trouble}, attached at weight 0`);
    await pause(HEALTH_LOOK_MS);
  }
}

/** Whoever took the place between the gates and here is found by the gates of the next try. */
async function makeRule(
  client: Client,
  { target, stable, canary, tag }: TrafficOrder,
  { rules, base, leftOver }: ListenerLook,
): Promise<string> {
  const { listenerRuleArn } = albTarget(target);
  if (base === null) throw new TransientError('the base rule is gone');
  const priority = freePriority(
    rules.filter((rule) => !leftOver.includes(rule)),
    base,
  );
  if (priority === null) throw new TransientError('no priority is free right before the base rule');
  try {
    return await createRule(client, {
      listenerArn: namesInRuleArn(listenerRuleArn).listenerArn,
      priority,
      like: base,
      conditions: base.IsDefault === true ? [anyPath()] : copiedConditions(base.Conditions ?? []),
      actions: splitActions<Action>(base.Actions ?? [], stable.ref, canary.ref, 0),
      tags: { [ROLLOUT_TAG]: tag.rolloutId, [BASE_RULE_TAG]: listenerRuleArn },
    });
  } catch (error) {
    if (!isNamed(error, 'PriorityInUseException', 'TooManyRulesException')) throw error;
    throw new TransientError('the rule of the rollout could not be made', error);
  }
}

function anyPath() {
  return { Field: ANY_PATH.Field, PathPatternConfig: { Values: [...ANY_PATH.PathPatternConfig.Values] } };
}

/** null: at least one target of the canary's slot is healthy. */
async function healthTrouble(client: Client, { canary }: TrafficOrder): Promise<string | null> {
  const health = await readHealth(client, canary.ref);
  if (health !== null && health.healthy > 0) return null;
  const found = health === null ? 'the target group is gone' : healthText(health);
  return `the slot ${groupName(canary.ref)} has no healthy target: ${found}`;
}

async function shift(
  client: Client,
  order: TrafficOrder,
  { expectedPercent, weightPercent }: { readonly expectedPercent: number; readonly weightPercent: number },
  authorise: () => Promise<void>,
): Promise<LiveTraffic> {
  const before = await lookAtListener(client, order);
  const { canaryPercent } = refuseStrangers(liveTraffic(before, order));
  const [rule] = before.own;
  if (rule?.RuleArn === undefined) throw ruleGone();
  // only this rollout's writers touch its rule, so the wanted share is an earlier try of the same order
  const hasLanded = canaryPercent === weightPercent;
  if (!hasLanded && canaryPercent !== expectedPercent) {
    throw new DriftError(`expected the new version at ${expectedPercent} %, found it at ${canaryPercent} %`);
  }
  const trouble = await healthTrouble(client, order);
  if (trouble !== null) throw new TransientError(trouble);
  await authorise();
  if (!hasLanded) await setWeight(client, rule, order, weightPercent);
  const now = await lookAtListener(client, order);
  const after = refuseStrangers(liveTraffic(now, order));
  if (now.own.length === 0) throw ruleGone();
  if (after.canaryPercent === weightPercent) return after;
  throw new DriftError(`wrote ${weightPercent} %, read back ${after.canaryPercent} %`);
}

async function setWeight(client: Client, rule: Rule, order: TrafficOrder, percent: number): Promise<void> {
  const { RuleArn = '', Actions = [] } = rule;
  try {
    await modifyRule(
      client,
      RuleArn,
      splitActions<Action>(Actions, order.stable.ref, order.canary.ref, percent),
    );
  } catch (error) {
    throw isNamed(error, 'RuleNotFoundException') ? ruleGone() : error;
  }
}

async function restore(client: Client, order: TrafficOrder): Promise<LiveTraffic> {
  const { stable, canary } = order;
  const { base, own } = await lookAtListener(client, order);
  for (const rule of own) {
    const strangers = strangersOf(rule, stable.ref, canary.ref);
    if (strangers.length > 0) throw superseded(strangers);
  }
  if (base === null) {
    // without the base rule our own may be all that serves: it stays, without the canary
    for (const rule of own) await setWeight(client, rule, order, 0);
    throw superseded(['no base rule']);
  }
  const underneath = liveShares({ base, own: null }, stable.ref, canary.ref);
  if (underneath.strangers.length === 0 && underneath.canaryPercent > 0) {
    await writeBase(client, base, stable.ref);
  }
  for (const { RuleArn = '' } of own) await deleteRule(client, RuleArn);
  const after = await lookAtListener(client, order);
  const live = refuseStrangers(liveTraffic(after, order));
  if (after.own.length === 0 && live.canaryPercent === 0) return live;
  throw new TransientError(`read back ${live.canaryPercent} % on the new version`);
}

/** The base rule first and read back, only then the rule that still hides it. Called after the point of no return. */
async function promote(client: Client, order: TrafficOrder): Promise<LiveTraffic> {
  const { canary } = order;
  const before = await lookAtListener(client, order);
  const { strangers } = refuseStrangers(liveTraffic(before, order));
  if (before.base === null) throw superseded(strangers);
  if (!isAllOn(before.base, canary.ref)) await writeBase(client, before.base, canary.ref);
  const { base, own } = await lookAtListener(client, order);
  if (base === null || !isAllOn(base, canary.ref)) {
    throw new TransientError('the base rule does not forward to the new version yet');
  }
  for (const { RuleArn = '' } of own) await deleteRule(client, RuleArn);
  const after = await lookAtListener(client, order);
  if (after.own.length === 0) return refuseStrangers(liveTraffic(after, order));
  throw new TransientError('the rule of the rollout is still there');
}

async function writeBase(client: Client, base: Rule, groupArn: string): Promise<void> {
  const { RuleArn = '', IsDefault, Actions = [] } = base;
  const actions = wholeActions<Action>(Actions, groupArn);
  await (IsDefault === true
    ? modifyListener(client, namesInRuleArn(RuleArn).listenerArn, actions)
    : modifyRule(client, RuleArn, actions));
}

function refuseStrangers(live: LiveTraffic): LiveTraffic {
  if (live.strangers.length > 0) throw superseded(live.strangers);
  return live;
}

function superseded(strangers: readonly string[]): SupersededError {
  return new SupersededError(`somebody changed where the traffic goes: ${strangers.join(', ')}`);
}

function ruleGone(): DriftError {
  return new DriftError('the listener rule of this rollout is gone: somebody took the traffic back by hand');
}
