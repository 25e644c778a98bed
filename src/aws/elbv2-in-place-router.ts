// Moves traffic in the base rule itself, where no other rule can be made. Nothing refuses a late write here, neither a
// version of the rule nor its absence: the way back is final only after its quarantine (core/targets/alb-rule-modes.ts).
import type { Action, ElasticLoadBalancingV2Client, Rule } from '@aws-sdk/client-elastic-load-balancing-v2';
import { TransientError } from '../core/errors.ts';
import type { LiveTraffic } from '../core/live-traffic.ts';
import { isAloneOn, isAttached, splitInPlace, wholeInPlace } from '../core/targets/alb-rule-in-place.ts';
import { isAllOn } from '../core/targets/alb-rule-listener.ts';
import {
  refuseDrift,
  refuseStrangers,
  requireWritten,
  type ShareChange,
  superseded,
} from '../core/targets/alb-rule-writes.ts';
import type { TargetAccess, TrafficOrder, TrafficRouter } from '../ports.ts';
import { requireHealthy, waitForHealth, writeBase } from './elbv2-alb-moves.ts';
import { deleteRule, lookAtListener, readBase, sharesInBase } from './elbv2-rules.ts';

type Client = ElasticLoadBalancingV2Client;

export function inPlaceRouter(
  clientFor: (access: TargetAccess) => Client,
  pause: (ms: number) => Promise<void>,
): Omit<TrafficRouter, 'describe' | 'health'> {
  return {
    prepare: (order, authorise) => prepare(clientFor(order), order, authorise, pause),
    shift: (order, change, authorise) => shift(clientFor(order), order, change, authorise),
    restore: (order, authorise) => restore(clientFor(order), order, authorise),
    promote: (order, authorise) => promote(clientFor(order), order, authorise),
    verify: async (order) => sharesInBase(await readBase(clientFor(order), order), order),
  };
}

/** A rule of its own that a rollout of the other mode left would hide the base rule: it is removed. */
async function prepare(
  client: Client,
  order: TrafficOrder,
  authorise: () => Promise<void>,
  pause: (ms: number) => Promise<void>,
): Promise<Readonly<Record<string, string>>> {
  const { stable, canary } = order;
  const { base, leftOver } = await lookAtListener(client, order);
  // whoever changed the rule between the gates and here is found by the gates of the next try
  if (base === null || !isAllOn(base, stable.ref)) {
    throw new TransientError('the base rule no longer sends everything to the stable version');
  }
  await authorise();
  for (const { RuleArn = '' } of leftOver) await deleteRule(client, RuleArn);
  if (!isAttached(base, stable.ref, canary.ref)) {
    await writeBase(client, base, splitInPlace<Action>(base.Actions ?? [], stable.ref, canary.ref, 0));
  }
  await waitForHealth(client, order, pause);
  return {};
}

async function shift(
  client: Client,
  order: TrafficOrder,
  change: ShareChange,
  authorise: () => Promise<void>,
): Promise<LiveTraffic> {
  const { stable, canary } = order;
  const base = await readOwn(client, order);
  const before = sharesInBase(base, order);
  refuseDrift(before, change);
  await requireHealthy(client, order);
  await authorise();
  if (before.canaryPercent !== change.weightPercent) {
    const actions = splitInPlace<Action>(base.Actions ?? [], stable.ref, canary.ref, change.weightPercent);
    await writeBase(client, base, actions);
  }
  return requireWritten(sharesInBase(await readOwn(client, order), order), change);
}

/** Writes even at 0: a write that was on its way and landed before is then undone, and the slot is detached. */
async function restore(
  client: Client,
  order: TrafficOrder,
  authorise: () => Promise<void>,
): Promise<{ readonly found: LiveTraffic; readonly live: LiveTraffic }> {
  const { stable, canary } = order;
  const base = await readOwn(client, order);
  await authorise();
  await writeBase(client, base, wholeInPlace<Action>(base.Actions ?? [], stable.ref));
  const after = await readOwn(client, order);
  const live = sharesInBase(after, order);
  if (isAloneOn(after, stable.ref, canary.ref)) return { found: sharesInBase(base, order), live };
  throw new TransientError(`read back ${live.canaryPercent} % on the new version`);
}

async function promote(
  client: Client,
  order: TrafficOrder,
  authorise: (found: LiveTraffic) => Promise<void>,
): Promise<LiveTraffic> {
  const { stable, canary } = order;
  const base = await readOwn(client, order);
  if (!isAloneOn(base, canary.ref, stable.ref)) {
    await authorise(sharesInBase(base, order));
    await writeBase(client, base, wholeInPlace<Action>(base.Actions ?? [], canary.ref));
  }
  const after = await readOwn(client, order);
  if (isAloneOn(after, canary.ref, stable.ref)) return sharesInBase(after, order);
  throw new TransientError('the base rule does not forward to the new version alone yet');
}

/** The base rule, as long as nothing but the two slots is in it. */
async function readOwn(client: Client, order: TrafficOrder): Promise<Rule> {
  const base = await readBase(client, order);
  const { strangers } = refuseStrangers(sharesInBase(base, order));
  if (base === null) throw superseded(strangers);
  return base;
}
