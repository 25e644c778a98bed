// Recorded minutes in the forms in which recordings are kept.
import type { RecordedRow } from '../../src/replay/recording.ts';
import { EDGES_MS, type RecordedMinute, recordedMinutes, type Traffic } from './recorded-traffic.ts';

export const RECORDED_AT_MS = Date.UTC(2026, 0, 5, 9);

export interface WrittenTruth {
  readonly outcome: 'good' | 'bad';
  /** Seconds since the start. */
  readonly onset?: number;
  readonly bad?: readonly number[];
}

function atMinute(minute: number): string {
  return new Date(RECORDED_AT_MS + minute * 60_000).toISOString().replace('.000Z', 'Z');
}

function jsonLines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

/** Our own form: a header, a line a minute, perhaps the truth. */
export function headedLines(traffic: Traffic, truth?: WrittenTruth): string {
  const minutes = recordedMinutes(traffic);
  const before = minutes.filter(({ minute }) => minute < 0);
  const during = minutes.filter(({ minute }) => minute >= 0);
  return jsonLines([
    {
      format: 'stepshift-recording/1',
      periodSeconds: 60,
      startedAt: atMinute(0),
      version: '42',
      shifts: during.flatMap(({ minute, weight }, index) =>
        weight === during[index - 1]?.weight ? [] : [{ at: atMinute(minute), weightPercent: weight * 100 }],
      ),
      latencyEdgesMs: EDGES_MS,
      history: before.map(({ minute, stable }) => ({ at: atMinute(minute), stable })),
    },
    ...during.map(({ minute, stable, canary }) => ({ at: atMinute(minute), stable, canary })),
    ...(truth === undefined ? [] : [truth]),
  ]);
}

/** Messages of the line protocol. */
export function protocolLines(id: string, traffic: Traffic, truth?: WrittenTruth): string {
  const minutes = recordedMinutes(traffic);
  const before = minutes.filter(({ minute }) => minute < 0);
  const during = minutes.filter(({ minute }) => minute >= 0);
  return jsonLines([
    {
      type: 'start',
      id,
      periodSec: 60,
      plan: traffic.plan,
      latencyEdgesMs: EDGES_MS,
      history: before.map(({ minute, stable }) => ({ t: minute * 60, stable: protocolRow(stable) })),
      policy: { errorRateMax: 0.01 },
    },
    ...during.map(({ minute, step, weight, stable, canary }) => ({
      type: 'period',
      id,
      t: minute * 60,
      step,
      weight,
      stable: protocolRow(stable),
      canary: protocolRow(canary),
    })),
    { type: 'end', id },
    ...(truth === undefined ? [] : [truth]),
  ]);
}

/** KPI and gauge have keys of their own there. */
function protocolRow(row: RecordedRow | null): object | null {
  if (row === null) return null;
  const { metrics = {}, ...rest } = row;
  return { ...rest, conversions: metrics['conversion'], cpu: metrics['cpu'] };
}

/** What `aws cloudwatch get-metric-data` prints for a Lambda alias: no series by version before the rollout. */
export function cloudwatchJson(traffic: Traffic): string {
  const minutes = recordedMinutes(traffic);
  const before = minutes.filter(({ minute }) => minute < 0);
  const during = minutes.filter(({ minute }) => minute >= 0);
  const own = Object.keys(CLOUDWATCH_SERIES);
  const results = [
    ...own.map((name) => result(`stable_${name}`, name, during, 'stable')),
    ...own.map((name) => result(`canary_${name}`, name, during, 'canary')),
    ...ALIAS_SERIES.map((name) => result(`alias_${name}`, name, before, 'stable')),
  ];
  return `${JSON.stringify({ MetricDataResults: results, Messages: [] }, null, 1)}\n`;
}

function result(id: string, name: string, minutes: readonly RecordedMinute[], side: 'stable' | 'canary') {
  const points = minutes.flatMap((minute) =>
    pointOf(minute, side, CLOUDWATCH_SERIES[name] ?? (() => undefined)),
  );
  return {
    Id: id,
    Label: id.replaceAll('_', ' '),
    Timestamps: points.map(({ at }) => at),
    Values: points.map(({ value }) => value),
    StatusCode: 'Complete',
  };
}

const ALIAS_SERIES = ['invocations', 'errors', 'latency_p95'] as const;

const CLOUDWATCH_SERIES: Readonly<Record<string, (row: RecordedRow) => number | undefined>> = {
  invocations: (row) => row.requests,
  errors: (row) => row.errors,
  latency_p95: (row) => row.p95,
  // CloudWatch keeps no zeros that nobody sent
  custom_conversion: (row) => row.metrics?.['conversion'] || undefined,
  custom_cpu: (row) => row.metrics?.['cpu'],
};

function pointOf(
  minute: RecordedMinute,
  side: 'stable' | 'canary',
  read: (row: RecordedRow) => number | undefined,
): readonly { readonly at: string; readonly value: number }[] {
  const row = minute[side];
  const value = row === null ? undefined : read(row);
  return value === undefined ? [] : [{ at: atMinute(minute.minute).replace('Z', '+00:00'), value }];
}
