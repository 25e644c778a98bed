// What the traffic writes of a rollout tell a report: when stages were entered and left, and who had how much traffic.
import type { ReportPoint } from './report.ts';
import type { ReportWrite } from './report-builder.ts';
import type { Entry } from './report-course.ts';
import type { Outcome } from './rollout.ts';

function outcomesOf(writes: readonly ReportWrite[]): readonly ReportWrite[] {
  return writes.filter((write) => write.kind === 'outcome').sort((a, b) => a.seq - b.seq);
}

/** Shifts that were read back lead from stage to stage, one after the other. */
export function entriesOf(writes: readonly ReportWrite[]): readonly Entry[] {
  return outcomesOf(writes)
    .filter(({ action }) => action === 'shift')
    .map(({ atMs }, stageIndex) => ({ stageIndex, atMs }));
}

/** When the first write that leads out of the stages was read back. */
export function leftStagesMs(writes: readonly ReportWrite[]): number | null {
  return outcomesOf(writes).find(({ action }) => action === 'restore' || action === 'promote')?.atMs ?? null;
}

/** Of a write that was kept from a third version nothing came; a `prepare` has none to read back. */
function canaryShare({ live, action, weightPercent }: ReportWrite): number {
  return live?.canaryPercent ?? (action === 'promote' ? 0 : weightPercent);
}

/** As the last write of a superseded rollout met them. */
export function strangersOf(outcome: Outcome | null, writes: readonly ReportWrite[]): readonly string[] {
  return outcome === 'SUPERSEDED' ? (outcomesOf(writes).at(-1)?.strangers ?? []) : [];
}

export function finalWeightOf(outcome: Outcome | null, writes: readonly ReportWrite[]): number {
  if (outcome === 'PROMOTED') return 100;
  if (outcome === 'ROLLED_BACK' || outcome === 'ABORTED' || outcome === 'REJECTED') return 0;
  const last = outcomesOf(writes).at(-1);
  return last === undefined ? 0 : canaryShare(last);
}

export function peakWeightOf(writes: readonly ReportWrite[], series: readonly ReportPoint[]): number {
  const weights = [...outcomesOf(writes).map(canaryShare), ...series.map((point) => point.weightPercent)];
  return weights.reduce((peak, weight) => Math.max(peak, weight), 0);
}
