// What the contract of all routers has to know of a Lambda alias: its traits, and how its truth is read.
import type { RouterDriver, RouterTraits } from './traffic-router.contract.ts';

export const LAMBDA_TRAITS: RouterTraits = {
  canCompareAndSwap: true,
  carriesTag: true,
  isRestoreFinal: true,
  health: null,
};

/** Shares of an alias between these two versions; weights are fractions. */
export function sharesOf(
  primaryVersion: string,
  additionalWeights: Readonly<Record<string, number>>,
  { stable, canary } = { stable: '41', canary: '42' },
): Awaited<ReturnType<RouterDriver['live']>> {
  const additional = Object.values(additionalWeights).reduce((sum, weight) => sum + weight, 0);
  const share = (version: string): number =>
    Math.round(
      10_000 * ((additionalWeights[version] ?? 0) + (version === primaryVersion ? 1 - additional : 0)),
    ) / 100;
  const versions = [primaryVersion, ...Object.keys(additionalWeights)];
  return {
    canaryPercent: share(canary),
    stablePercent: share(stable),
    strangers: versions.filter((version) => version !== stable && version !== canary),
  };
}
