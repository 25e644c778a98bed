// How much of the traffic the canary had: as configured and as counted, stage by stage.
import type { RolloutReport, StageCourse } from '../../core/report.ts';
import type { ReportDocument } from '../../core/report-document.ts';
import { rowOfStage } from '../../core/report-timeline.ts';
import { formatCount, formatDuration, formatPercent, roundSignificant } from '../../core/units.ts';
import { plotFigure } from '../draw-plot.ts';
import { type Html, html, said } from '../html.ts';
import { NOTHING, none, rowLink, section, table, time } from '../parts.ts';
import { trafficPlot } from '../traffic-plot.ts';
import { verdictLook } from '../verdict-look.ts';

export function trafficSection({ report }: ReportDocument): Html {
  const plot = trafficPlot(report);
  const names = [...new Set(plot.shades.map(({ label }) => label))];
  const shaded = names.length === 0 ? null : html` Shaded: ${said(names.join(', '), 300)}.`;
  const caption = html`Numbers are rows of the timeline. Observed is counted period by period; one in which the weight changed is a mixture.${shaded}`;
  return section(
    'traffic',
    html`${plotFigure('traffic', plot, describe(report), caption)}${stageTable(report)}`,
  );
}

function describe(report: RolloutReport): string {
  const peak = report.timeline.some(({ event }) => event === 'rollout-promoted')
    ? 100
    : report.peakWeightPercent;
  return `The canary's weight reached ${formatPercent(peak)} and ended at ${formatPercent(report.finalWeightPercent)}. The table below has the same, stage by stage.`;
}

function stageTable(report: RolloutReport): Html {
  if (report.course.length > 0) {
    return table(
      'Stages as planned, and what became of them',
      [
        { title: 'Stage' },
        { title: 'Weight', isNumber: true },
        { title: 'Bake', isNumber: true },
        { title: 'Entered' },
        { title: 'Stayed', isNumber: true },
        { title: 'Observed share', isNumber: true },
        { title: 'Last verdict' },
      ],
      report.course.map((stage) => stageCells(report, stage)),
    );
  }
  if (report.stages.length === 0) return none('No stages are known.');
  return table(
    'Stages as planned; how they went is not in this report',
    [{ title: 'Stage' }, { title: 'Weight', isNumber: true }, { title: 'Bake', isNumber: true }],
    report.stages.map(({ weightPercent, bakeSeconds }, index) => [
      stageNumber(index),
      html`${formatPercent(weightPercent)}`,
      html`${formatDuration(bakeSeconds)}`,
    ]),
  );
}

function stageCells(report: RolloutReport, stage: StageCourse): readonly Html[] {
  const { index, weightPercent, bakeSeconds, approval, enteredAt, leftAt, observed } = stage;
  const bake = approval ? `${formatDuration(bakeSeconds)}, then approval` : formatDuration(bakeSeconds);
  const planned = [stageNumber(index), html`${formatPercent(weightPercent)}`, html`${bake}`];
  if (enteredAt === null) return [...planned, html`not reached`, NOTHING, NOTHING, NOTHING];
  return [
    ...planned,
    time(enteredAt),
    leftAt === null ? html`still there` : html`${stayed(enteredAt, leftAt)}`,
    observed === null
      ? NOTHING
      : html`${formatPercent(observed.percent)} ± ${roundSignificant(observed.marginPercent, 2)} of ${formatCount(observed.requests)} requests`,
    verdictCell(report, stage),
  ];
}

/** A card has no column that says what is numbered. */
function stageNumber(index: number): Html {
  return html`<span class="on-card">Stage </span>${index + 1}`;
}

function stayed(from: string, to: string): string {
  return formatDuration(Math.max(0, Date.parse(to) - Date.parse(from)) / 1000);
}

function verdictCell(report: RolloutReport, { index, verdict }: StageCourse): Html {
  if (verdict === null) return html`not judged`;
  const row = rowOfStage(report, index);
  return row === null ? verdictLook(verdict) : html`${verdictLook(verdict)}, ${rowLink(row)}`;
}
