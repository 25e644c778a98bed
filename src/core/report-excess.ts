// How many requests failed only because they met the canary.
import type { Exposure, ReportPoint, RolloutReport } from './report.ts';

/**
 * Failed canary requests beyond those that stable would have had with the same requests, weight by weight (see
 * `stableErrorShare`); never negative. null when stable never reported. Slow answers are not among them: nothing tells how
 * many stable would have given.
 */
export function excessFailures({ series, exposure }: RolloutReport): number | null {
  const share = stableErrorShare({ series });
  return share === null
    ? null
    : Math.max(0, Math.round(failuresOf(exposure) - exposure.canaryRequests * share));
}

/** Bad requests but those that were only too slow. */
export function failuresOf({ badRequests, slowRequests = 0 }: Exposure): number {
  return badRequests - slowRequests;
}

/** Both versions while the canary had one weight. */
interface Stratum {
  canaryRequests: number;
  stableRequests: number;
  stableErrors: number;
}

/**
 * Error rate that stable would have had with the canary's requests, as a share; null when it never reported.
 * At a constant weight both versions had their requests in the same minutes, so they are compared weight by weight: errors of
 * everybody while the canary had most of the traffic are not blamed on it, nor is it excused by errors from before it came.
 * Rates that differ by no more than chance are pooled: the global empirical Bayes estimate of Marshall, «Mapping disease and
 * mortality rates using empirical Bayes estimators», Applied Statistics 40 (1991).
 */
export function stableErrorShare({ series }: Pick<RolloutReport, 'series'>): number | null {
  const strata = strataOf(series);
  const stableRequests = sumOf(strata, (stratum) => stratum.stableRequests);
  if (stableRequests === 0) return null;
  const pooled = sumOf(strata, ({ stableErrors }) => stableErrors) / stableRequests;
  const canaryRequests = sumOf(strata, (stratum) => stratum.canaryRequests);
  if (pooled === 0 || canaryRequests === 0) return pooled;
  const spread = sumOf(strata, (stratum) => stratum.stableRequests * (rateOf(stratum, pooled) - pooled) ** 2);
  const known = strata.filter((stratum) => stratum.stableRequests > 0);
  const between = Math.max(0, spread / stableRequests - (pooled * known.length) / stableRequests);
  const expected = sumOf(strata, (stratum) => {
    const weight = (between * stratum.stableRequests) / (between * stratum.stableRequests + pooled);
    return stratum.canaryRequests * (pooled + weight * (rateOf(stratum, pooled) - pooled));
  });
  return expected / canaryRequests;
}

function rateOf({ stableRequests, stableErrors }: Stratum, unknown: number): number {
  return stableRequests === 0 ? unknown : stableErrors / stableRequests;
}

function strataOf(series: readonly ReportPoint[]): readonly Stratum[] {
  const byWeight = new Map<number, Stratum>();
  for (const point of series) {
    const stratum = byWeight.get(point.weightPercent) ?? {
      canaryRequests: 0,
      stableRequests: 0,
      stableErrors: 0,
    };
    byWeight.set(point.weightPercent, stratum);
    stratum.canaryRequests += point.canaryRequests ?? 0;
    if (point.stableRequests === null || point.stableErrorPercent === null) continue;
    stratum.stableRequests += point.stableRequests;
    stratum.stableErrors += (point.stableRequests * point.stableErrorPercent) / 100;
  }
  return [...byWeight.values()];
}

function sumOf(strata: readonly Stratum[], value: (stratum: Stratum) => number): number {
  return strata.reduce((sum, stratum) => sum + value(stratum), 0);
}
