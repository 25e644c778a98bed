// Checks that a team defines for itself: which series or metric math are asked for one version, and what they count.
import { eventsAmong } from '../core/judge/measures.ts';
import type { Counts } from '../core/judge/types.ts';
import type { CustomCheck, MetricSourceSpec, SeriesSpec } from '../core/service-spec.ts';
import type { Side } from '../core/targets/target.ts';
import { type PeriodValues, type Series, type SeriesQuery, TARGET_SERIES } from './target-series.ts';

/** Metric math over series by the names that the expression uses. */
export interface MathSource {
  readonly expression: string;
  readonly series: Readonly<Record<string, Series>>;
}
export type Source = Series | MathSource;

export function isMath(source: Source): source is MathSource {
  return 'expression' in source;
}

/** What is asked for one version, by name. */
export function customSources(query: SeriesQuery, side: Side): Record<string, Source> {
  const words = TARGET_SERIES[query.target.kind].placeholdersOf(query, side);
  return Object.fromEntries(
    query.spec.checks.custom.flatMap((check) => [
      [metricName(check), fill(check.metric, words)],
      ...(check.kind === 'rate' && check.per !== null ? [[perName(check), fill(check.per, words)]] : []),
    ]),
  );
}

/**
 * A count that is absent is 0 where its stream is alive, for CloudWatch keeps no
 * zeros that nobody sent: leaving such periods out would make every rare event look frequent. Where the stream is
 * silent altogether nothing is known.
 * @param isAlive whether the named series reported for either version when this period was read
 */
export function customShares(
  { spec }: SeriesQuery,
  requests: number,
  values: PeriodValues,
  isAlive: (name: string) => boolean,
): Counts['shares'] {
  return Object.fromEntries(
    spec.checks.custom.flatMap((check) => {
      if (check.kind !== 'rate') return [];
      const name = metricName(check);
      const events = values[name] ?? (isAlive(name) ? 0 : null);
      if (events === null) return [];
      const share = eventsAmong(check.per === null ? requests : (values[perName(check)] ?? 0), events);
      return share === null ? [] : [[check.name, share]];
    }),
  );
}

/** Values and gauges as they are; one that is absent is unknown. */
export function customValues({ spec }: SeriesQuery, values: PeriodValues): Counts['values'] {
  return Object.fromEntries(
    spec.checks.custom.flatMap((check) => {
      const value = values[metricName(check)];
      return check.kind === 'rate' || value === undefined ? [] : [[check.name, value]];
    }),
  );
}

/** Names of checks have no underscore, so no two of them meet here. */
function metricName({ name }: CustomCheck): string {
  return `custom_${name.replaceAll('-', '_')}`;
}

function perName({ name }: CustomCheck): string {
  return `per_${name.replaceAll('-', '_')}`;
}

function fill(source: MetricSourceSpec, words: Readonly<Record<string, string>>): Source {
  if (!('expression' in source)) return fillSeries(source, words);
  return {
    expression: source.expression,
    series: Object.fromEntries(
      Object.entries(source.series).map(([id, series]) => [id, fillSeries(series, words)]),
    ),
  };
}

/** What is no placeholder of this kind of target stays as it is: braces may be part of a dimension's value. */
function fillSeries(series: SeriesSpec, words: Readonly<Record<string, string>>): Series {
  return {
    ...series,
    dimensions: Object.fromEntries(
      Object.entries(series.dimensions).map(([name, value]) => [
        name,
        value.replaceAll(/\{(\w+)\}/g, (placeholder, word: string) =>
          Object.hasOwn(words, word) ? (words[word] ?? placeholder) : placeholder,
        ),
      ]),
    ),
  };
}
