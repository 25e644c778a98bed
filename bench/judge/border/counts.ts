// Counts of both versions with the canary exactly on the last point that its tests still tolerate.
import { ERRORS } from '../../../src/core/judge/measures.ts';
import type { JudgePolicy } from '../../../src/core/judge/policy.ts';
import type { Counts } from '../../../src/core/judge/types.ts';
import type { Random } from '../../../src/sim/random.ts';
import { drawBinomial, drawPoisson } from '../traces/draw.ts';

/** True shares of a version in a period, by measure. */
export type Shares = Readonly<Record<string, number>>;

/** What the canary may have at the most, by measure, beside these shares of stable; measures apart from `onBorder` as stable's. */
export function borderShares(policy: JudgePolicy, stable: Shares, onBorder: ReadonlySet<string>): Shares {
  const allowed = Object.fromEntries(
    policy.streams.flatMap((stream): [string, number][] => {
      if (stream.kind !== 'ratio' && stream.kind !== 'pair') return [];
      if (!onBorder.has(stream.check)) return [];
      const tolerated = stream.toleranceRatio * (stable[stream.measure] ?? 0);
      return [[stream.measure, Math.min(1, Math.max(tolerated, stream.floorShare ?? 0))]];
    }),
  );
  return { ...stable, ...allowed };
}

/**
 * @param slowMeasures thresholds of latency, the lowest first: who is beyond one is beyond those before it
 * @param otherMeasures each for itself
 */
export function drawCounts(
  random: Random,
  meanRequests: number,
  shares: Shares,
  slowMeasures: readonly string[],
  otherMeasures: readonly string[],
): Counts {
  const requests = drawPoisson(random, meanRequests);
  const counted: Record<string, readonly [number, number]> = {};
  let [within, shareWithin] = [requests, 1];
  for (const measure of slowMeasures) {
    const share = shares[measure] ?? 0;
    within = drawBinomial(random, within, share / shareWithin);
    shareWithin = share;
    counted[measure] = [requests, within];
  }
  for (const measure of otherMeasures) {
    counted[measure] = [requests, drawBinomial(random, requests, shares[measure] ?? 0)];
  }
  const errors = drawBinomial(random, requests, shares[ERRORS] ?? 0);
  // cold starts are counted, and there are none: nothing is forgiven after a raise
  return { requests, errors, shares: counted, values: {}, coldStarts: 0 };
}
