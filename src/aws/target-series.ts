// What a kind of target must tell the metric source: which series to ask for one version, and how to count with them.
import type { Counts } from '../core/judge/types.ts';
import type { TargetKindName } from '../core/targets/index.ts';
import type { Side } from '../core/targets/target.ts';
import type { MetricsQuery } from '../ports.ts';
import { albRuleSeries } from './alb-rule-series.ts';
import { lambdaAliasSeries } from './lambda-alias-series.ts';

/** One CloudWatch series. */
export interface Series {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** `Sum`, `Maximum`, `TC(:500)`. */
  readonly stat: string;
}

/** Values of one period by the name of their series; a name is missing where nothing was reported. */
export type PeriodValues = Readonly<Record<string, number>>;

export interface TargetSeries {
  /** Series by name. The names are the kind's own. */
  readonly seriesOf: (
    query: Pick<MetricsQuery, 'target' | 'spec' | 'canary'>,
    side: Side,
  ) => Readonly<Record<string, Series>>;
  /** null where no requests were reported. */
  readonly countsOf: (values: PeriodValues, spec: MetricsQuery['spec']) => Counts | null;
  /**
   * Whether the HTTP-status stream of the service file reported in the period; null where there is none, or where it had
   * nothing to report.
   */
  readonly hasHttpStatus: (values: PeriodValues, spec: MetricsQuery['spec']) => boolean | null;
  /** The longest request of the period, where it was asked for. */
  readonly longestSecondsOf: (values: PeriodValues) => number | null;
}

/** The table: a new kind of target is one row here. */
export const TARGET_SERIES: Readonly<Record<TargetKindName, TargetSeries>> = {
  'lambda-alias': lambdaAliasSeries,
  'alb-rule': albRuleSeries,
};
