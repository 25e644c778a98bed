// Moves traffic on a Lambda alias. Every write is a compare-and-swap on the alias' RevisionId, which is read before the
// permission to write is asked: a writer that was overtaken after either loses.
import { LambdaClient } from '@aws-sdk/client-lambda';
import { DriftError, SupersededError, TransientError } from '../core/errors.ts';
import type { LiveTraffic } from '../core/live-traffic.ts';
import type { TargetAccess, TrafficOrder, TrafficRouter } from '../ports.ts';
import {
  aliasName,
  aliasTarget,
  carries,
  isAllOn,
  type LiveAlias,
  readAlias,
  swapAlias,
} from './lambda-alias.ts';
import { describeAlias } from './lambda-alias-facts.ts';
import { targetClients } from './target-clients.ts';

/** How often one call runs against other writers before the workflow's own Retry takes over with a pause. */
const MAX_LOST_RACES = 20;

export function lambdaAliasRouter(
  clientFor: (access: TargetAccess) => LambdaClient = targetClients((config) => new LambdaClient(config)),
): TrafficRouter {
  return {
    describe: (access, version) => describeAlias(clientFor(access), aliasTarget(access.target), version),
    // both versions of an alias exist already: nothing has to be made
    prepare: async (_order, authorise) => {
      await authorise();
      return {};
    },
    shift: (order, change, authorise) => shift(clientFor(order), order, change, authorise),
    restore: (order, authorise) => restore(clientFor(order), order, authorise),
    promote: (order, authorise) => promote(clientFor(order), order, authorise),
    verify: async (order) => (await readAlias(clientFor(order), order)).live,
    // an alias has no instances that could be unhealthy
    health: async () => null,
  };
}

async function shift(
  client: LambdaClient,
  order: TrafficOrder,
  { expectedPercent, weightPercent }: { readonly expectedPercent: number; readonly weightPercent: number },
  authorise: () => Promise<void>,
): Promise<LiveTraffic> {
  const before = await readAlias(client, order);
  refuseStrangers(before.live, order);
  const hasLanded = carries(before.live, order, weightPercent);
  if (!hasLanded && before.live.canaryPercent !== expectedPercent) {
    throw new DriftError(
      `${aliasName(order.target)} gives the new version ${before.live.canaryPercent} %, the last write left ${expectedPercent} % there`,
      before.live.canaryPercent,
    );
  }
  await authorise();
  const wanted = { primaryVersion: order.stable.ref, additionalPercent: weightPercent };
  const isWritten = hasLanded || (await swapAlias(client, order, before, wanted));
  const { live } = await readAlias(client, order);
  refuseStrangers(live, order);
  if (isWritten && live.canaryPercent === weightPercent) return live;
  if (isWritten && live.canaryPercent === expectedPercent) {
    throw new TransientError(
      `${aliasName(order.target)} does not show ${weightPercent} % yet, though the write was accepted`,
    );
  }
  throw new DriftError(
    `${aliasName(order.target)} was written by somebody else at the same time: the new version has ${live.canaryPercent} %, ${weightPercent} % was asked`,
    live.canaryPercent,
  );
}

/** Writes even when the share is right already, so that a write in flight finds another revision and loses. */
async function restore(
  client: LambdaClient,
  order: TrafficOrder,
  authorise: () => Promise<void>,
): Promise<{ readonly found: LiveTraffic; readonly live: LiveTraffic }> {
  const reads: LiveTraffic[] = [];
  const live = await untilWon(order, async () => {
    const before = await readAlias(client, order);
    refuseStrangers(before.live, order);
    reads.push(before.live);
    await authorise();
    return takeAllTo(client, order, before, order.stable.ref);
  });
  return { found: reads[0] ?? live, live };
}

/** Whoever won a race may have had the right to: every round asks again, on what it read itself. */
function promote(
  client: LambdaClient,
  order: TrafficOrder,
  authorise: (found: LiveTraffic) => Promise<void>,
): Promise<LiveTraffic> {
  return untilWon(order, async () => {
    const before = await readAlias(client, order);
    if (isAllOn(before, order.canary.ref)) return before.live;
    refuseStrangers(before.live, order);
    await authorise(before.live);
    return takeAllTo(client, order, before, order.canary.ref);
  });
}

/** null: somebody else wrote since `before` was read, or right after us. */
async function takeAllTo(
  client: LambdaClient,
  order: TrafficOrder,
  before: LiveAlias,
  version: string,
): Promise<LiveTraffic | null> {
  const wanted = { primaryVersion: version, additionalPercent: 0 };
  if (!(await swapAlias(client, order, before, wanted))) return null;
  const after = await readAlias(client, order);
  refuseStrangers(after.live, order);
  return isAllOn(after, version) ? after.live : null;
}

async function untilWon(
  order: TrafficOrder,
  attempt: () => Promise<LiveTraffic | null>,
): Promise<LiveTraffic> {
  for (let lostRaces = 0; lostRaces < MAX_LOST_RACES; lostRaces += 1) {
    const live = await attempt();
    if (live !== null) return live;
  }
  throw new TransientError(
    `${aliasName(order.target)} was written by somebody else ${MAX_LOST_RACES} times in a row`,
  );
}

function refuseStrangers({ strangers }: LiveTraffic, { target, stable, canary }: TrafficOrder): void {
  if (strangers.length === 0) return;
  throw new SupersededError(
    `${aliasName(target)} routes to version ${strangers.join(', ')}, which is neither ${stable.version} nor ${canary.version}`,
    strangers,
  );
}
