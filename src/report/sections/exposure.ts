// Who was affected: requests, failures, how many more than the stable version would have had, and for how long.
import type { RolloutReport } from '../../core/report.ts';
import type { ReportDocument } from '../../core/report-document.ts';
import { affectedWindow } from '../../core/report-exposure.ts';
import { excessBadRequests } from '../../core/report-summary.ts';
import { formatCount, formatDuration, formatPercent } from '../../core/units.ts';
import { errorsPlot } from '../check-plot.ts';
import { plotFigure } from '../draw-plot.ts';
import { type Html, html } from '../html.ts';
import { facts, none, section, time } from '../parts.ts';

export function exposureSection({ report }: ReportDocument): Html {
  const { canaryRequests, badRequests } = report.exposure;
  const share = canaryRequests > 0 ? ` (${formatPercent((100 * badRequests) / canaryRequests)})` : '';
  const excess = excessBadRequests(report);
  const numbers = facts([
    ['Requests on the canary', html`${formatCount(canaryRequests)}`],
    ['Bad requests', html`${formatCount(badRequests)}${share}`],
    [
      'More than on stable',
      html`${excess === null ? 'not known: nothing is known of the stable version' : `${formatCount(excess)} beyond what stable’s error rate would have given`}`,
    ],
    ['Longest time over the limit', longest(report)],
    ['Highest weight', html`${formatPercent(report.peakWeightPercent)}`],
    ['Weight at the end', html`${formatPercent(report.finalWeightPercent)}`],
  ]);
  return section('exposure', html`${numbers}${periods(report)}`);
}

function longest(report: RolloutReport): Html {
  const window = affectedWindow(report);
  if (window === null) return html`none that chance does not explain`;
  const { from, to, requests, badRequests } = window;
  const length = formatDuration((Date.parse(to) - Date.parse(from)) / 1000);
  return html`${length}, ${time(from)} to ${time(to)}: ${formatCount(badRequests)} of ${formatCount(requests)} canary requests were bad`;
}

function periods(report: RolloutReport): Html {
  if (report.series.length === 0) {
    return none('No metric period is in this report, so it is not known when requests failed.');
  }
  const plot = errorsPlot(report);
  return plotFigure(
    'errors',
    plot,
    'Percent of the requests of each version that failed.',
    html`${plot.title}: percent of requests that failed. Where a line has a gap, nothing was reported.`,
  );
}
