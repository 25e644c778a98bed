// What a kind of target must tell the metric source: which series to ask for one version, and how to count with them.
import type { Counts } from '../core/judge/types.ts';
import type { TargetKindName } from '../core/targets/index.ts';
import type { Side } from '../core/targets/target.ts';
import type { MetricsQuery } from '../ports.ts';
import { albRuleSeries } from './alb-rule-series.ts';
import { lambdaAliasSeries } from './lambda-alias-series.ts';

/** One CloudWatch metric. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** One CloudWatch series: a metric under one statistic. */
export interface Series extends Metric {
  /** `Sum`, `Maximum`, `p95`, `TC(:500)`. */
  readonly stat: string;
}

/** What decides which series are asked for. */
export type SeriesQuery = Pick<MetricsQuery, 'target' | 'spec' | 'latency' | 'canary'>;

/** Values of one period by the name of their series; a name is missing where nothing was reported. */
export type PeriodValues = Readonly<Record<string, number>>;

export interface TargetSeries {
  /** Series of requests and failures by name. The names are the kind's own. */
  readonly seriesOf: (query: SeriesQuery, side: Side) => Readonly<Record<string, Series>>;
  readonly responseTimesOf: (query: SeriesQuery, side: Side) => Metric;
  /** How many milliseconds the unit of its response times has. */
  readonly responseTimeUnitMs: number;
  /** Attempts that the target turned away before any version saw them; null where it reports none. */
  readonly throttlesOf: (query: SeriesQuery) => Series | null;
  /** What the placeholders in dimensions of custom checks stand for. */
  readonly placeholdersOf: (query: SeriesQuery, side: Side) => Readonly<Record<string, string>>;
  /** null where no requests were reported. */
  readonly countsOf: (values: PeriodValues) => Pick<Counts, 'requests' | 'errors' | 'coldStarts'> | null;
  /** Requests of which the period tells whether they were in time; what is in flight at its end is not among them. */
  readonly timedOf: (values: PeriodValues) => number;
  /**
   * Whether the HTTP-status stream of the service file reported in the period; null where there is none, or where it had
   * nothing to report.
   */
  readonly hasHttpStatus: (values: PeriodValues, spec: MetricsQuery['spec']) => boolean | null;
}

/** The table: a new kind of target is one row here. */
export const TARGET_SERIES: Readonly<Record<TargetKindName, TargetSeries>> = {
  'lambda-alias': lambdaAliasSeries,
  'alb-rule': albRuleSeries,
};
