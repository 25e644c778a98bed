// One rollout of an installed engine, read for a person or a tool: the report so far, and how it is told.

import { plainText } from '../core/plain-text.ts';
import type { RolloutReport } from '../core/report.ts';
import { buildReport } from '../core/report-builder.ts';
import { reportEvidence } from '../core/report-evidence.ts';
import { formatPercent } from '../core/units.ts';
import type { RolloutRow, RolloutStore } from '../ports.ts';
import { afterwardsLines } from './afterwards-text.ts';
import { sideBySideLines } from './side-by-side.ts';
import { headerLines, type TimelineStyle, timelineLines, titleLines } from './timeline.ts';

/** Everything that the store knows of it. */
export async function readReport(store: RolloutStore, row: RolloutRow): Promise<RolloutReport> {
  const [events, audit] = await Promise.all([
    store.readEvents(row.rolloutId),
    store.readAudit(row.rolloutId),
  ]);
  return buildReport({ row, events, ...reportEvidence(audit) });
}

export function reportText(report: RolloutReport, row: RolloutRow, style: TimelineStyle): string {
  const sideBySide = sideBySideLines(report.checks, style.columns);
  return [
    ...titleLines(
      plainText(
        `${report.target}  version ${report.canaryVersion} against ${report.stableVersion ?? 'unknown'}`,
      ),
      style,
    ),
    '',
    ...timelineLines(report.timeline, style),
    '',
    ...(report.outcome === null
      ? runningLines(report, row).flatMap((line) => titleLines(line, style))
      : headerLines(report, style)),
    ...(sideBySide.length === 0 ? [] : ['', ...sideBySide]),
    ...afterwardsLines(report, style, [`report ${report.rolloutId}`]),
  ].join('\n');
}

function runningLines(report: RolloutReport, row: RolloutRow): string[] {
  const wish = row.interrupt === null ? [] : [`Asked to stop: ${plainText(row.interrupt.reason.sentence)}`];
  return [
    `${row.phase}: ${formatPercent(report.finalWeightPercent)} of the traffic on version ${plainText(row.version)}`,
    plainText(report.reason.sentence),
    ...wish,
  ];
}
