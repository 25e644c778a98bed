// Moves traffic of an alias on the in-memory Lambda control plane, with the order of reads and writes of the real router.
import { DriftError, SupersededError, TransientError } from '../core/errors.ts';
import type { LiveTraffic } from '../core/live-traffic.ts';
import { labelOver } from '../core/traffic-tag.ts';
import type { TrafficOrder, TrafficRouter } from '../ports.ts';
import type { AliasConfiguration, LambdaControlPlane } from './memory-lambda.ts';
import {
  aliasTarget,
  carries,
  describe,
  isAllOn,
  isRoutedAs,
  liveTraffic,
  readAlias,
} from './memory-lambda-reading.ts';

/** A call that lost this many races in a row leaves the next try to the step's retry. */
const MAX_LOST_RACES = 100;

export function memoryLambdaRouter(plane: LambdaControlPlane): TrafficRouter {
  return {
    describe: (access, version) => describe(plane, aliasTarget(access.target), version),
    // both versions of an alias exist already: nothing has to be made
    prepare: async (_order, authorise) => {
      await authorise();
      return {};
    },
    shift: (order, change, authorise) => shift(plane, order, change, authorise),
    restore: (order, authorise) => restore(plane, order, authorise),
    promote: (order, authorise) => promote(plane, order, authorise),
    verify: async (order) => liveTraffic(await readAlias(plane, order), order),
    health: async () => null,
  };
}

async function shift(
  plane: LambdaControlPlane,
  order: TrafficOrder,
  { expectedPercent, weightPercent }: { readonly expectedPercent: number; readonly weightPercent: number },
  authorise: () => Promise<void>,
): Promise<LiveTraffic> {
  // The revision is read before the fence is asked: the other way round a shift could land after a finished rollback.
  const alias = await readAlias(plane, order);
  const live = liveTraffic(alias, order);
  assertNoStrangers(live);
  const hasLanded = carries(live, order, weightPercent);
  if (!hasLanded && live.canaryPercent !== expectedPercent) {
    throw new DriftError(
      `expected the canary at ${expectedPercent} %, found it at ${live.canaryPercent} %`,
      live.canaryPercent,
    );
  }
  await authorise();
  if (!hasLanded) {
    const routing = {
      functionVersion: order.stable.ref,
      additionalWeights: { [order.canary.ref]: weightPercent / 100 },
    };
    const winner = await swap(plane, order, alias, routing);
    if (winner !== null) {
      assertNoStrangers(winner);
      throw new DriftError(
        `somebody else wrote first: the canary is at ${winner.canaryPercent} %`,
        winner.canaryPercent,
      );
    }
  }
  const after = liveTraffic(await readAlias(plane, order), order);
  assertNoStrangers(after);
  if (after.canaryPercent === weightPercent) return after;
  if (after.canaryPercent === expectedPercent)
    throw new TransientError(`the write of ${weightPercent} % does not show yet`);
  throw new DriftError(`wrote ${weightPercent} %, read back ${after.canaryPercent} %`, after.canaryPercent);
}

/** Writes even when the share is right already, so that a write in flight finds another revision and loses. */
async function restore(
  plane: LambdaControlPlane,
  order: TrafficOrder,
  authorise: () => Promise<void>,
): Promise<{ readonly found: LiveTraffic; readonly live: LiveTraffic }> {
  const reads: LiveTraffic[] = [];
  const live = await untilWon(async () => {
    const alias = await readAlias(plane, order);
    const read = assertNoStrangers(liveTraffic(alias, order));
    reads.push(read);
    await authorise();
    return takeAllTo(plane, order, alias, order.stable.ref);
  });
  return { found: reads[0] ?? live, live };
}

/** Whoever won a race may have had the right to: every round asks again, on what it read itself. */
function promote(
  plane: LambdaControlPlane,
  order: TrafficOrder,
  authorise: (found: LiveTraffic) => Promise<void>,
): Promise<LiveTraffic> {
  return untilWon(async () => {
    const alias = await readAlias(plane, order);
    const live = liveTraffic(alias, order);
    if (isAllOn(alias, order.canary.ref)) return live;
    assertNoStrangers(live);
    await authorise(live);
    return takeAllTo(plane, order, alias, order.canary.ref);
  });
}

/** null: somebody else wrote since `before` was read, or right after us. */
async function takeAllTo(
  plane: LambdaControlPlane,
  order: TrafficOrder,
  before: AliasConfiguration,
  functionVersion: string,
): Promise<LiveTraffic | null> {
  const winner = await swap(plane, order, before, { functionVersion, additionalWeights: {} });
  if (winner !== null) return null;
  const after = await readAlias(plane, order);
  const live = liveTraffic(after, order);
  assertNoStrangers(live);
  return isAllOn(after, functionVersion) ? live : null;
}

async function untilWon(attempt: () => Promise<LiveTraffic | null>): Promise<LiveTraffic> {
  for (let lostRaces = 0; lostRaces < MAX_LOST_RACES; lostRaces += 1) {
    const live = await attempt();
    if (live !== null) return live;
  }
  throw new TransientError(`the alias changed ${MAX_LOST_RACES} times while it was written`);
}

/** null when the write is on the target, also when only its answer was lost; else what is there instead. */
async function swap(
  plane: LambdaControlPlane,
  order: TrafficOrder,
  before: AliasConfiguration,
  routing: Pick<AliasConfiguration, 'functionVersion' | 'additionalWeights'>,
): Promise<LiveTraffic | null> {
  const { functionName, alias } = aliasTarget(order.target);
  const change = { ...routing, description: labelOver(before.description, order.tag) };
  try {
    await plane.updateAlias(functionName, alias, change, before.revisionId);
    return null;
  } catch (error) {
    const isRefused = error instanceof Error && error.name === 'PreconditionFailedException';
    if (!isRefused && !(error instanceof TransientError)) throw error;
    const now = await readAlias(plane, order);
    // the whole description, not its tag: what an earlier try of the same order left is not this write
    if (isRoutedAs(now, change)) return null;
    if (!isRefused) throw error;
    if (now.revisionId !== before.revisionId) return liveTraffic(now, order);
    throw new TransientError('the alias still shows a revision that is no longer its own');
  }
}

function assertNoStrangers(live: LiveTraffic): LiveTraffic {
  if (live.strangers.length === 0) return live;
  throw new SupersededError(`version ${live.strangers.join(', ')} is live: hands off`, live.strangers);
}
