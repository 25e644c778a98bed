// Moves traffic by one listener rule per rollout: made at weight 0, changed while it lives, deleted to take everything
// back. The API has no compare-and-swap; what stands in for it is that deleting is absorbing: a write to the rule that was
// sent before the rollback finds no rule when it lands.
import type { Action, ElasticLoadBalancingV2Client, Rule } from '@aws-sdk/client-elastic-load-balancing-v2';
import { DriftError, TransientError } from '../core/errors.ts';
import type { LiveTraffic } from '../core/live-traffic.ts';
import {
  isAllOn,
  liveShares,
  splitActions,
  strangersOf,
  wholeActions,
} from '../core/targets/alb-rule-listener.ts';
import {
  refuseDrift,
  refuseStrangers,
  requireWritten,
  type ShareChange,
  superseded,
} from '../core/targets/alb-rule-writes.ts';
import type { TargetAccess, TrafficOrder, TrafficRouter } from '../ports.ts';
import { requireHealthy, writeBase } from './elbv2-alb-moves.ts';
import { prepareRule } from './elbv2-alb-prepare.ts';
import { deleteRule, liveTraffic, lookAtListener, modifyRule } from './elbv2-rules.ts';
import { isNamed } from './errors.ts';

type Client = ElasticLoadBalancingV2Client;

export function ruleRouter(
  clientFor: (access: TargetAccess) => Client,
  pause: (ms: number) => Promise<void>,
): Omit<TrafficRouter, 'describe' | 'health'> {
  return {
    prepare: async (order, authorise) => ({
      ruleArn: await prepareRule(clientFor(order), order, authorise, pause),
    }),
    shift: (order, change, authorise) => shift(clientFor(order), order, change, authorise),
    restore: (order, authorise) => restore(clientFor(order), order, authorise),
    promote: (order, authorise) => promote(clientFor(order), order, authorise),
    verify: async (order) => liveTraffic(await lookAtListener(clientFor(order), order), order),
  };
}

async function shift(
  client: Client,
  order: TrafficOrder,
  change: ShareChange,
  authorise: () => Promise<void>,
): Promise<LiveTraffic> {
  const before = await lookAtListener(client, order);
  const live = refuseStrangers(liveTraffic(before, order));
  const [rule] = before.own;
  if (rule?.RuleArn === undefined) throw ruleGone(live);
  refuseDrift(live, change);
  await requireHealthy(client, order);
  await authorise();
  // only this rollout's writers touch its rule, so the wanted share is an earlier try of the same order
  if (live.canaryPercent !== change.weightPercent) await setWeight(client, rule, order, change.weightPercent);
  const now = await lookAtListener(client, order);
  const after = refuseStrangers(liveTraffic(now, order));
  if (now.own.length === 0) throw ruleGone(after);
  return requireWritten(after, change);
}

/** A rule that is gone already stays gone: the look that follows tells. */
async function setWeight(
  client: Client,
  { RuleArn = '', Actions = [] }: Rule,
  { stable, canary }: TrafficOrder,
  percent: number,
): Promise<void> {
  const actions = splitActions<Action>(Actions, stable.ref, canary.ref, percent);
  try {
    await modifyRule(client, RuleArn, actions);
  } catch (error) {
    if (!isNamed(error, 'RuleNotFoundException')) throw error;
  }
}

async function restore(
  client: Client,
  order: TrafficOrder,
  authorise: () => Promise<void>,
): Promise<{ readonly found: LiveTraffic; readonly live: LiveTraffic }> {
  const { stable, canary } = order;
  const before = await lookAtListener(client, order);
  const { base, own } = before;
  for (const rule of own) {
    const strangers = strangersOf(rule, stable.ref, canary.ref);
    if (strangers.length > 0) throw superseded(strangers);
  }
  await authorise();
  if (base === null) {
    // without the base rule our own may be all that serves: it stays, without the canary
    for (const rule of own) await setWeight(client, rule, order, 0);
    throw superseded(['no base rule']);
  }
  const underneath = liveShares({ base, own: null }, stable.ref, canary.ref);
  if (underneath.strangers.length === 0 && underneath.canaryPercent > 0) {
    await writeBase(client, base, wholeActions<Action>(base.Actions ?? [], stable.ref));
  }
  for (const { RuleArn = '' } of own) await deleteRule(client, RuleArn);
  const after = await lookAtListener(client, order);
  const live = refuseStrangers(liveTraffic(after, order));
  if (after.own.length === 0 && live.canaryPercent === 0) return { found: liveTraffic(before, order), live };
  throw new TransientError(`read back ${live.canaryPercent} % on the new version`);
}

/**
 * The base rule first and read back, only then the rule that still hides it. Each of the two asks for permission after
 * its own look and before its write.
 */
async function promote(
  client: Client,
  order: TrafficOrder,
  authorise: (found: LiveTraffic) => Promise<void>,
): Promise<LiveTraffic> {
  const { canary } = order;
  const before = await lookAtListener(client, order);
  const found = refuseStrangers(liveTraffic(before, order));
  if (before.base === null) throw superseded(found.strangers);
  if (!isAllOn(before.base, canary.ref)) {
    await authorise(found);
    await writeBase(client, before.base, wholeActions<Action>(before.base.Actions ?? [], canary.ref));
  }
  const ready = await lookAtListener(client, order);
  const traffic = refuseStrangers(liveTraffic(ready, order));
  if (ready.base === null || !isAllOn(ready.base, canary.ref)) {
    throw new TransientError('the base rule does not forward to the new version yet');
  }
  if (ready.own.length === 0) return traffic;
  await authorise(traffic);
  for (const { RuleArn = '' } of ready.own) await deleteRule(client, RuleArn);
  const after = await lookAtListener(client, order);
  if (after.own.length === 0) return refuseStrangers(liveTraffic(after, order));
  throw new TransientError('the rule of the rollout is still there');
}

function ruleGone({ canaryPercent }: LiveTraffic): DriftError {
  return new DriftError(
    'the listener rule of this rollout is gone: somebody took the traffic back by hand',
    canaryPercent,
  );
}
