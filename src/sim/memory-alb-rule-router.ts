// Moves traffic by one in-memory listener rule per rollout, with the order of reads and writes of the real router: made at
// weight 0, changed while it lives, deleted to take everything back.
import { DriftError, TransientError } from '../core/errors.ts';
import type { LiveTraffic } from '../core/live-traffic.ts';
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
import { BASE_RULE_TAG, namesInRuleArn, ROLLOUT_TAG, STABLE_TAG } from '../core/targets/alb-rule-names.ts';
import {
  refuseDrift,
  refuseStrangers,
  requireWritten,
  type ShareChange,
  superseded,
} from '../core/targets/alb-rule-writes.ts';
import type { TrafficOrder, TrafficRouter } from '../ports.ts';
import type { AlbControlPlane } from './memory-alb.ts';
import { removeRule, requireHealthy, writeBase } from './memory-alb-moves.ts';
import { albTarget, isNamed, type Look, live, look } from './memory-alb-reading.ts';

export function ruleRouter(plane: AlbControlPlane): Omit<TrafficRouter, 'describe' | 'health'> {
  return {
    prepare: async (order, authorise) => ({ ruleArn: await prepare(plane, order, authorise) }),
    shift: (order, change, authorise) => shift(plane, order, change, authorise),
    restore: (order, authorise) => restore(plane, order, authorise),
    promote: (order, authorise) => promote(plane, order, authorise),
    verify: async (order) => live(await look(plane, order), order),
  };
}

/** Removes only what was there before it asked: what the next rollout made since is not in its look. */
async function prepare(
  plane: AlbControlPlane,
  order: TrafficOrder,
  authorise: () => Promise<void>,
): Promise<string> {
  const before = await look(plane, order);
  await authorise();
  for (const { RuleArn = '' } of before.leftOver) await removeRule(plane, RuleArn);
  const rule = before.own[0] ?? (await makeRule(plane, order, before));
  await requireHealthy(plane, order);
  return rule.RuleArn ?? '';
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
      tags: {
        [ROLLOUT_TAG]: tag.rolloutId,
        [BASE_RULE_TAG]: listenerRuleArn,
        [STABLE_TAG]: stable.ref,
      },
    });
  } catch (error) {
    if (!isNamed(error, 'PriorityInUseException', 'TooManyRulesException')) throw error;
    throw new TransientError(`the rule of the rollout could not be made: ${error.message}`, error);
  }
}

async function shift(
  plane: AlbControlPlane,
  order: TrafficOrder,
  change: ShareChange,
  authorise: () => Promise<void>,
): Promise<LiveTraffic> {
  const before = await look(plane, order);
  const [rule] = before.own;
  const traffic = refuseStrangers(live(before, order));
  if (rule?.RuleArn === undefined) throw ruleGone(traffic);
  refuseDrift(traffic, change);
  await requireHealthy(plane, order);
  await authorise();
  // only this rollout's writers touch its rule, so the wanted share is an earlier try of the same order
  if (traffic.canaryPercent !== change.weightPercent) {
    await setWeight(plane, rule, order, change.weightPercent);
  }
  const now = await look(plane, order);
  const after = refuseStrangers(live(now, order));
  if (now.own.length === 0) throw ruleGone(after);
  return requireWritten(after, change);
}

/** A rule that is gone already stays gone: the look that follows tells. */
async function setWeight(
  plane: AlbControlPlane,
  { RuleArn = '', Actions = [] }: AlbRule,
  { stable, canary }: TrafficOrder,
  percent: number,
): Promise<void> {
  try {
    await plane.modifyRule(RuleArn, splitActions(Actions, stable.ref, canary.ref, percent));
  } catch (error) {
    if (!isNamed(error, 'RuleNotFoundException')) throw error;
  }
}

/** Deleting is absorbing: a write to the rule that is on its way finds no rule. */
async function restore(
  plane: AlbControlPlane,
  order: TrafficOrder,
  authorise: () => Promise<void>,
): Promise<{ readonly found: LiveTraffic; readonly live: LiveTraffic }> {
  const { stable, canary } = order;
  const before = await look(plane, order);
  for (const rule of before.own) {
    const strangers = strangersOf(rule, stable.ref, canary.ref);
    if (strangers.length > 0) throw superseded(strangers);
  }
  await authorise();
  if (before.base === null) {
    // without the base rule our own may be all that serves: it stays, without the canary
    for (const rule of before.own) await setWeight(plane, rule, order, 0);
    throw superseded(['no base rule']);
  }
  const base = liveShares({ base: before.base, own: null }, stable.ref, canary.ref);
  if (base.strangers.length === 0 && base.canaryPercent > 0) {
    await writeBase(plane, before.base, wholeActions(before.base.Actions ?? [], stable.ref));
  }
  for (const { RuleArn = '' } of before.own) await removeRule(plane, RuleArn);
  const after = await look(plane, order);
  const now = refuseStrangers(live(after, order));
  if (after.own.length === 0 && now.canaryPercent === 0) return { found: live(before, order), live: now };
  throw new TransientError(`read back ${now.canaryPercent} % on the new version`);
}

/**
 * The base rule first and read back, only then the rule that still hides it. Each of the two asks for permission after
 * its own look and before its write.
 */
async function promote(
  plane: AlbControlPlane,
  order: TrafficOrder,
  authorise: (found: LiveTraffic) => Promise<void>,
): Promise<LiveTraffic> {
  const { canary } = order;
  const before = await look(plane, order);
  const found = refuseStrangers(live(before, order));
  if (before.base === null) throw superseded(found.strangers);
  if (!isAllOn(before.base, canary.ref)) {
    await authorise(found);
    await writeBase(plane, before.base, wholeActions(before.base.Actions ?? [], canary.ref));
  }
  const ready = await look(plane, order);
  const traffic = refuseStrangers(live(ready, order));
  if (ready.base === null || !isAllOn(ready.base, canary.ref)) {
    throw new TransientError('the base rule does not forward to the new version yet');
  }
  if (ready.own.length === 0) return traffic;
  await authorise(traffic);
  for (const { RuleArn = '' } of ready.own) await removeRule(plane, RuleArn);
  const after = await look(plane, order);
  if (after.own.length === 0) return refuseStrangers(live(after, order));
  throw new TransientError('the rule of the rollout is still there');
}

function ruleGone({ canaryPercent }: LiveTraffic): DriftError {
  return new DriftError(
    'the rule of this rollout is gone: somebody took the traffic back by hand',
    canaryPercent,
  );
}
