// Moves traffic in the base rule itself on the in-memory load balancer, with the order of reads and writes of the real
// router. Nothing refuses a late write here: the way back is final only after its quarantine.
import { TransientError } from '../core/errors.ts';
import type { LiveTraffic } from '../core/live-traffic.ts';
import { isAloneOn, isAttached, splitInPlace, wholeInPlace } from '../core/targets/alb-rule-in-place.ts';
import { type AlbRule, isAllOn } from '../core/targets/alb-rule-listener.ts';
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
import { look, readBase, sharesInBase } from './memory-alb-reading.ts';

export function inPlaceRouter(plane: AlbControlPlane): Omit<TrafficRouter, 'describe' | 'health'> {
  return {
    prepare: (order, authorise) => prepare(plane, order, authorise),
    shift: (order, change, authorise) => shift(plane, order, change, authorise),
    restore: (order, authorise) => restore(plane, order, authorise),
    promote: (order, authorise) => promote(plane, order, authorise),
    verify: async (order) => sharesInBase(await readBase(plane, order), order),
  };
}

/** A rule of its own that a rollout of the other mode left would hide the base rule: it is removed. */
async function prepare(
  plane: AlbControlPlane,
  order: TrafficOrder,
  authorise: () => Promise<void>,
): Promise<Readonly<Record<string, string>>> {
  const { stable, canary } = order;
  const { base, leftOver } = await look(plane, order);
  // whoever changed the rule between the gates and here is found by the gates of the next try
  if (base === null || !isAllOn(base, stable.ref)) {
    throw new TransientError('the base rule no longer sends everything to the stable version');
  }
  await authorise();
  for (const { RuleArn = '' } of leftOver) await removeRule(plane, RuleArn);
  if (!isAttached(base, stable.ref, canary.ref)) {
    await writeBase(plane, base, splitInPlace(base.Actions ?? [], stable.ref, canary.ref, 0));
  }
  await requireHealthy(plane, order);
  return {};
}

async function shift(
  plane: AlbControlPlane,
  order: TrafficOrder,
  change: ShareChange,
  authorise: () => Promise<void>,
): Promise<LiveTraffic> {
  const { stable, canary } = order;
  const base = await readOwn(plane, order);
  const before = sharesInBase(base, order);
  refuseDrift(before, change);
  await requireHealthy(plane, order);
  await authorise();
  if (before.canaryPercent !== change.weightPercent) {
    const actions = splitInPlace(base.Actions ?? [], stable.ref, canary.ref, change.weightPercent);
    await writeBase(plane, base, actions);
  }
  return requireWritten(sharesInBase(await readOwn(plane, order), order), change);
}

/** Writes even at 0: a write that was on its way and landed before is then undone, and the slot is detached. */
async function restore(
  plane: AlbControlPlane,
  order: TrafficOrder,
  authorise: () => Promise<void>,
): Promise<{ readonly found: LiveTraffic; readonly live: LiveTraffic }> {
  const { stable, canary } = order;
  const base = await readOwn(plane, order);
  await authorise();
  await writeBase(plane, base, wholeInPlace(base.Actions ?? [], stable.ref));
  const after = await readOwn(plane, order);
  const live = sharesInBase(after, order);
  if (isAloneOn(after, stable.ref, canary.ref)) return { found: sharesInBase(base, order), live };
  throw new TransientError(`read back ${live.canaryPercent} % on the new version`);
}

async function promote(
  plane: AlbControlPlane,
  order: TrafficOrder,
  authorise: (found: LiveTraffic) => Promise<void>,
): Promise<LiveTraffic> {
  const { stable, canary } = order;
  const base = await readOwn(plane, order);
  if (!isAloneOn(base, canary.ref, stable.ref)) {
    await authorise(sharesInBase(base, order));
    await writeBase(plane, base, wholeInPlace(base.Actions ?? [], canary.ref));
  }
  const after = await readOwn(plane, order);
  if (isAloneOn(after, canary.ref, stable.ref)) return sharesInBase(after, order);
  throw new TransientError('the base rule does not forward to the new version alone yet');
}

/** The base rule, as long as nothing but the two slots is in it. */
async function readOwn(plane: AlbControlPlane, order: TrafficOrder): Promise<AlbRule> {
  const base = await readBase(plane, order);
  const { strangers } = refuseStrangers(sharesInBase(base, order));
  if (base === null) throw superseded(strangers);
  return base;
}
