// The first words of a report: what happened, and the three numbers.
import { describe, expect, it } from 'vitest';
import type { RolloutReport } from '../../src/core/report.ts';
import { cellsOf } from '../../src/core/report-cells.ts';
import { excessBadRequests, factsOf, headlineOf, keyNumbersOf } from '../../src/core/report-summary.ts';
import { OUTCOMES } from '../../src/core/rollout.ts';
import { SAMPLE_REPORT } from '../report/sample-report.ts';

function shown(report: RolloutReport): readonly string[] {
  return keyNumbersOf(report).map(({ label, value }) => `${label}: ${value}`);
}

const UNDETECTED = { ...SAMPLE_REPORT, outcome: 'PROMOTED', detectedAt: null, safeAt: null } as const;

describe('headlineOf', () => {
  it('has different words for every outcome and for a running rollout', () => {
    const words = [...OUTCOMES, null].map((outcome) => headlineOf({ ...SAMPLE_REPORT, outcome }).what);
    expect(new Set(words).size).toBe(OUTCOMES.length + 1);
    expect(
      headlineOf({ ...SAMPLE_REPORT, outcome: 'ROLLBACK_INCOMPLETE', finalWeightPercent: 25 }).what,
    ).toBe('Rollback incomplete: 25 % may still reach version 42');
  });
});

describe('keyNumbersOf', () => {
  it('measures detection from the first canary traffic and safety from detection', () => {
    expect(shown(SAMPLE_REPORT)).toEqual([
      'Time to detect: 24m 30s',
      'Time to safe: 5s',
      'Excess failures: 210',
    ]);
  });

  it('says when safety was not confirmed instead of leaving it out', () => {
    expect(shown({ ...SAMPLE_REPORT, safeAt: null })[1]).toBe('Time to safe: not confirmed');
  });

  it('shows duration and requests where nothing was detected', () => {
    expect(shown(UNDETECTED).slice(0, 2)).toEqual(['Duration: 24m 38s', 'Canary requests: 15,310']);
    expect(shown({ ...UNDETECTED, outcome: null, endedAt: null })[0]).toBe('Running for: 24m 38s');
  });

  it('tells no excess from an unknown one', () => {
    const without = { ...UNDETECTED, series: [] };
    expect(shown(without)[2]).toBe('Excess failures: unknown');
    const exposure = { canaryRequests: 0, badRequests: 0 };
    expect(shown({ ...without, exposure })[2]).toBe('Excess failures: 0');
  });
});

describe('excessBadRequests', () => {
  const point = {
    at: SAMPLE_REPORT.startedAt,
    weightPercent: 5,
    canaryRequests: 500,
    canaryErrorPercent: null,
  };

  it('subtracts what the average rate of stable would have given, and is never negative', () => {
    const series = [
      { ...point, stableRequests: 9900, stableErrorPercent: 1 },
      { ...point, stableRequests: 100, stableErrorPercent: 1 },
      { ...point, stableRequests: null, stableErrorPercent: 50 },
    ];
    const exposed = (badRequests: number) => ({ canaryRequests: 500, badRequests });
    expect(excessBadRequests({ ...SAMPLE_REPORT, series, exposure: exposed(30) })).toBe(25);
    expect(excessBadRequests({ ...SAMPLE_REPORT, series, exposure: exposed(3) })).toBe(0);
  });

  it('is not led astray by the minutes in which stable had hardly any traffic', () => {
    const series = [
      { ...point, stableRequests: 10_000, stableErrorPercent: 0.1 },
      { ...point, stableRequests: 20, stableErrorPercent: 0 },
    ];
    const exposure = { canaryRequests: 10_000, badRequests: 10 };
    expect(excessBadRequests({ ...SAMPLE_REPORT, series, exposure })).toBe(0);
  });
});

it('factsOf names detection, safety and exposure in one line', () => {
  expect(factsOf(SAMPLE_REPORT)).toBe(
    'detected 21/11/2026 14:09:33 GMT · traffic safe 5s later, verified · 15,310 canary requests, 268 bad',
  );
  expect(factsOf(UNDETECTED)).toBe('15,310 canary requests, 268 bad');
});

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
      variance,
      sample: '–',
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
