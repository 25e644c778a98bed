// What the in-memory router reads of the Lambda control plane: facts for the gates, and where the traffic of a rollout goes.

import type { LiveTraffic } from '../core/live-traffic.ts';
import type { Target } from '../core/targets/index.ts';
import type {
  LambdaAliasFacts,
  LambdaAliasTarget,
  LambdaVersionFacts,
} from '../core/targets/lambda-alias.ts';
import { tagIn, tagText } from '../core/traffic-tag.ts';
import type { TrafficOrder } from '../ports.ts';
import type { AliasConfiguration, LambdaControlPlane } from './memory-lambda.ts';

export async function describe(
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

export function readAlias(plane: LambdaControlPlane, { target }: TrafficOrder): Promise<AliasConfiguration> {
  const { functionName, alias } = aliasTarget(target);
  return plane.getAlias(functionName, alias);
}

/** The primary version counts as a stranger whatever its share is: writing over it would lose it. */
export function liveTraffic(alias: AliasConfiguration, { stable, canary }: TrafficOrder): LiveTraffic {
  const shares = new Map<string, number>();
  let primaryPercent = 100;
  for (const [version, weight] of Object.entries(alias.additionalWeights)) {
    shares.set(version, toPercent(weight));
    primaryPercent -= toPercent(weight);
  }
  shares.set(alias.functionVersion, toPercent(primaryPercent / 100));
  const isThere = ([version, percent]: readonly [string, number]): boolean =>
    percent > 0 || version === alias.functionVersion;
  return {
    canaryPercent: shares.get(canary.ref) ?? 0,
    stablePercent: shares.get(stable.ref) ?? 0,
    strangers: [...shares]
      .filter(isThere)
      .map(([version]) => version)
      .filter((version) => version !== stable.ref && version !== canary.ref),
    writtenBy: tagIn(alias.description),
  };
}

/** The live target is what this very order wrote. */
export function carries(live: LiveTraffic, order: TrafficOrder, percent: number): boolean {
  return (
    live.writtenBy === tagText(order.tag) && live.canaryPercent === percent && live.strangers.length === 0
  );
}

/** The alias is what one write made of it: version, weights and description. */
export function isRoutedAs(
  alias: AliasConfiguration,
  written: Omit<AliasConfiguration, 'revisionId'>,
): boolean {
  return (
    alias.functionVersion === written.functionVersion &&
    alias.description === written.description &&
    JSON.stringify(alias.additionalWeights) === JSON.stringify(written.additionalWeights)
  );
}

export function isAllOn(alias: AliasConfiguration, version: string): boolean {
  return alias.functionVersion === version && Object.keys(alias.additionalWeights).length === 0;
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

export function aliasTarget(target: Target): LambdaAliasTarget {
  if (target.kind === 'lambda-alias') return target;
  throw new TypeError('this router moves Lambda aliases only');
}
