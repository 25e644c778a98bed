// What verdicts are worth: false rollbacks, harm found and missed, and the bad requests that users met until then.
import type { Verdict } from './judge-trace.ts';
import type { Trace } from './traces/rollout.ts';

/** From the end of a period until its rollback is in force: metrics become visible, traffic moves. The same for all. */
export const ROLLBACK_DELAY_SEC = 60;

/** One judge on one rollout. */
export interface Outcome {
  readonly kind: 'kept' | 'inconclusive' | 'rolled back' | 'rolled back before the harm';
  /** From the onset of harm until the rollback is in force; null where there is none, or no harm. */
  readonly minutesAfterOnset: number | null;
  /** Bad requests of the canary until the rollback is in force; all of them where there is none. */
  readonly bad: number;
}

export function outcomeOf({ start, truth }: Trace, verdict: Verdict): Outcome {
  if (verdict.kind !== 'rollback') {
    const kind = verdict.kind === 'inconclusive' ? 'inconclusive' : 'kept';
    return {
      kind,
      minutesAfterOnset: null,
      bad: badUntil(truth.bad, start.periodSec, Number.POSITIVE_INFINITY),
    };
  }
  const endSec = (verdict.period + 1) * start.periodSec;
  const safeSec = endSec + ROLLBACK_DELAY_SEC;
  const bad = badUntil(truth.bad, start.periodSec, safeSec);
  if (truth.onsetSec === null) return { kind: 'rolled back', minutesAfterOnset: null, bad };
  if (endSec <= truth.onsetSec) return { kind: 'rolled back before the harm', minutesAfterOnset: null, bad };
  return { kind: 'rolled back', minutesAfterOnset: (safeSec - truth.onsetSec) / 60, bad };
}

/** Requests of a period are spread evenly over it. */
function badUntil(bad: readonly number[], periodSec: number, untilSec: number): number {
  return bad.reduce((sum, count, i) => {
    const part = Math.min(1, Math.max(0, (untilSec - i * periodSec) / periodSec));
    return sum + count * part;
  }, 0);
}

export interface Share {
  readonly count: number;
  readonly of: number;
}

/** One judge on all rollouts of a scenario. */
export interface Score {
  readonly rollouts: number;
  readonly rolledBack: Share;
  readonly inconclusive: Share;
  /** Rolled back before anything was wrong. */
  readonly early: Share;
  readonly detected: Share;
  /** Neither detected nor rolled back before. */
  readonly missed: Share;
  /** null where nothing was detected. */
  readonly medianMinutes: number | null;
  readonly bad: { readonly mean: number; readonly median: number; readonly p95: number };
}

export function scoreOf(outcomes: readonly Outcome[]): Score {
  const of = outcomes.length;
  const countOf = (kind: Outcome['kind']): number =>
    outcomes.filter((outcome) => outcome.kind === kind).length;
  const early = countOf('rolled back before the harm');
  const detected = countOf('rolled back');
  const minutes = outcomes.flatMap(({ minutesAfterOnset }) => minutesAfterOnset ?? []);
  const bad = outcomes.map((outcome) => outcome.bad);
  return {
    rollouts: of,
    rolledBack: { count: early + detected, of },
    inconclusive: { count: countOf('inconclusive'), of },
    early: { count: early, of },
    detected: { count: detected, of },
    missed: { count: of - early - detected, of },
    medianMinutes: minutes.length === 0 ? null : quantile(minutes, 0.5),
    bad: { mean: mean(bad), median: quantile(bad, 0.5), p95: quantile(bad, 0.95) },
  };
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Linear between order statistics (type 7 of Hyndman and Fan, 1996). */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? low;
  return low + (at - Math.floor(at)) * (high - low);
}

export function geometricMean(values: readonly number[]): number {
  return Math.exp(mean(values.map(Math.log)));
}

export function percentOf({ count, of }: Share): number {
  return (100 * count) / of;
}

/** Normal quantile of a two-sided 95 % interval. */
const Z_95_PERCENT = 1.959964;

/** Wilson's score interval, 95 %, as percents (1927): it stays inside 0 to 100, and 0 of n is not 0 ± 0. */
export function wilsonPercents({ count, of }: Share): readonly [low: number, high: number] {
  const share = count / of;
  const z2 = Z_95_PERCENT ** 2 / of;
  const centre = share + z2 / 2;
  const half = Math.sqrt(z2 * (share * (1 - share) + z2 / 4));
  const percent = (value: number): number => Math.min(100, Math.max(0, (100 * value) / (1 + z2)));
  return [percent(centre - half), percent(centre + half)];
}
