// What the chart of one check shows: the canary with its interval, the stable version, what was allowed; and the error
// rates minute by minute.
import { plainText } from '../core/plain-text.ts';
import type { CheckCourse, RolloutReport } from '../core/report.ts';
import { type PeriodGroup, periodGroups, periodsInGroup } from './periods.ts';
import {
  axisOf,
  marksOf,
  type Plot,
  type PlotSeries,
  type SeriesRole,
  seconds,
  spanOf,
  valuesAt,
} from './plot.ts';

interface Line<Point> {
  readonly label: string;
  readonly role: SeriesRole;
  readonly read: (point: Point) => number | null;
}

const CHECK_LINES: readonly Line<CheckCourse['points'][number]>[] = [
  { label: 'stable', role: 'stable', read: ({ stable }) => stable },
  { label: 'canary', role: 'canary', read: ({ canary }) => canary },
  { label: 'allowed', role: 'limit', read: ({ limit }) => limit },
  { label: 'interval, low', role: 'low', read: ({ interval }) => interval?.[0] ?? null },
  { label: 'interval, high', role: 'high', read: ({ interval }) => interval?.[1] ?? null },
];

/** Values as the looks saw them, each over its own window. */
export function checkPlot(report: RolloutReport, { label, unit, points }: CheckCourse): Plot {
  const taken = points.map((point) => ({ at: seconds(point.at), point }));
  const names = { title: plainText(label, 120), unit: plainText(unit, 16) };
  return linesPlot(report, names, taken, CHECK_LINES);
}

const ERROR_LINES: readonly Line<PeriodGroup>[] = [
  { label: 'stable', role: 'stable', read: ({ stableErrorPercent }) => stableErrorPercent },
  { label: 'canary', role: 'canary', read: ({ canaryErrorPercent }) => canaryErrorPercent },
];

export function errorsPlot(report: RolloutReport): Plot {
  const together = periodsInGroup(report);
  const title = together === 1 ? 'Error rate, period by period' : `Error rate, ${together} periods together`;
  const taken = periodGroups(report).map((point) => ({ at: point.from, point }));
  return linesPlot(report, { title, unit: '%' }, taken, ERROR_LINES);
}

function linesPlot<Point>(
  report: RolloutReport,
  { title, unit }: Pick<Plot, 'title'> & Pick<PlotSeries, 'unit'>,
  taken: readonly { readonly at: number; readonly point: Point }[],
  lines: readonly Line<Point>[],
): Plot {
  const { from, to } = spanOf(report);
  // the ends of the rollout are on the axis too, so that all charts have the same one
  const x = axisOf(
    [from, to],
    taken.map(({ at }) => at),
  );
  return {
    kind: 'check',
    title,
    x,
    series: lines.map(({ label, role, read }) => ({
      label,
      role,
      unit,
      values: valuesAt(
        x,
        taken.map(({ at, point }) => ({ at, value: read(point) })),
        false,
      ),
      stepped: false,
    })),
    shades: [],
    marks: marksOf(report.timeline),
  };
}
