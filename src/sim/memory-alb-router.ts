// Moves traffic between two slots on the in-memory load balancer, with the order of reads and writes of the real router:
// one rule per rollout, made at weight 0, changed while it lives, deleted to take everything back.
import { DriftError, SupersededError, TransientError } from '../core/errors.ts';
import { healthText } from '../core/targets/alb-rule-health.ts';
import {
  type AlbRule,
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
import type { LiveTraffic, TrafficOrder, TrafficRouter } from '../ports.ts';
import type { AlbControlPlane } from './memory-alb.ts';
import { albTarget, describe, isNamed, type Look, live, look } from './memory-alb-reading.ts';

export function memoryAlbRouter(plane: AlbControlPlane): TrafficRouter {
  return {
    describe: (access) => describe(plane, albTarget(access.target)),
    prepare: async (order) => ({ ruleArn: await prepare(plane, order) }),
    shift: (order, change, authorise) => shift(plane, order, change, authorise),
    restore: (order) => restore(plane, order),
    promote: (order, authorise) => promote(plane, order, authorise),
    verify: async (order) => live(await look(plane, order), order),
  };
}

async function prepare(plane: AlbControlPlane, order: TrafficOrder): Promise<string> {
  const { listenerRuleArn } = albTarget(order.target);
  const before = await look(plane, order);
  for (const { RuleArn = '' } of before.leftOver) await removeRule(plane, RuleArn);
  const rule = before.own[0] ?? (await makeRule(plane, order, before));
  await requireHealthy(plane, order);
  return rule.RuleArn ?? listenerRuleArn;
}

/** The step's retry asks again. */
async function requireHealthy(plane: AlbControlPlane, { canary }: TrafficOrder): Promise<void> {
  const health = await plane.describeHealth(canary.ref);
  if (health !== null && health.healthy > 0) return;
  const found = health === null ? 'the target group is gone' : healthText(health);
  throw new TransientError(`the slot ${groupName(canary.ref)} has no healthy target: ${found}`);
}

/** Whoever took the place between the gates and here is found by the gates of the next try. */
async function makeRule(
  plane: AlbControlPlane,
  { target, stable, canary, tag }: TrafficOrder,
  { rules, base, leftOver }: Look,
): Promise<AlbRule> {
  const { listenerRuleArn } = albTarget(target);
  if (base === null) throw new TransientError('the base rule is gone');
  const priority = freePriority(
    rules.filter((rule) => !leftOver.includes(rule)),
    base,
  );
  if (priority === null) throw new TransientError('no priority is free right before the base rule');
  try {
    return await plane.createRule({
      listenerArn: namesInRuleArn(listenerRuleArn).listenerArn,
      priority,
      conditions: base.IsDefault === true ? [ANY_PATH] : copiedConditions(base.Conditions ?? []),
      actions: splitActions(base.Actions ?? [], stable.ref, canary.ref, 0),
      tags: { [ROLLOUT_TAG]: tag.rolloutId, [BASE_RULE_TAG]: listenerRuleArn },
    });
  } catch (error) {
    if (!isNamed(error, 'PriorityInUseException', 'TooManyRulesException')) throw error;
    throw new TransientError(`the rule of the rollout could not be made: ${error.message}`, error);
  }
}

async function shift(
  plane: AlbControlPlane,
  order: TrafficOrder,
  { expectedPercent, weightPercent }: { readonly expectedPercent: number; readonly weightPercent: number },
  authorise: () => Promise<void>,
): Promise<LiveTraffic> {
  const before = await look(plane, order);
  const [rule] = before.own;
  const { canaryPercent } = assertNoStrangers(live(before, order));
  if (rule?.RuleArn === undefined) throw ruleGone();
  // only this rollout's writers touch its rule, so the wanted share is an earlier try of the same order
  const hasLanded = canaryPercent === weightPercent;
  if (!hasLanded && canaryPercent !== expectedPercent) {
    throw new DriftError(`expected the canary at ${expectedPercent} %, found it at ${canaryPercent} %`);
  }
  await requireHealthy(plane, order);
  await authorise();
  if (!hasLanded) {
    const actions = splitActions(rule.Actions ?? [], order.stable.ref, order.canary.ref, weightPercent);
    await plane.modifyRule(rule.RuleArn, actions).catch((error: unknown) => {
      throw isNamed(error, 'RuleNotFoundException') ? ruleGone() : error;
    });
  }
  const now = await look(plane, order);
  const after = assertNoStrangers(live(now, order));
  if (now.own.length === 0) throw ruleGone();
  if (after.canaryPercent === weightPercent) return after;
  if (after.canaryPercent === expectedPercent)
    throw new TransientError(`the write of ${weightPercent} % does not show yet`);
  throw new DriftError(`wrote ${weightPercent} %, read back ${after.canaryPercent} %`);
}

/** Deleting is absorbing: a write to the rule that is on its way finds no rule. */
async function restore(plane: AlbControlPlane, order: TrafficOrder): Promise<LiveTraffic> {
  const { stable, canary } = order;
  const before = await look(plane, order);
  for (const rule of before.own) {
    const strangers = strangersOf(rule, stable.ref, canary.ref);
    if (strangers.length > 0) throw superseded(strangers);
  }
  if (before.base === null) {
    for (const rule of before.own) await empty(plane, rule, order);
    throw superseded(['no base rule']);
  }
  const base = liveShares({ base: before.base, own: null }, stable.ref, canary.ref);
  if (base.strangers.length === 0 && base.canaryPercent > 0) await writeBase(plane, before.base, stable.ref);
  for (const { RuleArn = '' } of before.own) await removeRule(plane, RuleArn);
  const after = await look(plane, order);
  const now = assertNoStrangers(live(after, order));
  if (after.own.length === 0 && now.canaryPercent === 0) return now;
  throw new TransientError(`read back ${now.canaryPercent} % on the new version`);
}

/** Without the base rule the rollout's own rule may be all that serves: it stays, without the canary. */
async function empty(plane: AlbControlPlane, rule: AlbRule, { stable, canary }: TrafficOrder): Promise<void> {
  await plane.modifyRule(rule.RuleArn ?? '', splitActions(rule.Actions ?? [], stable.ref, canary.ref, 0));
}

/**
 * The base rule first and read back, only then the rule that still hides it. Each of the two asks for permission after
 * its own look and before its write.
 */
async function promote(
  plane: AlbControlPlane,
  order: TrafficOrder,
  authorise: () => Promise<void>,
): Promise<LiveTraffic> {
  const { canary } = order;
  const before = await look(plane, order);
  const { strangers } = assertNoStrangers(live(before, order));
  if (before.base === null) throw superseded(strangers);
  if (!isAllOn(before.base, canary.ref)) {
    await authorise();
    await writeBase(plane, before.base, canary.ref);
  }
  const ready = await look(plane, order);
  const traffic = assertNoStrangers(live(ready, order));
  if (ready.base === null || !isAllOn(ready.base, canary.ref)) {
    throw new TransientError('the base rule does not forward to the new version yet');
  }
  if (ready.own.length === 0) return traffic;
  await authorise();
  for (const { RuleArn = '' } of ready.own) await removeRule(plane, RuleArn);
  const after = await look(plane, order);
  if (after.own.length === 0) return assertNoStrangers(live(after, order));
  throw new TransientError('the rule of the rollout is still there');
}

function writeBase(plane: AlbControlPlane, base: AlbRule, groupArn: string): Promise<void> {
  const { RuleArn = '', IsDefault, Actions = [] } = base;
  const actions = wholeActions(Actions, groupArn);
  return IsDefault === true
    ? plane.modifyListener(namesInRuleArn(RuleArn).listenerArn, actions)
    : plane.modifyRule(RuleArn, actions);
}

async function removeRule(plane: AlbControlPlane, ruleArn: string): Promise<void> {
  try {
    await plane.deleteRule(ruleArn);
  } catch (error) {
    if (!isNamed(error, 'RuleNotFoundException')) throw error;
  }
}

function assertNoStrangers(traffic: LiveTraffic): LiveTraffic {
  if (traffic.strangers.length > 0) throw superseded(traffic.strangers);
  return traffic;
}

function superseded(strangers: readonly string[]): SupersededError {
  return new SupersededError(`${strangers.join(', ')} is live: hands off`);
}

function ruleGone(): DriftError {
  return new DriftError('the rule of this rollout is gone: somebody took the traffic back by hand');
}
