// Moves traffic between the two slots of an ALB rule: one listener rule per rollout, made at weight 0, changed while it
// lives, deleted to take everything back. The API has no compare-and-swap; what stands in for it is that deleting is
// absorbing: a write to the rule that was sent before the rollback finds no rule when it lands.
import {
  type Action,
  ElasticLoadBalancingV2Client,
  type Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { DriftError, SupersededError, TransientError } from '../core/errors.ts';
import {
  isAllOn,
  liveShares,
  splitActions,
  strangersOf,
  wholeActions,
} from '../core/targets/alb-rule-listener.ts';
import { namesInRuleArn } from '../core/targets/alb-rule-names.ts';
import type { LiveTraffic, TargetAccess, TrafficOrder, TrafficRouter } from '../ports.ts';
import { describeAlbRule } from './elbv2-alb-facts.ts';
import { healthTrouble, prepareRule } from './elbv2-alb-prepare.ts';
import {
  albTarget,
  deleteRule,
  liveTraffic,
  lookAtListener,
  modifyListener,
  modifyRule,
} from './elbv2-rules.ts';
import { isNamed } from './errors.ts';
import { targetClients } from './target-clients.ts';

type Client = ElasticLoadBalancingV2Client;

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
    prepare: async (order) => ({ ruleArn: await prepareRule(clientFor(order), order, pause) }),
    shift: (order, change, authorise) => shift(clientFor(order), order, change, authorise),
    restore: (order) => restore(clientFor(order), order),
    promote: (order, authorise) => promote(clientFor(order), order, authorise),
    verify: async (order) => liveTraffic(await lookAtListener(clientFor(order), order), order),
  };
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
  if (after.canaryPercent === expectedPercent)
    throw new TransientError(`the write of ${weightPercent} % does not show yet`);
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

/**
 * The base rule first and read back, only then the rule that still hides it. Each of the two asks for permission after
 * its own look and before its write.
 */
async function promote(
  client: Client,
  order: TrafficOrder,
  authorise: () => Promise<void>,
): Promise<LiveTraffic> {
  const { canary } = order;
  const before = await lookAtListener(client, order);
  const { strangers } = refuseStrangers(liveTraffic(before, order));
  if (before.base === null) throw superseded(strangers);
  if (!isAllOn(before.base, canary.ref)) {
    await authorise();
    await writeBase(client, before.base, canary.ref);
  }
  const ready = await lookAtListener(client, order);
  const traffic = refuseStrangers(liveTraffic(ready, order));
  if (ready.base === null || !isAllOn(ready.base, canary.ref)) {
    throw new TransientError('the base rule does not forward to the new version yet');
  }
  if (ready.own.length === 0) return traffic;
  await authorise();
  for (const { RuleArn = '' } of ready.own) await deleteRule(client, RuleArn);
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
