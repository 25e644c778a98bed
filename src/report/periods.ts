// The metric periods as the charts take them: of a long rollout several together, since a day of minutes is no line.
import type { ReportPoint, RolloutReport } from '../core/report.ts';
import { isoTime } from '../core/uk-time.ts';
import { seconds } from './plot.ts';

/** Periods that are counted as one. */
export interface PeriodGroup {
  /** Epoch seconds. */
  readonly from: number;
  readonly to: number;
  /** Canary's share of the requests, percent; null: nothing was counted, or a report may be late. */
  readonly canaryShare: number | null;
  readonly stableErrorPercent: number | null;
  readonly canaryErrorPercent: number | null;
}

const USUAL_PERIOD_SECONDS = 60;
/** Six hours minute by minute; more points than that do not fit side by side. */
const MOST_GROUPS = 360;

export function periodsInGroup({ series }: Pick<RolloutReport, 'series'>): number {
  return Math.max(1, Math.ceil(series.length / MOST_GROUPS));
}

/** Oldest first. */
export function periodGroups({ series }: Pick<RolloutReport, 'series'>): readonly PeriodGroup[] {
  const points = oldestFirst(series);
  // a version that did not report yet may be late; before that it had no requests
  const last = points.findLastIndex((point) => isKnown(point) && point.stableRequests !== null);
  const settled = new Set(points.slice(0, 1 + last));
  const size = periodsInGroup({ series });
  const length = periodSeconds(points);
  return Array.from({ length: Math.ceil(points.length / size) }, (_, index) =>
    points.slice(index * size, (index + 1) * size),
  ).map((group) => ({
    from: seconds(group[0]?.at ?? ''),
    to: seconds(group.at(-1)?.at ?? '') + length,
    canaryShare: canaryShareOf(group.filter((point) => settled.has(point))),
    stableErrorPercent: errorPercentOf(
      group.map((point) => [point.stableRequests, point.stableErrorPercent]),
    ),
    canaryErrorPercent: errorPercentOf(
      group.map((point) => [point.canaryRequests, point.canaryErrorPercent]),
    ),
  }));
}

/** The smallest distance of two of them. */
function periodSeconds(points: readonly ReportPoint[]): number {
  return points.reduce((least, { at }, index) => {
    const gap = seconds(at) - seconds(points[index - 1]?.at ?? at);
    return gap > 0 ? Math.min(least, gap) : least;
  }, USUAL_PERIOD_SECONDS);
}

/** As the stage table counts it (core/observed-share.ts): where only one version reports, the other had no requests. */
function canaryShareOf(points: readonly ReportPoint[]): number | null {
  const canary = points.reduce((sum, { canaryRequests }) => sum + (canaryRequests ?? 0), 0);
  const all = points.reduce((sum, { stableRequests }) => sum + (stableRequests ?? 0), canary);
  return all === 0 ? null : (100 * canary) / all;
}

function isKnown({ canaryRequests }: ReportPoint): boolean {
  return canaryRequests !== null;
}

function oldestFirst(series: RolloutReport['series']): RolloutReport['series'] {
  return series.toSorted((a, b) => seconds(a.at) - seconds(b.at));
}

/** What the metrics had shown of the canary by the last look. */
export interface MetricsSeen {
  readonly canaryRequests: number;
  readonly badRequests: number;
  /** End of the last period in which it reported, ISO 8601 UTC. */
  readonly until: string;
}

/** null: nothing. */
export function metricsSeen({ series }: Pick<RolloutReport, 'series'>): MetricsSeen | null {
  const points = oldestFirst(series);
  const last = points.findLast(isKnown);
  if (last === undefined) return null;
  const bad = points.reduce(
    (sum, { canaryRequests, canaryErrorPercent }) =>
      sum + ((canaryRequests ?? 0) * (canaryErrorPercent ?? 0)) / 100,
    0,
  );
  return {
    canaryRequests: points.reduce((sum, { canaryRequests }) => sum + (canaryRequests ?? 0), 0),
    badRequests: Math.round(bad),
    until: isoTime(1000 * (seconds(last.at) + periodSeconds(points))),
  };
}

/** @param rates requests and percent that failed, period by period */
function errorPercentOf(rates: readonly (readonly [number | null, number | null])[]): number | null {
  const [only] = rates;
  if (rates.length === 1 && only !== undefined) return only[1];
  let requests = 0;
  let errors = 0;
  for (const [count, percent] of rates) {
    if (count === null || percent === null) continue;
    requests += count;
    errors += (count * percent) / 100;
  }
  return requests === 0 ? null : (100 * errors) / requests;
}
