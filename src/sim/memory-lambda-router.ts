// Moves traffic of an alias on the in-memory Lambda control plane, with the order of reads and writes of the real router.
import { DriftError, SupersededError, TransientError } from '../core/errors.ts';
import type { Target } from '../core/targets/index.ts';
import type {
  LambdaAliasFacts,
  LambdaAliasTarget,
  LambdaVersionFacts,
} from '../core/targets/lambda-alias.ts';
import { tagIn, tagLabel, tagText } from '../core/traffic-tag.ts';
import type { LiveTraffic, TrafficOrder, TrafficRouter } from '../ports.ts';
import type { AliasConfiguration, LambdaControlPlane } from './memory-lambda.ts';

/** A restore that lost this many races in a row leaves the next try to the step's retry. */
const MAX_LOST_RACES = 100;

export function memoryLambdaRouter(plane: LambdaControlPlane): TrafficRouter {
  return {
    describe: (access, version) => describe(plane, aliasTarget(access.target), version),
    // both versions of an alias exist already: nothing has to be made
    prepare: async () => ({}),
    shift: (order, change, authorise) => shift(plane, order, change, authorise),
    restore: (order) => takeAllTo(plane, order, 0),
    promote: async (order) => {
      const alias = await readAlias(plane, order);
      return isAllOn(alias, order.canary.ref) ? liveTraffic(alias, order) : takeAllTo(plane, order, 100);
    },
    verify: async (order) => liveTraffic(await readAlias(plane, order), order),
  };
}

async function describe(
  plane: LambdaControlPlane,
  { functionName, alias }: LambdaAliasTarget,
  canaryVersion: string,
): Promise<LambdaAliasFacts> {
  const found = await orNull(plane.getAlias(functionName, alias));
  if (found === null) return { kind: 'lambda-alias', alias: null, stable: null, canary: null };
  const versionFacts = (version: string): Promise<LambdaVersionFacts | null> =>
    orNull(plane.getVersion(functionName, version));
  return {
    kind: 'lambda-alias',
    alias: {
      primaryVersion: found.functionVersion,
      additionalShares: Object.fromEntries(
        Object.entries(found.additionalWeights).map(([version, weight]) => [version, toPercent(weight)]),
      ),
      hasProvisionedConcurrency: await plane.hasProvisionedConcurrency(functionName, alias),
      invokedByHttpFront: await plane.isInvokedByHttpFront(functionName, alias),
    },
    stable: await versionFacts(found.functionVersion),
    canary: await versionFacts(canaryVersion),
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
    throw new DriftError(`expected the canary at ${expectedPercent} %, found it at ${live.canaryPercent} %`);
  }
  await authorise();
  if (!hasLanded) {
    const routing = {
      functionVersion: order.stable.ref,
      additionalWeights: { [order.canary.ref]: weightPercent / 100 },
    };
    const winner = await swap(plane, order, alias, routing, weightPercent);
    if (winner !== null) {
      assertNoStrangers(winner);
      throw new DriftError(`somebody else wrote first: the canary is at ${winner.canaryPercent} %`);
    }
  }
  const after = liveTraffic(await readAlias(plane, order), order);
  assertNoStrangers(after);
  if (after.canaryPercent === weightPercent) return after;
  throw new DriftError(`wrote ${weightPercent} %, read back ${after.canaryPercent} %`);
}

/** Writes even when the share is right already, so that a write in flight finds another revision and loses. */
async function takeAllTo(
  plane: LambdaControlPlane,
  order: TrafficOrder,
  percent: 0 | 100,
): Promise<LiveTraffic> {
  const functionVersion = percent === 0 ? order.stable.ref : order.canary.ref;
  for (let lostRaces = 0; lostRaces < MAX_LOST_RACES; lostRaces += 1) {
    const alias = await readAlias(plane, order);
    assertNoStrangers(liveTraffic(alias, order));
    const winner = await swap(plane, order, alias, { functionVersion, additionalWeights: {} }, percent);
    if (winner !== null) continue;
    const after = await readAlias(plane, order);
    const live = liveTraffic(after, order);
    assertNoStrangers(live);
    if (isAllOn(after, functionVersion)) return live;
  }
  throw new TransientError(`the alias changed ${MAX_LOST_RACES} times while it was written`);
}

/** null when the write is on the target, also when only its answer was lost; else what is there instead. */
async function swap(
  plane: LambdaControlPlane,
  order: TrafficOrder,
  before: AliasConfiguration,
  routing: Pick<AliasConfiguration, 'functionVersion' | 'additionalWeights'>,
  percent: number,
): Promise<LiveTraffic | null> {
  const { functionName, alias } = aliasTarget(order.target);
  const change = { ...routing, description: tagLabel(order.tag) };
  try {
    await plane.updateAlias(functionName, alias, change, before.revisionId);
    return null;
  } catch (error) {
    const isRefused = error instanceof Error && error.name === 'PreconditionFailedException';
    if (!isRefused && !(error instanceof TransientError)) throw error;
    const live = liveTraffic(await readAlias(plane, order), order);
    if (carries(live, order, percent)) return null;
    if (isRefused) return live;
    throw error;
  }
}

function readAlias(plane: LambdaControlPlane, { target }: TrafficOrder): Promise<AliasConfiguration> {
  const { functionName, alias } = aliasTarget(target);
  return plane.getAlias(functionName, alias);
}

function liveTraffic(alias: AliasConfiguration, { stable, canary }: TrafficOrder): LiveTraffic {
  const shares = new Map<string, number>();
  let primaryPercent = 100;
  for (const [version, weight] of Object.entries(alias.additionalWeights)) {
    shares.set(version, toPercent(weight));
    primaryPercent -= toPercent(weight);
  }
  shares.set(alias.functionVersion, toPercent(primaryPercent / 100));
  return {
    canaryPercent: shares.get(canary.ref) ?? 0,
    stablePercent: shares.get(stable.ref) ?? 0,
    strangers: [...shares]
      .filter(([version, percent]) => percent > 0 && version !== stable.ref && version !== canary.ref)
      .map(([version]) => version),
    writtenBy: tagIn(alias.description),
  };
}

/** The live target is what this very order wrote. */
function carries(live: LiveTraffic, order: TrafficOrder, percent: number): boolean {
  return (
    live.writtenBy === tagText(order.tag) && live.canaryPercent === percent && live.strangers.length === 0
  );
}

function isAllOn(alias: AliasConfiguration, version: string): boolean {
  return alias.functionVersion === version && Object.keys(alias.additionalWeights).length === 0;
}

function assertNoStrangers({ strangers }: LiveTraffic): void {
  if (strangers.length > 0) throw new SupersededError(`version ${strangers.join(', ')} is live: hands off`);
}

/** Lambda counts fractions; hundredths of a percent are finer than any weight that we write. */
function toPercent(fraction: number): number {
  return Math.round(fraction * 10_000) / 100;
}

async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return null;
    throw error;
  }
}

function aliasTarget(target: Target): LambdaAliasTarget {
  if (target.kind === 'lambda-alias') return target;
  throw new TypeError('this router moves Lambda aliases only');
}
