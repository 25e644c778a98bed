// Charts as data, and the drawings that are made from them.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RolloutReport } from '../../src/core/report.ts';
import { checkPlot, errorsPlot } from '../../src/report/check-plot.ts';
import { plotFigure } from '../../src/report/draw-plot.ts';
import { toMarkup } from '../../src/report/html.ts';
import type { Plot, SeriesRole } from '../../src/report/plot.ts';
import { trafficPlot } from '../../src/report/traffic-plot.ts';
import { anyReport } from './any-report.ts';
import { find, plotData, shownText } from './in-page.ts';
import { attributeOf, parseHtml } from './parse-html.ts';
import { PROMOTED_DOCUMENT, REJECTED_DOCUMENT, ROLLED_BACK_DOCUMENT } from './sample-document.ts';

const { report } = ROLLED_BACK_DOCUMENT;
const START = Date.parse(report.startedAt) / 1000;

function drawn(plot: Plot) {
  const parsed = parseHtml(
    `<!doctype html><title>t</title>${toMarkup(plotFigure('sample', plot, 'what it shows', null))}`,
  );
  const paths = find(parsed, 'path').map((path) => ({
    kind: attributeOf(path, 'class'),
    d: attributeOf(path, 'd') ?? '',
  }));
  return { parsed, ofKind: (kind: string) => paths.filter((path) => path.kind === kind).map(({ d }) => d) };
}

/** The values of a series by the minute since the start, without those that are not known. */
function known(plot: Plot, role: SeriesRole): readonly (readonly [number, number])[] {
  const values = plot.series.find((series) => series.role === role)?.values ?? [];
  return plot.x.flatMap((at, index) => {
    const value = values[index] ?? null;
    return value === null ? [] : [[Math.round((100 * (at - START)) / 60) / 100, value] as const];
  });
}

function errorCourse({ checkCourses }: RolloutReport) {
  const [course] = checkCourses;
  if (course === undefined) throw new Error('the sample has courses');
  return course;
}

describe('the traffic chart', () => {
  const plot = trafficPlot(report);

  it('has the weight as it was configured, from shift to shift', () => {
    const steps = known(plot, 'weight').filter(([, value], index, all) => value !== all[index - 1]?.[1]);
    expect(steps).toEqual([
      [0, 0],
      [0.05, 5],
      [12.04, 25],
      [24.63, 0],
    ]);
  });

  it('has the share that was counted, for its periods and no longer', () => {
    const shares = new Map(known(plot, 'observed'));
    expect(shares.get(1)).toBeCloseTo((100 * 210) / (4037 + 210), 6);
    // in the ninth minute only stable reported: nobody met the canary
    expect(shares.get(8)).toBe(0);
    expect(shares.has(24.63)).toBe(true);
    // up to a second before its end, and no longer
    const early = { ...report, series: report.series.slice(0, 2) };
    expect(known(trafficPlot(early), 'observed').map(([at]) => at)).toEqual([0, 0.05, 1, 1.98]);
  });

  it('ends the share with the last report of the canary, since a later one may be late', () => {
    const series = report.series.slice(0, 4);
    const late = series.map((point, index) => (index < 2 ? point : { ...point, canaryRequests: null }));
    const line = known(trafficPlot({ ...report, series: late }), 'observed');
    expect(line.map(([at]) => at)).toEqual([0, 0.05, 1, 1.98]);
  });

  it('numbers what stopped, warned or ended the rollout, and shades the alarms that fired', () => {
    expect(plot.marks.map(({ row }) => row)).toEqual([2, 6, 7, 8]);
    expect(plot.shades).toEqual([
      { from: START + 22 * 60, to: plot.x.at(-1), label: 'Checkout5xx in ALARM' },
    ]);
  });

  it('ends at all of the traffic when it was promoted', () => {
    expect(known(trafficPlot(PROMOTED_DOCUMENT.report), 'weight').at(-1)?.[1]).toBe(100);
  });

  it('takes the weights from the metrics where no shift is on record', () => {
    const steps = known(trafficPlot({ ...report, timeline: [] }), 'weight');
    expect(new Map(steps).get(3)).toBe(5);
    expect(new Map(steps).get(20)).toBe(25);
  });

  it('is drawn as steps, in both widths', () => {
    const [wide, narrow, ...others] = drawn(plot).ofKind('weight-line');
    expect(others).toEqual([]);
    for (const path of [wide, narrow]) expect(path).toMatch(/^M[\d.]+ [\d.]+(H[\d.]+V[\d.]+){3}H[\d.]+$/);
  });
});

describe('the chart of a check', () => {
  const plot = checkPlot(report, errorCourse(report));

  it('has what the looks saw, and a gap where they saw nothing', () => {
    expect(known(plot, 'canary')).toEqual([
      [5, 0.41],
      [7, 0.44],
      [23, 3.9],
      [24.55, 4.8],
    ]);
    expect(known(plot, 'high').map(([at]) => at)).toEqual([7, 23, 24.55]);
    expect(known(plot, 'limit')).toHaveLength(5);
  });

  it('breaks the line at the gap; a look alone is a dot; the interval is a band', () => {
    const { parsed, ofKind } = drawn(plot);
    // two drawings
    expect(ofKind('canary-line')).toHaveLength(2);
    expect(find(parsed, 'circle').map((dot) => attributeOf(dot, 'class'))).toEqual([
      'canary-dot',
      'canary-dot',
    ]);
    expect(ofKind('band')).toHaveLength(2);
    for (const band of ofKind('band')) expect(band.split('L')).toHaveLength(6);
  });

  it('is not made flat by a last interval that knows nothing, and has room for its labels', () => {
    const wide = {
      ...errorCourse(report),
      unit: 'ms',
      points: [5, 9, 12].map((at) => ({
        ...{ at: new Date((START + at * 60) * 1000).toISOString(), stageIndex: 0 },
        ...{ stable: 400_000, canary: 500_000 + at, limit: 450_000, interval: [0, 1.5e9] as const },
      })),
    };
    const figure = parseHtml(toMarkup(plotFigure('x', checkPlot(report, wide), 'd', null)));
    const labels = find(figure, 'text').filter((text) => attributeOf(text, 'class') === 'end');
    const values = labels.map((label) => Number.parseFloat(shownText(label)));
    expect(Math.max(...values)).toBeLessThan(1_000_000);
    // about 6.5 units a character
    for (const label of labels) {
      expect(Number(attributeOf(label, 'x'))).toBeGreaterThanOrEqual(6.5 * shownText(label).length);
    }
  });

  it('is not made flat by an early interval that reached far', () => {
    const course = errorCourse(report);
    const [first, ...others] = course.points;
    if (first === undefined) throw new Error('the sample has looks');
    const wild = { ...course, points: [{ ...first, interval: [0, 90] as const }, ...others] };
    const heights = (one: Plot) => drawn(one).ofKind('canary-line');
    expect(heights(checkPlot(report, wild))).toEqual(heights(plot));
  });

  it('shows error rates period by period', () => {
    const rates = new Map(known(errorsPlot(report), 'canary'));
    expect(rates.get(22)).toBeCloseTo(4.7, 6);
    expect(rates.has(8)).toBe(false);
  });
});

describe('the charts of a long rollout', () => {
  const minute = (index: number) => new Date((START + 60 * index) * 1000).toISOString();
  const series = Array.from({ length: 1440 }, (_, index) => ({
    ...{ at: minute(index), weightPercent: 10, stableRequests: 900, stableErrorPercent: 1 },
    ...{ canaryRequests: index % 2 === 0 ? 100 : 300, canaryErrorPercent: index % 2 === 0 ? 0 : 4 },
  }));
  const long = { ...report, series, timeline: [], checkCourses: [], endedAt: minute(1440) };

  it('count several periods together, each request once', () => {
    const plot = errorsPlot(long);
    expect(plot.title).toBe('Error rate, 4 periods together');
    expect(known(plot, 'canary')).toHaveLength(360);
    for (const [, rate] of known(plot, 'canary')) expect(rate).toBeCloseTo(3, 9);
    for (const [, share] of known(trafficPlot(long), 'observed')) {
      expect(share).toBeCloseTo((100 * 800) / (3600 + 800), 9);
    }
  });
});

describe('any chart', () => {
  it('says so where nothing was reported', () => {
    const { parsed } = drawn(errorsPlot(REJECTED_DOCUMENT.report));
    const texts = find(parsed, 'text').map((element) => JSON.stringify(element.childNodes.map(String)));
    expect(texts.length).toBeGreaterThan(2);
    expect(toMarkup(plotFigure('none', errorsPlot(REJECTED_DOCUMENT.report), '', null))).toContain(
      'no metrics were reported',
    );
  });

  it('rises in time, has one value for each instant, and stands beside its drawing as it is', () => {
    fc.assert(
      fc.property(anyReport, (any) => {
        const plots = [
          trafficPlot(any),
          errorsPlot(any),
          ...any.checkCourses.map((course) => checkPlot(any, course)),
        ];
        for (const plot of plots) {
          expect(plot.x.every((at, index) => index === 0 || at > (plot.x[index - 1] ?? at))).toBe(true);
          expect(plot.x.length).toBeGreaterThan(1);
          for (const { values } of plot.series) expect(values).toHaveLength(plot.x.length);
          const [figure] = find(drawn(plot).parsed, 'figure');
          expect(figure && plotData(figure)).toEqual(JSON.parse(JSON.stringify(plot)));
        }
      }),
      { numRuns: 30 },
    );
  });
});
