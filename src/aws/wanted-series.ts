// Everything that one read of a target asks for, and how its answer is found again: by side and name.
import type { MetricsQuery } from '../ports.ts';
import { customSources, type Source } from './custom-series.ts';
import { latencySeries, type SideName, usualLatencySeries } from './latency-series.ts';
import { type Batch, batchOf, type Wanted } from './metric-queries.ts';
import { type Series, type SeriesQuery, TARGET_SERIES } from './target-series.ts';

/** The part of a query that decides what is asked for. */
export type WantedQuery = Pick<
  MetricsQuery,
  'target' | 'spec' | 'latency' | 'stable' | 'canary' | 'fromMs' | 'toMs' | 'periodSeconds'
>;

/** Name of the series of throttled attempts. */
export const THROTTLED = 'throttled';

export function wantedBatch(query: WantedQuery): Batch {
  return batchOf([...wantedOf(query, 'stable'), ...wantedOf(query, 'canary')]);
}

/** The id of something wanted; its answer may have another one's, see `Batch.answerIds`. */
export function wantedId(side: SideName, name: string): string {
  return `${side}_${name}`;
}

/** Throttled attempts of the target as a whole, told with the canary's counts; null where nobody asks or none are reported. */
export function throttleSeries(query: SeriesQuery): Series | null {
  if (query.spec.checks.throttlesLimitPercent === null) return null;
  return TARGET_SERIES[query.target.kind].throttlesOf(query);
}

function wantedOf(query: WantedQuery, sideName: SideName): Wanted[] {
  const side = query[sideName];
  if (side === null) return [];
  const throttles = sideName === 'canary' ? throttleSeries(query) : null;
  const byPeriod: Record<string, Source> = {
    ...TARGET_SERIES[query.target.kind].seriesOf(query, side),
    ...latencySeries(query, sideName, side),
    ...(throttles === null ? {} : { [THROTTLED]: throttles }),
    ...customSources(query, side),
  };
  const wanted = (sources: Record<string, Source>, periodSeconds: number): Wanted[] =>
    Object.entries(sources).map(([name, source]) => ({
      id: wantedId(sideName, name),
      source,
      periodSeconds,
    }));
  return [
    ...wanted(byPeriod, query.periodSeconds),
    ...wanted(usualLatencySeries(query, side), (query.toMs - query.fromMs) / 1000),
  ];
}
