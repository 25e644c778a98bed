// Who was affected: requests, failures, how many more than the stable version would have had, and for how long.
import type { RolloutReport } from '../../core/report.ts';
import type { ReportDocument } from '../../core/report-document.ts';
import { affectedWindow } from '../../core/report-exposure.ts';
import { excessNumberOf } from '../../core/report-summary.ts';
import { formatCount, formatDuration, formatPercent } from '../../core/units.ts';
import { errorsPlot } from '../check-plot.ts';
import { plotFigure } from '../draw-plot.ts';
import { type Html, html } from '../html.ts';
import { facts, none, section, time } from '../parts.ts';
import { metricsSeen } from '../periods.ts';

export function exposureSection({ report, isSimulated }: ReportDocument): Html {
  const { canaryRequests, badRequests, slowRequests = 0 } = report.exposure;
  const share = canaryRequests > 0 ? ` (${formatPercent((100 * badRequests) / canaryRequests)})` : '';
  const slow = slowRequests === 0 ? '' : `, ${formatCount(slowRequests)} of them only too slow`;
  const excess = excessNumberOf(report);
  const numbers = facts([
    ['Requests on the canary', html`${formatCount(canaryRequests)}`],
    ['Bad requests', html`${formatCount(badRequests)}${share}${slow}`],
    [excess.label, html`${excess.value}: ${excess.note}`],
    ['Longest time over the limit', longest(report)],
    ['Highest weight', html`${formatPercent(report.peakWeightPercent)}`],
    ['Weight at the end', html`${formatPercent(report.finalWeightPercent)}`],
  ]);
  return section(
    'exposure',
    html`${numbers}${canaryRequests === 0 ? null : counted(report, isSimulated)}${periods(report)}`,
  );
}

/** A reader who adds up sections must not find two truths without being told why. */
function counted({ series }: RolloutReport, isSimulated: boolean): Html {
  const seen = metricsSeen({ series });
  const metrics =
    seen === null
      ? html`no request of the canary`
      : html`${formatCount(seen.canaryRequests)} canary requests, ${formatCount(seen.badRequests)} of them failed, up to ${time(seen.until)}`;
  return isSimulated
    ? html`<p class="none">The simulator counted these, to the last request. The checks, the charts and the what-if table know what the metrics had shown by the last look: ${metrics}.</p>
`
    : html`<p class="none">Counted from the metrics as the last look saw them: ${metrics}. What came later is not in these numbers.</p>
`;
}

function longest(report: RolloutReport): Html {
  const window = affectedWindow(report);
  if (window === null) {
    return report.exposure.canaryRequests === 0 ? html`none` : html`none that chance does not explain`;
  }
  const { from, to, isOpen, requests, badRequests } = window;
  const length = formatDuration((Date.parse(to) - Date.parse(from)) / 1000);
  const failed = html`${time(from)} to ${time(to)}: ${formatCount(badRequests)} of ${formatCount(requests)} canary requests failed`;
  return isOpen
    ? html`at least ${length}, ${failed}; no metric tells what came after`
    : html`${length}, ${failed}`;
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
