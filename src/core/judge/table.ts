// The side-by-side table: one row a check, both versions over the present stage, and what a person should do about it.
import type { CheckReading } from '../verdict.ts';
import type { Evidence } from './combine.ts';
import type { JudgePolicy } from './policy.ts';
import type { JudgeState } from './state.ts';
import { alarmRows, gaugeRow, silenceRows } from './table-holds.ts';
import { shareRow, valueRow } from './table-rows.ts';
import type { AlarmReading } from './types.ts';

/** Everything that a row is made from. */
export interface TableView {
  readonly policy: JudgePolicy;
  readonly state: JudgeState;
  readonly evidence: Evidence;
}

/** Rows of everything that was judged: errors first, then latency, the team's own checks, and what may hold. */
export function checkTable(view: TableView, alarms: readonly AlarmReading[]): readonly CheckReading[] {
  const { streams, values, gauges } = view.policy;
  return [
    ...streams.flatMap((stream) => (stream.kind === 'ratio' ? [shareRow(view, stream, 'lower')] : [])),
    ...values.map((value) => valueRow(view, value)),
    ...streams.flatMap((stream) =>
      stream.kind === 'pair' && stream.check !== 'latency' ? [shareRow(view, stream, stream.better)] : [],
    ),
    ...gauges.flatMap((gauge) => gaugeRow(view, gauge)),
    ...silenceRows(view),
    ...alarmRows(alarms),
  ];
}
