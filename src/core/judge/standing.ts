// How a version stands beside stable, for the table that people read: certain or not, at the sample there is. Decides
// nothing about traffic; that is the e-processes' business, which may be looked at every minute.
import { LEAST_PERIODS, SIGMAS, valueMargin, wilsonBound } from './intervals.ts';
import type { Pairs, Sample, Tally } from './state.ts';

type Standing = 'harmful' | 'worse' | 'fine' | 'unknown';

export interface Compared {
  readonly standing: Standing;
  /** About how many more canary requests would tell; null where it can be told, or where no number helps. */
  readonly stillNeeded: number | null;
}

export interface Tolerance {
  readonly better: 'higher' | 'lower';
  readonly toleranceRatio: number;
}

/** Harm is told at one-sided 1 %, and a share within its tolerance at 10 %, like the pass of a stage. */
const FINE_SIGMAS = 1.28;
/** A difference smaller than this is not worth a person's attention, however certain it is. */
const NOTABLE_RATIO = 1.1;
/** Half an event more for each side, so that a logarithm exists. */
const HALF = 0.5;
const NO_NUMBER_HELPS = 1e9;

/** Shares, by the normal approximation of the logarithm of their ratio (Katz et al. 1978), widened by the dispersion. */
export function compareShares(
  { canary, stable }: Tally,
  tolerance: Tolerance & { readonly floorShare: number | null },
  dispersion: number,
): Compared {
  if (canary[0] === 0 || stable[0] === 0) return { standing: 'unknown', stillNeeded: null };
  const own = smoothed(canary);
  const theirs = smoothed(stable);
  const error = Math.sqrt(dispersion * ((1 - own.share) / own.events + (1 - theirs.share) / theirs.events));
  const margins = { worse: SIGMAS * error, fine: FINE_SIGMAS * error };
  const logRatio = Math.log(own.share / theirs.share);
  const compared = compareLogs(logRatio, margins, tolerance, canary[0]);
  const { floorShare } = tolerance;
  if (floorShare === null) return compared;
  const floor = besideFloor(canary, floorShare, dispersion);
  if (floor.standing === 'fine') {
    const isWorse = isNotablyWorse(harmOf(logRatio, tolerance), margins.worse);
    return { standing: isWorse ? 'worse' : 'fine', stillNeeded: null };
  }
  if (compared.standing === 'harmful' && floor.standing !== 'harmful') return floor;
  if (compared.standing !== 'unknown') return compared;
  const needed = [compared.stillNeeded, floor.stillNeeded].filter((count) => count !== null);
  return { standing: 'unknown', stillNeeded: needed.length === 0 ? null : Math.min(...needed) };
}

function smoothed([trials, events]: Sample): { share: number; events: number } {
  return { share: (events + HALF) / (trials + 2 * HALF), events: events + HALF };
}

/** Below or above a fixed share, by Wilson's interval. */
function besideFloor(sample: Sample, floorShare: number, dispersion: number): Compared {
  const [trials, events] = sample;
  const share = events / trials;
  if (wilsonBound(sample, FINE_SIGMAS, dispersion) < floorShare)
    return { standing: 'fine', stillNeeded: null };
  if (wilsonBound(sample, -SIGMAS, dispersion) > floorShare)
    return { standing: 'harmful', stillNeeded: null };
  const distance = Math.abs(share - floorShare);
  const sigmas = share > floorShare ? SIGMAS : FINE_SIGMAS;
  const needed =
    (sigmas * sigmas * dispersion * Math.max(share * (1 - share), floorShare * (1 - floorShare))) /
    (distance * distance);
  return { standing: 'unknown', stillNeeded: stillNeeded(needed, trials) };
}

/**
 * Values of the same periods, by the t interval of the mean of ln(canary/stable).
 * @param requests of the canary behind them
 */
export function compareValues(pairs: Pairs, tolerance: Tolerance, requests: number): Compared {
  const [periods, , , logs] = pairs;
  if (requests === 0 || periods < LEAST_PERIODS) return { standing: 'unknown', stillNeeded: null };
  const mean = logs / periods;
  const margin = valueMargin(pairs, requests);
  return compareLogs(mean, { worse: margin, fine: margin }, tolerance, requests);
}

function harmOf(logRatio: number, { better }: Tolerance): number {
  return better === 'lower' ? logRatio : -logRatio;
}

/** Certainly worse, and by enough to matter, whatever is tolerated. */
function isNotablyWorse(harm: number, margin: number): boolean {
  return harm - margin > 0 && harm >= Math.log(NOTABLE_RATIO);
}

/** How far a difference may be off where harm is claimed, and where it is denied. */
interface Margins {
  readonly worse: number;
  readonly fine: number;
}

function compareLogs(logRatio: number, margins: Margins, tolerance: Tolerance, requests: number): Compared {
  const harm = harmOf(logRatio, tolerance);
  const border = Math.abs(Math.log(tolerance.toleranceRatio));
  if (harm - margins.worse > border) return { standing: 'harmful', stillNeeded: null };
  if (harm + margins.fine < border) {
    return { standing: isNotablyWorse(harm, margins.worse) ? 'worse' : 'fine', stillNeeded: null };
  }
  const margin = harm > border ? margins.worse : margins.fine;
  const needed = requests * (margin / (harm - border)) ** 2;
  return { standing: 'unknown', stillNeeded: stillNeeded(needed, requests) };
}

function stillNeeded(needed: number, requests: number): number | null {
  return Number.isFinite(needed) && needed < NO_NUMBER_HELPS
    ? Math.max(1, Math.ceil(needed - requests))
    : null;
}
