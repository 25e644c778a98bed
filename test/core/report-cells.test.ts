// The cells of the side-by-side table, and of every check at every stage.
import { describe, expect, it } from 'vitest';
import type { StageCourse } from '../../src/core/report.ts';
import { cellsOf, formatInterval, stageRows } from '../../src/core/report-cells.ts';
import type { CheckReading } from '../../src/core/verdict.ts';
import { SAMPLE_REPORT } from '../report/sample-report.ts';

describe('cellsOf', () => {
  const reading = {
    check: 'latency',
    label: 'p95',
    unit: 'ms',
    stable: 205,
    canary: 1212,
    limit: 1500,
    better: 'lower',
    evidence: 1,
    streams: {},
    interval: null,
    stillNeeded: null,
  } as const;

  it.each([
    [491.2, '+490 %'],
    [-8.31, '-8.3 %'],
    [1100, 'x12'],
    [0, '0 %'],
    [null, '–'],
  ])('shows a variance of %j as %s', (variancePercent, variance) => {
    const cells = cellsOf({ ...reading, variancePercent, sample: null, action: 'investigate' });
    expect(cells).toEqual({
      metric: 'p95',
      stable: '205 ms',
      canary: '1,212 ms',
      allowed: '≤ 1,500 ms',
      interval: '–',
      variance,
      sample: '–',
      needed: '–',
      action: 'investigate',
    });
  });

  it('says of a rate of which more is better that it may be no less', () => {
    const rate = { ...reading, unit: '%', limit: 3.04, better: 'higher', variancePercent: null } as const;
    expect(cellsOf({ ...rate, sample: null, action: 'cannot tell yet' })).toMatchObject({
      allowed: '≥ 3.04 %',
      action: 'cannot tell yet',
    });
  });
});

describe('formatInterval', () => {
  it.each<[[number, number] | null, string, string]>([
    [[0.25, 0.65], '%', '0.25–0.65 %'],
    [[0, 12.3], 'percent', '0–12.3 %'],
    [[208, 1221], 'ms', '208–1,221 ms'],
    [[1.5, 2], '', '1.5–2'],
    [null, 'ms', '–'],
    [[Number.NaN, 2], 'ms', '–'],
  ])('shows %j of %j as %s', (interval, unit, text) => {
    expect(formatInterval(interval, unit)).toBe(text);
  });

  it('is a cell beside what is still needed', () => {
    const [errors] = SAMPLE_REPORT.checks as unknown as [CheckReading];
    expect(cellsOf({ ...errors, interval: [3.5, 6.4], stillNeeded: 1290 })).toMatchObject({
      interval: '3.5–6.4 %',
      needed: 'about 1,290 more',
    });
  });
});

describe('stageRows', () => {
  const [errors, latency, alarms] = SAMPLE_REPORT.checks as unknown as [
    CheckReading,
    CheckReading,
    CheckReading,
  ];
  const stage = (index: number, change: Partial<StageCourse>): StageCourse => ({
    index,
    weightPercent: 5,
    bakeSeconds: 600,
    approval: false,
    enteredAt: SAMPLE_REPORT.startedAt,
    leftAt: null,
    observed: null,
    verdict: null,
    sentence: null,
    checks: [],
    ...change,
  });
  const unknown = { ...alarms, label: 'alarms firing (1 unknown)' };
  const course = [
    stage(0, { checks: [latency, errors, alarms] }),
    stage(1, { checks: [errors, unknown] }),
    stage(2, { enteredAt: null }),
  ];
  const checkCourses = [errors, latency, alarms].map(({ check, label, unit, better }) => ({
    check,
    label,
    unit,
    better,
    points: [],
  }));

  it('has a cell for every check at every planned stage, and says why one is empty', () => {
    const rows = stageRows({ ...SAMPLE_REPORT, course, checkCourses });
    expect(rows.map(({ label }) => label)).toEqual([errors.label, latency.label, unknown.label]);
    expect(rows.map(({ stages }) => stages.map(({ cells, none }) => cells?.action ?? none))).toEqual([
      ['consider rollback', 'consider rollback', 'not reached'],
      ['acceptable', 'not judged', 'not reached'],
      ['investigate', 'investigate', 'not reached'],
    ]);
  });

  it('is empty where nothing was judged', () => {
    expect(stageRows({ ...SAMPLE_REPORT, checkCourses: [] })).toEqual([]);
  });
});
