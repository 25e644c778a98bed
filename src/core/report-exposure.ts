// What users met: when the canary failed beyond its limit, and how often stable would have failed as well.
import type { CheckPoint, ReportPoint, RolloutReport } from './report.ts';
import { isoTime } from './uk-time.ts';

/** The check whose limit a share of failed requests is held to, and its unit. */
const ERRORS = { check: 'errors', unit: '%' } as const;
const MINUTE_MS = 60_000;

/** Share of healthy rollouts that seem to have had such a stretch, at the most. */
const MOST_BY_CHANCE = 0.01;

/** The stretch of periods in which most of the canary's requests failed beyond what was allowed then. */
export interface AffectedWindow {
  readonly from: string;
  /** End of its last period. */
  readonly to: string;
  /** Of the canary, as the metrics showed them. */
  readonly requests: number;
  readonly badRequests: number;
}

interface Stretch extends AffectedWindow {
  /** Failures that the limit would have let pass. */
  readonly allowed: number;
}

/**
 * The stretch with the largest surplus of failures over the limit (Kadane's scan), so that a lucky minute does not cut it
 * short. null where chance explains the surplus, or there is none. Periods without a report of the canary are skipped.
 */
export function affectedWindow({ series, checkCourses }: RolloutReport): AffectedWindow | null {
  const course = checkCourses.find(({ check, unit }) => check === ERRORS.check && unit === ERRORS.unit);
  const periodMs = periodLengthMs(series);
  let worst: Stretch | null = null;
  let run: Stretch | null = null;
  for (const point of series) {
    const period = stretchOf(point, course?.points ?? [], periodMs);
    if (period === null) continue;
    run = surplus(run) > 0 ? joined(run, period) : period;
    if (surplus(run) > surplus(worst)) worst = run;
  }
  if (worst === null || isChance(worst, series.length)) return null;
  const { from, to, requests, badRequests } = worst;
  return { from, to, requests, badRequests: Math.round(badRequests) };
}

function stretchOf(point: ReportPoint, looks: readonly CheckPoint[], periodMs: number): Stretch | null {
  const { at, canaryRequests: requests, canaryErrorPercent, stableErrorPercent } = point;
  const toMs = Date.parse(at) + periodMs;
  const limitPercent = limitAt(looks, toMs, stableErrorPercent);
  if (requests === null || canaryErrorPercent === null || limitPercent === null) return null;
  return {
    from: at,
    to: isoTime(toMs),
    requests,
    badRequests: (requests * canaryErrorPercent) / 100,
    allowed: (requests * limitPercent) / 100,
  };
}

/**
 * The limit of the first look that could see the whole period, or of the last one. It belongs to what stable showed over its
 * stage so far; where stable itself was worse in this period, so much more is allowed.
 */
function limitAt(
  looks: readonly CheckPoint[],
  seenFromMs: number,
  stablePercent: number | null,
): number | null {
  const { limit, stable } = looks.find(({ at }) => Date.parse(at) >= seenFromMs) ?? looks.at(-1) ?? NO_LOOK;
  if (limit === null || stable === null || stablePercent === null || stablePercent <= stable) return limit;
  return stable === 0 ? Math.max(limit, stablePercent) : Math.max(limit, (limit * stablePercent) / stable);
}

const NO_LOOK = { limit: null, stable: null } as const;

function joined(run: Stretch | null, period: Stretch): Stretch {
  if (run === null) return period;
  return {
    from: run.from,
    to: period.to,
    requests: run.requests + period.requests,
    badRequests: run.badRequests + period.badRequests,
    allowed: run.allowed + period.allowed,
  };
}

function surplus(run: Stretch | null): number {
  return run === null ? 0 : run.badRequests - run.allowed;
}

/**
 * Chernoff's bound of a Poisson count, for as many stretches as there are periods. Source: Boucheron, Lugosi and Massart,
 * «Concentration Inequalities» (2013), 2.2.
 */
function isChance({ badRequests: bad, allowed }: Stretch, periods: number): boolean {
  const nats = bad * Math.log(bad / allowed) - (bad - allowed);
  return periods * Math.exp(-nats) > MOST_BY_CHANCE;
}

/** The smallest distance of two of them; a minute where there is only one. */
function periodLengthMs(series: readonly ReportPoint[]): number {
  const starts = series.map(({ at }) => Date.parse(at));
  const distances = starts
    .slice(1)
    .map((start, index) => start - (starts[index] ?? start))
    .filter((distance) => distance > 0);
  return distances.length === 0 ? MINUTE_MS : Math.min(...distances);
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
