// What recorded metrics must fulfil beyond being numbers: what a rate counts is whole, a share is at most all.
import { THROTTLES } from '../core/judge/measures.ts';
import type { CustomCheck, MetricSourceSpec } from '../core/service-spec.ts';
import type { Fault } from './faults.ts';
import { perName } from './recorded-counts.ts';
import type { RecordedRow } from './recording.ts';

/** Statistics that count; a trimmed count is interpolated and seldom whole. */
const COUNTING_STATS: readonly string[] = ['Sum', 'SampleCount'];

/** Metric math may answer any number. */
export function isCountOfEvents(metric: MetricSourceSpec): boolean {
  return 'stat' in metric && COUNTING_STATS.includes(metric.stat);
}

/** Names of the metrics that rates count. */
export function countedMetrics(custom: readonly CustomCheck[]): ReadonlySet<string> {
  return new Set(
    custom.flatMap((check) => {
      if (check.kind !== 'rate') return [];
      return [
        ...(isCountOfEvents(check.metric) ? [check.name] : []),
        ...(check.per !== null && isCountOfEvents(check.per) ? [perName(check.name)] : []),
      ];
    }),
  );
}

/** @param counted names of metrics that are whole numbers */
export function metricFaults(
  row: RecordedRow | null,
  path: string,
  counted: ReadonlySet<string>,
): readonly Fault[] {
  return Object.entries(row?.metrics ?? {}).flatMap(([name, value]): Fault[] => {
    const place = { path: `${path}.metrics.${name}`, got: String(value) };
    if (counted.has(name) && !Number.isSafeInteger(value)) return [{ ...FRACTION, ...place }];
    return name === THROTTLES && value > 100 ? [{ ...MORE_THAN_ALL, ...place }] : [];
  });
}

const FRACTION: Omit<Fault, 'path' | 'got'> = {
  code: 'wrong-count',
  what: 'a rate counts whole events',
  allowed: 'a whole number, 0 or more',
  fix: 'Write how many events there were in the period, not their share',
};

const MORE_THAN_ALL: Omit<Fault, 'path' | 'got'> = {
  code: 'out-of-range',
  what: 'throttles is the throttled share of the attempts, percent',
  allowed: '0 to 100',
  fix: 'Divide the throttled attempts by all attempts, times 100',
};
