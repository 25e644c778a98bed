// Puts everything that one read wants into the queries of one GetMetricData call: each series once, each id valid.
// Source: CloudWatch API reference, MetricDataQuery (ids) and user guide, «Using math expressions» (metric math).
import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { isMath, type MathSource, type Source } from './custom-series.ts';
import type { Series } from './target-series.ts';

export interface Wanted {
  /** Letters, digits and underscores, beginning with a small letter; unique among everything wanted. */
  readonly id: string;
  readonly source: Source;
  readonly periodSeconds: number;
}

/** One query of the call. */
export interface Asked {
  readonly id: string;
  readonly what: Pick<MetricDataQuery, 'MetricStat' | 'Expression'>;
  /** false: only metric math needs it. */
  readonly isReturned: boolean;
}

export interface Batch {
  readonly asked: readonly Asked[];
  /** The id under which something wanted is answered: another one's where both want the same. */
  readonly answerIds: ReadonlyMap<string, string>;
}

/** Same content, same query: what both versions share is asked, and billed, once. */
export function batchOf(wanted: readonly Wanted[]): Batch {
  const byContent = new Map<string, Asked>();
  const ask = (content: string, asked: Asked): string => {
    const known = byContent.get(content);
    byContent.set(content, {
      ...(known ?? asked),
      isReturned: asked.isReturned || known?.isReturned === true,
    });
    return known?.id ?? asked.id;
  };
  const askSeries = (id: string, series: Series, periodSeconds: number, isReturned: boolean): string =>
    ask(contentOf(series, periodSeconds), {
      id,
      what: { MetricStat: metricStat(series, periodSeconds) },
      isReturned,
    });
  const askMath = (id: string, { expression, series }: MathSource, periodSeconds: number): string => {
    const ids = new Map(
      Object.entries(series).map(([name, one]): [string, string] => [
        name,
        // the capitals keep these ids apart from all that are wanted
        askSeries(`${id}_IN_${name}`, one, periodSeconds, false),
      ]),
    );
    const renamed = renameIds(expression, ids);
    return ask(renamed, { id, what: { Expression: renamed }, isReturned: true });
  };
  const answerIds = wanted.map(({ id, source, periodSeconds }): [string, string] => [
    id,
    isMath(source) ? askMath(id, source, periodSeconds) : askSeries(id, source, periodSeconds, true),
  ]);
  return { asked: [...byContent.values()], answerIds: new Map(answerIds) };
}

/** Whole words only, and nothing inside a text of the expression; a number such as 1e3 holds no word. */
function renameIds(expression: string, ids: ReadonlyMap<string, string>): string {
  return expression.replaceAll(/'[^']*'|"[^"]*"|\d[\w.]*|[A-Za-z_]\w*/g, (token) => ids.get(token) ?? token);
}

export function metricStat(
  { namespace, name, dimensions, stat }: Series,
  periodSeconds: number,
): MetricDataQuery['MetricStat'] {
  return {
    Metric: {
      Namespace: namespace,
      MetricName: name,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    },
    Period: periodSeconds,
    Stat: stat,
  };
}

/** The order of dimensions means nothing. */
function contentOf({ namespace, name, dimensions, stat }: Series, periodSeconds: number): string {
  const sorted = Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([namespace, name, sorted, stat, periodSeconds]);
}
