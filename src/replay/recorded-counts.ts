// A recording as the judge takes it: counts by the measures that the service file asks for.
import {
  eventsAmong,
  LATENCY_PERCENTILE,
  type LatencyBaseline,
  type SlowMeasure,
  slowMeasures,
  THROTTLES,
} from '../core/judge/measures.ts';
import type { Counts, Period } from '../core/judge/types.ts';
import { weightedPeriod } from '../core/judge-rollout.ts';
import type { CustomCheck, ServiceSpec } from '../core/service-spec.ts';
import type { RecordedPeriod, RecordedRow, Recording } from './recording.ts';
import { baselineOf, CONVERSION, CPU, countsOf } from './rows.ts';

/** What the judge of a service is given of a recording. */
export interface JudgedRecording {
  readonly latency: LatencyBaseline | null;
  /** The last hour before the first shift, oldest first. */
  readonly history: readonly Period[];
  /** From the first shift on, one a period. */
  readonly periods: readonly Period[];
}

/** As long as the start of a real rollout looks back. */
const HISTORY_SECONDS = 3600;

export function judgedRecording(recording: Recording, spec: ServiceSpec): JudgedRecording {
  const { edgesMs, periodSeconds, shifts } = recording;
  const recent = lastHour(recording);
  const latency =
    spec.checks.latency === null
      ? null
      : baselineOf(
          recent.map(({ stable }) => stable),
          edgesMs,
        );
  const reading = { spec, edgesMs, measures: slowMeasures(spec.checks.latency, latency) };
  const toPeriod = ({ startMs, stable, canary }: RecordedPeriod): Period =>
    weightedPeriod([...shifts], periodSeconds, {
      startMs,
      stable: rowCounts(stable, 'stable', reading),
      canary: rowCounts(canary, 'canary', reading),
    });
  return {
    latency,
    history: recent.map(toPeriod),
    periods: recording.periods.map(toPeriod),
  };
}

/** Name of the metric that a rate is counted per. */
export function perName(check: string): string {
  return `${check}-per`;
}

function lastHour({ history, periods }: Recording): readonly RecordedPeriod[] {
  const fromMs = (periods[0]?.startMs ?? 0) - HISTORY_SECONDS * 1000;
  return history.filter(({ startMs }) => startMs >= fromMs);
}

interface Reading {
  readonly spec: ServiceSpec;
  readonly edgesMs: readonly number[];
  readonly measures: readonly SlowMeasure[];
}

function rowCounts(
  row: RecordedRow | null,
  side: 'stable' | 'canary',
  { spec, edgesMs, measures }: Reading,
): Counts | null {
  if (row === null) return null;
  // without edges a bucket says nothing
  const { hist: _unbounded, ...untimed } = row;
  const { latency, custom } = spec.checks;
  const timed = edgesMs.length === 0 ? untimed : row;
  const counts = countsOf(timed, side, measures, edgesMs, latency?.quantile ?? null);
  if (counts === null) return null;
  const metrics = metricsOf(row);
  const throttles = metrics.get(THROTTLES);
  return {
    ...counts,
    shares: {
      ...pick(counts.shares, measures),
      ...Object.fromEntries(custom.flatMap((check) => rateOf(check, row.requests, metrics))),
    },
    values: {
      ...pick(counts.values, [{ name: LATENCY_PERCENTILE }]),
      ...(throttles === undefined ? {} : { [THROTTLES]: throttles }),
      ...Object.fromEntries(custom.flatMap((check) => levelOf(check, metrics))),
    },
  };
}

/** What custom checks may look at by name: the protocol's own KPI and gauge too. */
export function metricsOf({ conversions, cpu, metrics = {} }: RecordedRow): ReadonlyMap<string, number> {
  return new Map([
    ...(conversions === undefined ? [] : [[CONVERSION, conversions] as const]),
    ...(cpu === undefined ? [] : [[CPU, cpu] as const]),
    ...Object.entries(metrics),
  ]);
}

function rateOf(
  check: CustomCheck,
  requests: number,
  metrics: ReadonlyMap<string, number>,
): [string, [number, number]][] {
  const events = metrics.get(check.name);
  if (check.kind !== 'rate' || events === undefined) return [];
  const trials = check.per === null ? requests : (metrics.get(perName(check.name)) ?? 0);
  const share = eventsAmong(trials, events);
  return share === null ? [] : [[check.name, share]];
}

function levelOf(check: CustomCheck, metrics: ReadonlyMap<string, number>): [string, number][] {
  const value = metrics.get(check.name);
  return check.kind === 'rate' || value === undefined ? [] : [[check.name, value]];
}

function pick<T>(
  known: Readonly<Record<string, T>>,
  measures: readonly { readonly name: string }[],
): Readonly<Record<string, T>> {
  return Object.fromEntries(
    measures.flatMap(({ name }) => {
      const one = known[name];
      return one === undefined ? [] : [[name, one]];
    }),
  );
}
