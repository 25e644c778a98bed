// What users met: when the canary failed beyond its limit.
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
  /** Nothing is known of the canary after it, so it may have lasted longer. */
  readonly isOpen: boolean;
  /** Of the canary, as the metrics showed them. */
  readonly requests: number;
  readonly badRequests: number;
}

interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly requests: number;
  readonly badRequests: number;
  /** Failures that the limit would have let pass. */
  readonly allowed: number;
}

/** What one look allowed, and of which error rate of stable; percent. */
interface Allowance {
  readonly atMs: number;
  readonly limitPercent: number | null;
  readonly stablePercent: number | null;
}

/**
 * The stretch with the largest surplus of failures over the limit (Kadane's scan), so that a lucky minute does not cut it
 * short. null where chance explains the surplus, or there is none. Periods without a report of the canary are skipped.
 */
export function affectedWindow({ series, checkCourses, timeline }: RolloutReport): AffectedWindow | null {
  const known = stretchesOf(series, allowancesOf(checkCourses));
  let worst: Stretch | null = null;
  let run: Stretch | null = null;
  for (const period of known) {
    run = surplus(run) > 0 ? joined(run, period) : period;
    if (surplus(run) > surplus(worst)) worst = run;
  }
  if (worst === null || isChance(worst, series.length)) return null;
  const { fromMs, toMs, requests, badRequests } = worst;
  return {
    from: isoTime(withTrafficFrom(timeline, fromMs, toMs)),
    to: isoTime(toMs),
    isOpen: known.at(-1)?.toMs === toMs,
    requests,
    badRequests: Math.round(badRequests),
  };
}

/** The canary met nobody in the part of a period before its first traffic. */
function withTrafficFrom(timeline: RolloutReport['timeline'], fromMs: number, toMs: number): number {
  const firstShiftMs = Date.parse(timeline.find(({ event }) => event === 'traffic-shifted')?.at ?? '');
  return firstShiftMs > fromMs && firstShiftMs < toMs ? firstShiftMs : fromMs;
}

function allowancesOf(checkCourses: RolloutReport['checkCourses']): readonly Allowance[] {
  const course = checkCourses.find(({ check, unit }) => check === ERRORS.check && unit === ERRORS.unit);
  const points: readonly CheckPoint[] = course?.points ?? [];
  return points.map(({ at, limit, stable }) => ({
    atMs: Date.parse(at),
    limitPercent: limit,
    stablePercent: stable,
  }));
}

/**
 * Each period is held to the first look that could see all of it, or to the last one.
 * @param looks oldest first, as the periods are: a day has hundreds of looks and more than a thousand periods
 */
function stretchesOf(series: readonly ReportPoint[], looks: readonly Allowance[]): readonly Stretch[] {
  const periodMs = periodLengthMs(series);
  let next = 0;
  return series.flatMap(({ at, canaryRequests: requests, canaryErrorPercent, stableErrorPercent }) => {
    const fromMs = Date.parse(at);
    const toMs = fromMs + periodMs;
    while (next < looks.length - 1 && (looks[next]?.atMs ?? toMs) < toMs) next += 1;
    const limitPercent = limitOf(looks[next], stableErrorPercent);
    if (requests === null || canaryErrorPercent === null || limitPercent === null) return [];
    const badRequests = (requests * canaryErrorPercent) / 100;
    return [{ fromMs, toMs, requests, badRequests, allowed: (requests * limitPercent) / 100 }];
  });
}

/** The limit belongs to what stable showed over its stage so far; where stable itself was worse, so much more is allowed. */
function limitOf(look: Allowance | undefined, stablePercent: number | null): number | null {
  if (look === undefined) return null;
  const { limitPercent: limit, stablePercent: usual } = look;
  if (limit === null || usual === null || stablePercent === null || stablePercent <= usual) return limit;
  return usual === 0 ? Math.max(limit, stablePercent) : Math.max(limit, (limit * stablePercent) / usual);
}

function joined(run: Stretch | null, period: Stretch): Stretch {
  if (run === null) return period;
  return {
    fromMs: run.fromMs,
    toMs: period.toMs,
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
