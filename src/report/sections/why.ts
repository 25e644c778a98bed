// Why it was decided so: the check that decided, with how well its value is known; then all checks side by side.
import type { CheckCourse, RolloutReport } from '../../core/report.ts';
import { cellsOf } from '../../core/report-cells.ts';
import type { ReportDocument } from '../../core/report-document.ts';
import { formatDuration } from '../../core/units.ts';
import type { CheckReading, Reason } from '../../core/verdict.ts';
import { checkPlot } from '../check-plot.ts';
import { plotFigure } from '../draw-plot.ts';
import { type Html, html, said } from '../html.ts';
import { none, section, table, value } from '../parts.ts';
import { actionLook } from '../verdict-look.ts';

export function whySection({ report }: ReportDocument): Html {
  const { checkCourses, checks, reason } = report;
  const charted = checkCourses.filter(hasCourse);
  const deciding = charted.filter(({ check }) => check === reason.check);
  const siblings = charted.filter(({ check }) => check !== reason.check);
  const isOld = checkCourses.length === 0 && checks.length > 0;
  return section(
    'why',
    html`${decision(report)}${deciding.map((course) => courseFigure(report, course))}${sideBySide(report)}${siblings.map(
      (course) => folded(report, course),
    )}${isOld ? none('How the values moved over time is not in this report.') : null}`,
  );
}

/** Alarms have no course: they fire or not, and their stretches are in the traffic chart. */
function hasCourse({ check, points }: CheckCourse): boolean {
  return check !== 'alarms' && points.some(({ stable, canary }) => stable !== null || canary !== null);
}

function folded(report: RolloutReport, course: CheckCourse): Html {
  return html`<details><summary>${said(course.label, 120)}, over the whole rollout</summary>
${courseFigure(report, course)}</details>
`;
}

/** The sentence stands above all sections; where no number decided, it is all that there is to say. */
function decision({ reason, checks, outcome }: RolloutReport): Html {
  if (reason.check === null)
    return html`<p>No check decided this. ${said(reason.sentence, 700)}</p>
`;
  const { check, windowSeconds } = reason;
  const row = checks.find((reading) => reading.check === check);
  const decided = decidingReading(reason, row);
  const cells = cellsOf(decided);
  const what = decided.label === SLOW ? 'Slow on ' : '';
  const numbers = [
    [what === '' ? 'Canary' : `${what}canary`, cells.canary],
    ['Interval', cells.interval],
    [what === '' ? 'Stable' : `${what}stable`, cells.stable],
    ['Allowed', cells.allowed],
    // of a silent canary the sample is what was due, which is what was allowed
    ['Canary requests', row?.unit === 'requests' ? '–' : cells.sample],
    ['Window', windowSeconds === null ? '–' : formatDuration(windowSeconds)],
  ] as const;
  const known = numbers.filter(([, text]) => text !== '–');
  const role = outcome === 'PROMOTED' ? 'Leading check' : 'Decided by';
  return html`<dl class="strip"><div><dt>${role}</dt><dd>${said(row?.label ?? check, 60)}</dd></div>${known.map(
    ([name, text]) => html`<div><dt>${name}</dt><dd>${said(text, 60)}</dd></div>`,
  )}</dl>
${isOfOtherWindow(decided, row) ? none('What decided is over its own window; the chart and the table are over the whole stage so far.') : null}`;
}

const SLOW = 'slow requests';

/**
 * The numbers of the reason, which need not be those of the row. A latency is decided by shares of slow requests; of those
 * that are not beyond what is allowed, the reason does not tell whether they are shares.
 */
function decidingReading(reason: Reason, row: CheckReading | undefined): CheckReading {
  const { value, baseline, limit, sample } = reason;
  const none = { ...NO_READING, sample };
  if (row === undefined) return none;
  if (row.canary !== null && row.canary === value) return { ...row, sample };
  const own = { ...row, canary: value, stable: baseline, limit, interval: null, sample };
  if (reason.check !== 'latency') return own;
  const isShare = value !== null && limit !== null && value > limit;
  return isShare ? { ...own, label: SLOW, unit: '%' } : none;
}

function isOfOtherWindow({ sample }: CheckReading, row: CheckReading | undefined): boolean {
  return sample !== null && row !== undefined && row.sample !== null && row.sample !== sample;
}

/** An alarm that fired after the last look decided all the same, but not by what the look saw. */
function isDeciding({ check, action }: CheckReading, reason: Reason): boolean {
  return check === reason.check && !(check === 'alarms' && action === 'acceptable');
}

/** Of a check that has no row, such as an alarm by itself. */
const NO_READING: CheckReading = {
  ...{ check: '', label: '', unit: '', stable: null, canary: null, limit: null, better: 'lower' },
  ...{ variancePercent: null, sample: null, interval: null, evidence: null, streams: {}, stillNeeded: null },
  action: 'cannot tell yet',
};

function courseFigure(report: RolloutReport, course: CheckCourse): Html {
  const name = `check-${report.checkCourses.indexOf(course)}`;
  const caption = html`${said(course.label, 120)}: each point is what one look saw over its window. The band is where the canary’s true value lies in 98 of 100 cases, by the numbers of that look alone.`;
  return plotFigure(name, checkPlot(report, course), describe(course), caption);
}

function describe({ unit, better, points }: CheckCourse): string {
  const last = points.findLast(({ canary }) => canary !== null);
  if (last === undefined) return 'No look knew a value of the canary.';
  const interval: CheckReading['interval'] = last.interval && [...last.interval];
  const cells = cellsOf({ ...NO_READING, ...last, unit, better, interval });
  const known = interval === null ? '' : ` (interval ${cells.interval})`;
  return `At the last look that knew it, the canary had ${cells.canary}${known}, stable ${cells.stable}, allowed ${cells.allowed}.`;
}

function sideBySide({ checks, reason }: RolloutReport): Html {
  if (checks.length === 0) return none('Nothing was judged.');
  const numbers = ['Stable', 'Canary', 'Interval', 'Variance', 'Allowed', 'Requests'];
  const isDecided = checks.some((row) => isDeciding(row, reason));
  const rows = checks.toSorted((a, b) => Number(isDeciding(b, reason)) - Number(isDeciding(a, reason)));
  return table(
    `Both versions side by side over the same time, as they were last judged${isDecided ? '; ▶ decided' : ''}`,
    [{ title: 'Metric' }, ...numbers.map((title) => ({ title, isNumber: true })), { title: 'Action' }],
    rows.map((reading) => {
      const { metric, stable, canary, interval, variance, allowed, sample, action } = cellsOf(reading);
      const name = html`${isDeciding(reading, reason) ? '▶ ' : null}${said(metric, 120)}`;
      return [name, ...[stable, canary, interval, variance, allowed, sample].map(value), actionLook(action)];
    }),
  );
}
