// What the traffic chart shows: the configured weight, the share that was counted, alarms, and what happened.
import { plainText } from '../core/plain-text.ts';
import type { RolloutReport, TimelineEntry } from '../core/report.ts';
import { periodGroups } from './periods.ts';
import { axisOf, marksOf, type Plot, type Sample, type Shade, seconds, spanOf, valuesAt } from './plot.ts';

export function trafficPlot(report: RolloutReport): Plot {
  const { from, to } = spanOf(report);
  const weights = weightsOf(report, from, to);
  const observed = observedShares(report);
  const x = axisOf(
    [from, to],
    weights.map(({ at }) => at),
    observed.map(({ at }) => at).filter((at) => at <= to),
  );
  return {
    kind: 'traffic',
    title: 'Canary share of the traffic',
    x,
    series: [
      {
        label: 'configured',
        role: 'weight',
        unit: '%',
        values: valuesAt(x, weights, true),
        stepped: true,
      },
      { label: 'observed', role: 'observed', unit: '%', values: valuesAt(x, observed, true), stepped: true },
    ],
    shades: alarmShades(report, to),
    marks: marksOf(report.timeline),
  };
}

/** From the shifts themselves where they are known, which is exact; else from the metric periods. */
function weightsOf(report: RolloutReport, from: number, to: number): readonly Sample[] {
  const shifts = report.timeline.flatMap((entry) => {
    const value = weightAfter(entry);
    return value === null ? [] : [{ at: seconds(entry.at), value }];
  });
  const known =
    shifts.length > 0
      ? shifts
      : report.series.map((point) => ({ at: seconds(point.at), value: point.weightPercent }));
  const last = known.reduce((latest, shift) => (shift.at >= latest.at ? shift : latest), {
    at: from,
    value: 0,
  });
  return [{ at: from, value: 0 }, ...known, { at: to, value: last.value }];
}

function weightAfter(entry: TimelineEntry): number | null {
  switch (entry.event) {
    case 'traffic-shifted':
      return typeof entry['weightPercent'] === 'number' ? entry['weightPercent'] : null;
    case 'rollout-promoted':
      return 100;
    case 'rollout-rolled-back':
    case 'rollout-aborted':
      return 0;
    default:
      return null;
  }
}

/** A share holds for its periods and no longer. */
function observedShares(report: RolloutReport): readonly Sample[] {
  const groups = periodGroups(report).filter(({ canaryShare }) => canaryShare !== null);
  const starts = new Set(groups.map(({ from }) => from));
  return groups.flatMap(({ from, to, canaryShare }) => {
    // said once more right before the end: a chart library draws a step only up to the last value that is known
    const last = { at: Math.max(from, to - 1), value: canaryShare };
    const end = starts.has(to) ? [] : [last, { at: to, value: null }];
    return [{ at: from, value: canaryShare }, ...end];
  });
}

/** Only what fired: an alarm without data says nothing of the traffic, and is in the list of alarms. */
function alarmShades({ alarmStretches }: RolloutReport, to: number): readonly Shade[] {
  return alarmStretches
    .filter(({ state }) => state === 'ALARM')
    .map((stretch) => ({
      from: seconds(stretch.from),
      to: stretch.to === null ? to : seconds(stretch.to),
      label: `${plainText(stretch.name, 80)} in ALARM`,
    }));
}
