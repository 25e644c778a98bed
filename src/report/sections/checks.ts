// Every check at every stage that was reached: what it saw, how well that is known, and what it asked for.
import type { RolloutReport, StageCourse } from '../../core/report.ts';
import { type CheckCells, type StageRow, stageRows } from '../../core/report-cells.ts';
import type { ReportDocument } from '../../core/report-document.ts';
import { rowOfStage } from '../../core/report-timeline.ts';
import { formatPercent } from '../../core/units.ts';
import { type Html, html, said } from '../html.ts';
import { none, rowLink, section } from '../parts.ts';
import { actionLook, verdictLook } from '../verdict-look.ts';

/** More columns than this do not fit on a page. */
const MAX_COLUMNS = 4;

export function checksSection({ report }: ReportDocument): Html {
  if (report.course.length === 0 || report.checkCourses.length === 0) {
    const judged = report.checks.length > 0;
    return section(
      'checks',
      none(
        judged
          ? 'What was judged at each stage is not in this report; the last judgement is above.'
          : 'Nothing was judged at any stage.',
      ),
    );
  }
  const reached = report.course.filter(({ enteredAt }) => enteredAt !== null);
  const missed = report.course.filter(({ enteredAt }) => enteredAt === null);
  return section('checks', html`${matrices(report, reached)}${notReached(missed)}`);
}

function notReached(stages: readonly StageCourse[]): Html | null {
  if (stages.length === 0) return null;
  const weights = stages.map(({ weightPercent }) => formatPercent(weightPercent));
  return none(`Not reached: ${weights.join(', ')}.`);
}

function matrices(report: RolloutReport, reached: readonly StageCourse[]): readonly Html[] {
  const rows = stageRows(report);
  const groups = Array.from({ length: Math.ceil(reached.length / MAX_COLUMNS) }, (_, index) =>
    reached.slice(index * MAX_COLUMNS, (index + 1) * MAX_COLUMNS),
  );
  return groups.map((stages) => matrix(report, stages, rows));
}

function matrix(report: RolloutReport, stages: readonly StageCourse[], rows: readonly StageRow[]): Html {
  return html`<table class="stacked matrix"><caption>The last judgement at each stage</caption>
<thead><tr><th scope="col">Check</th>${stages.map((stage) => stageHead(report, stage))}</tr></thead>
<tbody>${rows.map((row) => matrixRow(report, stages, row))}</tbody></table>
`;
}

function stageHead(report: RolloutReport, { index, weightPercent, verdict }: StageCourse): Html {
  const row = rowOfStage(report, index);
  const judged = verdict === null ? html`not judged` : verdictLook(verdict);
  return html`<th scope="col"><b>${formatPercent(weightPercent)}</b> ${judged}${row === null ? null : html`, ${rowLink(row)}`}</th>`;
}

function matrixRow(report: RolloutReport, stages: readonly StageCourse[], row: StageRow): Html {
  return html`<tr><th scope="row">${said(row.label, 120)}</th>${stages.map((stage) => {
    const cell = row.stages[report.course.indexOf(stage)];
    return html`<td data-label="${formatPercent(stage.weightPercent)}">${cell?.cells ? values(cell.cells) : html`${cell?.none ?? 'not judged'}`}</td>`;
  })}</tr>
`;
}

function values({ canary, stable, allowed, interval, sample, action }: CheckCells): Html {
  const lines = [
    ['stable', stable],
    ['allowed', allowed],
    ['interval', interval],
    ['requests', sample],
  ] as const;
  const known = lines.filter(([, value]) => value !== '–');
  return html`<div class="cell"><b>${said(canary, 60)}</b> ${actionLook(action)}${known.map(
    ([name, value]) => html`<span class="line"><span class="name">${name}</span> ${said(value, 60)}</span>`,
  )}</div>`;
}
