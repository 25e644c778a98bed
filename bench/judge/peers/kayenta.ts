// Kayenta's judge (Spinnaker's automated canary analysis): rank tests of the canary's minutes against stable's minutes.
import type { LineJudge, Row } from '../../../src/replay/line-protocol.ts';
import { shiftInterval } from './mann-whitney.ts';
import { hasRequests, type MinuteRule, minuteJudge } from './minute-judge.ts';

/** NetflixACAJudge: confidence 98 %, two-sided. */
const Z_98_PERCENT = 2.3263;
/** … a shift counts once its interval is beyond this part of the estimated shift itself. */
const TOLERANCE = 0.25;
const PASS_SCORE = 95;
const MARGINAL_SCORE = 75;
/** Before so many looks the interval of 98 % is the whole range, and any difference would count. */
const LEAST_LOOKS = 5;

interface Metric {
  readonly value: (row: Row) => number | undefined;
  readonly bad: 'higher' | 'lower';
  /** A bad critical metric makes the score 0. */
  readonly isCritical: boolean;
  /** Not configured for services that do not have it. */
  readonly isOptional: boolean;
}

const METRICS: readonly Metric[] = [
  { value: (row) => row.errors / row.requests, bad: 'higher', isCritical: true, isOptional: false },
  { value: (row) => row.p95, bad: 'higher', isCritical: false, isOptional: false },
  {
    value: (row) => (row.conversions === undefined ? undefined : row.conversions / row.requests),
    bad: 'lower',
    isCritical: false,
    isOptional: true,
  },
];

type Classification = 'pass' | 'fail' | 'no data';

/**
 * Semantics of NetflixACAJudge-v1.0: one value a minute and version for error rate (critical), p95 and conversions, every
 * minute alike however many requests it had; minutes without data are removed; a metric fails when the 98 % Mann-Whitney
 * interval of the shift is beyond a quarter of the Hodges-Lehmann estimate in the bad direction and the ratio of the means
 * is on the same side (allowedIncrease and allowedDecrease 1.0; left out where a mean is 0).
 * The score is the share of metrics that pass. Below the marginal score (75) a run fails at once, at the end it must
 * reach the pass score (95). The window grows from the start of the rollout. A plan that leaves nothing on stable cannot
 * be judged by comparison; its runs pass.
 * @param everyMinutes time between two looks
 */
export function kayenta(everyMinutes: number): LineJudge {
  return minuteJudge(({ plan }): MinuteRule => {
    if (plan.every(({ weight }) => weight === 1)) return { look: () => null, end: () => null };
    const canaries: Row[] = [];
    const stables: Row[] = [];
    let looks = 0;
    return {
      look({ canary, stable, minute }) {
        looks += 1;
        if (hasRequests(canary)) canaries.push(canary);
        if (hasRequests(stable)) stables.push(stable);
        if (looks < LEAST_LOOKS || minute % everyMinutes !== 0) return null;
        const score = scoreOf(canaries, stables);
        return score < MARGINAL_SCORE ? `score ${score.toFixed(0)} is below ${MARGINAL_SCORE}` : null;
      },
      end() {
        const score = scoreOf(canaries, stables);
        return score < PASS_SCORE ? `score ${score.toFixed(0)} is below ${PASS_SCORE}` : null;
      },
    };
  });
}

/** 0 to 100. Half of the metrics without data make it 0. */
function scoreOf(canaries: readonly Row[], stables: readonly Row[]): number {
  const isMeasured = ({ value }: Metric): boolean =>
    canaries.some((row) => value(row) !== undefined) || stables.some((row) => value(row) !== undefined);
  const asked = METRICS.filter((metric) => !metric.isOptional || isMeasured(metric));
  const results = asked.map((metric) => ({ metric, result: classify(metric, canaries, stables) }));
  const missing = results.filter(({ result }) => result === 'no data').length;
  if (missing * 2 >= results.length) return 0;
  if (results.some(({ metric, result }) => metric.isCritical && result === 'fail')) return 0;
  const passed = results.filter(({ result }) => result === 'pass').length;
  return (100 * passed) / (results.length - missing);
}

function classify(metric: Metric, canaries: readonly Row[], stables: readonly Row[]): Classification {
  const valuesOf = (rows: readonly Row[]): readonly number[] =>
    rows.flatMap((row) => metric.value(row) ?? []);
  const x = valuesOf(canaries);
  const y = valuesOf(stables);
  if (x.length === 0 || y.length === 0) return 'no data';
  const shift = shiftInterval(x, y, Z_98_PERCENT);
  if (shift === null) return 'pass';
  const tolerated = TOLERANCE * Math.abs(shift.estimate);
  const [xMean, yMean] = [meanOf(x), meanOf(y)];
  const ratio = xMean === 0 || yMean === 0 ? null : xMean / yMean;
  const isBad =
    metric.bad === 'higher'
      ? shift.lower > tolerated && (ratio === null || ratio >= 1)
      : shift.upper < -tolerated && (ratio === null || ratio <= 1);
  return isBad ? 'fail' : 'pass';
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
