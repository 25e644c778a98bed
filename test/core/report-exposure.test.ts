// What users met: the stretch that was worse than allowed, and the errors that stable would have had as well.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReportPoint, RolloutReport } from '../../src/core/report.ts';
import { excessFailures, stableErrorShare } from '../../src/core/report-excess.ts';
import { affectedWindow } from '../../src/core/report-exposure.ts';
import { SAMPLE_REPORT } from '../report/sample-report.ts';

const START_MS = Date.UTC(2026, 10, 21, 9);
const minute = (count: number) => new Date(START_MS + count * 60_000).toISOString();

function point(index: number, change: Partial<ReportPoint> = {}): ReportPoint {
  return {
    at: minute(index),
    weightPercent: 5,
    stableRequests: 1000,
    canaryRequests: 100,
    stableErrorPercent: 0.1,
    canaryErrorPercent: 0,
    ...change,
  };
}

function looked(index: number, limit: number | null, stable: number | null = 0.1) {
  return { at: minute(index), stageIndex: 0, stable, canary: null, limit, interval: null };
}

function report(
  series: readonly ReportPoint[],
  points = [looked(1, 0.2)],
  exposure: RolloutReport['exposure'] = SAMPLE_REPORT.exposure,
): RolloutReport {
  const course = { check: 'errors', label: 'error rate', unit: '%', better: 'lower', points } as const;
  return { ...SAMPLE_REPORT, series, exposure, checkCourses: [course] };
}

/** Errors of the canary by minute, percent. */
function errors(...percents: readonly (number | null)[]): readonly ReportPoint[] {
  return percents.map((canaryErrorPercent, index) =>
    point(index, { canaryErrorPercent, canaryRequests: canaryErrorPercent === null ? null : 100 }),
  );
}

describe('affectedWindow', () => {
  it('spans the minutes that were worse than allowed, and counts what failed in them', () => {
    expect(affectedWindow(report(errors(0, 0, 5, 8, 6, 0, 0)))).toEqual({
      from: minute(2),
      to: minute(5),
      isOpen: false,
      requests: 300,
      badRequests: 19,
    });
  });

  it('is not cut short by a lucky minute, nor by one without a report', () => {
    expect(affectedWindow(report(errors(0, 6, 0, null, 7, 0)))).toMatchObject({
      from: minute(1),
      to: minute(5),
    });
  });

  it('takes the worse of two stretches that are far apart', () => {
    const calm = Array.from({ length: 60 }, () => 0);
    const window = affectedWindow(report(errors(4, ...calm, 9, 9), [looked(1, 0.5)]));
    expect(window).toMatchObject({ from: minute(61), badRequests: 18 });
  });

  it('takes single failures for what they are: chance', () => {
    expect(affectedWindow(report(errors(0, 1, 0, 0, 1, 0)))).toBeNull();
    expect(affectedWindow(report([]))).toBeNull();
  });

  it('allows what stable had in the same minute', () => {
    const incident = [0, 1, 2].map((index) => point(index, { stableErrorPercent: 6, canaryErrorPercent: 6 }));
    expect(affectedWindow(report(incident, [looked(1, 0.2)]))).toBeNull();
    const worse = incident.map((one) => ({ ...one, canaryErrorPercent: 60 }));
    expect(affectedWindow(report(worse, [looked(1, 0.2)]))).toMatchObject({ badRequests: 180 });
  });

  it('holds each minute to the limit of the look that saw it first', () => {
    const series = errors(5, 5, 5, 5, 5);
    expect(affectedWindow(report(series, [looked(2, 10), looked(9, 0.2)]))).toMatchObject({
      from: minute(2),
      to: minute(5),
    });
    expect(affectedWindow(report(series, [looked(2, null)]))).toBeNull();
  });

  it('ends with its last period, however long a period is', () => {
    const series = [0, 5, 10].map((at) => point(at, { canaryErrorPercent: 9 }));
    expect(affectedWindow(report(series, [looked(60, 0.2)]))).toMatchObject({ to: minute(15) });
  });

  it('is open where nothing is known of the canary after it', () => {
    expect(affectedWindow(report(errors(0, 9, 9)))).toMatchObject({ to: minute(3), isOpen: true });
    expect(affectedWindow(report(errors(0, 9, 9, null)))).toMatchObject({ to: minute(3), isOpen: true });
    expect(affectedWindow(report(errors(0, 9, 9, 0)))).toMatchObject({ to: minute(3), isOpen: false });
  });

  it('does not begin before the canary had traffic, as its first period may', () => {
    const shift = { at: minute(0.35), event: 'traffic-shifted', sentence: 'shifted' } as const;
    const window = affectedWindow({ ...report(errors(9, 9)), timeline: [shift] });
    expect(window).toMatchObject({ from: minute(0.35), to: minute(2) });
    const late = affectedWindow({ ...report(errors(0, 9, 9)), timeline: [shift] });
    expect(late).toMatchObject({ from: minute(1) });
  });

  it('lies within the series, and fails no more often than it was called', () => {
    const points = fc.array(fc.tuple(fc.nat(100), fc.nat(2000)), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(points, (rows) => {
        const series = rows.map(([canaryErrorPercent, canaryRequests], index) =>
          point(index, { canaryErrorPercent, canaryRequests }),
        );
        const window = affectedWindow(report(series, [looked(99, 0.2)]));
        if (window === null) return;
        expect(window.badRequests).toBeLessThanOrEqual(window.requests);
        expect(window.badRequests).toBeGreaterThan(0);
        expect(Date.parse(window.from)).toBeGreaterThanOrEqual(START_MS);
        expect(Date.parse(window.to)).toBeGreaterThan(Date.parse(window.from));
        expect(window.to <= minute(rows.length)).toBe(true);
      }),
    );
  });
});

describe('excess failures', () => {
  const exposed = (badRequests: number, canaryRequests = 500) => ({ canaryRequests, badRequests });

  it('are those beyond what stable would have had, and never negative', () => {
    const series = [
      point(0, { stableRequests: 9900, stableErrorPercent: 1, canaryRequests: 500 }),
      point(1, { stableRequests: 100, stableErrorPercent: 1, canaryRequests: 500 }),
      point(2, { stableRequests: null, stableErrorPercent: 50 }),
    ];
    expect(excessFailures(report(series, [], exposed(30)))).toBe(25);
    expect(excessFailures(report(series, [], exposed(3)))).toBe(0);
    expect(excessFailures(report([], [], exposed(30)))).toBeNull();
  });

  it('are not led astray by a weight at which stable had hardly any traffic', () => {
    const series = [
      point(0, { stableRequests: 10_000, canaryRequests: 500 }),
      point(1, { weightPercent: 99, stableRequests: 20, stableErrorPercent: 0, canaryRequests: 10_000 }),
    ];
    expect(excessFailures(report(series, [], exposed(10, 10_500)))).toBe(0);
  });

  it('blame nobody for an incident of both while the canary had most of the traffic', () => {
    const calm = Array.from({ length: 30 }, (_, index) =>
      point(index, { stableRequests: 3800, canaryRequests: 200 }),
    );
    const shared = Array.from({ length: 10 }, (_, index) =>
      point(30 + index, {
        weightPercent: 95,
        stableRequests: 200,
        canaryRequests: 3800,
        stableErrorPercent: 5,
        canaryErrorPercent: 5,
      }),
    );
    const bad = 6 + 1900;
    // by stable's rate over all requests it would be 1,867
    expect(excessFailures(report([...calm, ...shared], [], exposed(bad, 44_000)))).toBeLessThan(100);
  });

  it('are all failures of a canary beside an incident that stable had before it got much', () => {
    const before = Array.from({ length: 10 }, (_, index) =>
      point(index, {
        stableRequests: 3800,
        canaryRequests: 200,
        stableErrorPercent: 5,
        canaryErrorPercent: 5,
      }),
    );
    const after = Array.from({ length: 10 }, (_, index) =>
      point(10 + index, {
        weightPercent: 50,
        stableRequests: 2000,
        canaryRequests: 2000,
        stableErrorPercent: 0,
        canaryErrorPercent: 2,
      }),
    );
    // 400 at 50 %, where stable had none; by stable's rate over all requests it would be none
    const excess = excessFailures(report([...before, ...after], [], exposed(100 + 400, 22_000))) ?? 0;
    expect(excess).toBeGreaterThan(390);
    expect(excess).toBeLessThan(430);
  });

  it('lean on a share between those of the single weights', () => {
    const strata = fc.array(fc.tuple(fc.integer({ min: 1, max: 5000 }), fc.nat(100), fc.nat(5000)), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(strata, (rows) => {
        const series = rows.map(([stableRequests, stableErrorPercent, canaryRequests], index) =>
          point(index, { weightPercent: 1 + index, stableRequests, stableErrorPercent, canaryRequests }),
        );
        const share = stableErrorShare({ series }) ?? Number.NaN;
        const rates = rows.map(([, percent]) => percent / 100);
        expect(share).toBeGreaterThanOrEqual(Math.min(...rates) - 1e-9);
        expect(share).toBeLessThanOrEqual(Math.max(...rates) + 1e-9);
      }),
    );
  });
});
