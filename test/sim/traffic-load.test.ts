import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../src/core/errors.ts';
import { parseLoadSeries } from '../../src/sim/load-series.ts';
import { constantLoad, diurnalLoad, seriesLoad } from '../../src/sim/traffic-load.ts';

const HOUR_MS = 3_600_000;
const CSV = 'timestamp,value\n2014-04-10 00:00:00,10\n2014-04-10 00:05:00,30\n2014-04-10 00:10:00,20\n';
const START_MS = Date.parse('2026-11-21T09:00:00Z');

describe('load', () => {
  it('that is constant is the same at every instant', () => {
    expect(constantLoad(60)(0)).toBe(constantLoad(60)(START_MS));
  });

  it('over the day peaks at its hour and is lowest twelve hours later', () => {
    const load = diurnalLoad({ meanPerMinute: 100, peakHour: 14, swingRatio: 0.6 });
    expect(load(14 * HOUR_MS)).toBeCloseTo(160);
    expect(load(2 * HOUR_MS)).toBeCloseTo(40);
  });

  it('along a series is linear between samples and scaled to its mean', () => {
    const samples = parseLoadSeries(CSV, 'load.csv');
    const load = seriesLoad({ samples, meanPerMinute: 200, offsetMs: 0, startMs: START_MS });
    expect(load(START_MS)).toBeCloseTo(100);
    expect(load(START_MS + 150_000)).toBeCloseTo(200);
    expect(load(START_MS + 300_000)).toBeCloseTo(300);
  });

  it('along a series starts at the offset, and again at the beginning after the end', () => {
    const samples = parseLoadSeries(CSV, 'load.csv');
    const load = seriesLoad({ samples, meanPerMinute: 200, offsetMs: 300_000, startMs: START_MS });
    expect(load(START_MS)).toBeCloseTo(300);
    expect(load(START_MS + 300_000)).toBeCloseTo(100);
    expect(load(START_MS - 300_000)).toBeCloseTo(100);
  });
});

describe('a load series', () => {
  it.each([
    ['a line that is no sample', 'timestamp,value\n2014-04-10 00:00:00,10\nnoon,5\n', 'load.csv:3:1'],
    ['a negative rate', '2014-04-10 00:00:00,-1\n', 'load.csv:1:1'],
    ['times that do not rise', '2014-04-10 00:05:00,1\n2014-04-10 00:00:00,1\n', 'load.csv:2:1'],
    ['an impossible date', '2014-13-10 00:05:00,1\n', 'load.csv:1:1'],
    ['no load at all', '2014-04-10 00:00:00,0\n2014-04-10 00:05:00,0\n', 'load.csv'],
  ])('is refused with its place for %s', (_what, text, where) => {
    expect(() => parseLoadSeries(text, 'load.csv')).toThrow(InvalidInputError);
    try {
      parseLoadSeries(text, 'load.csv');
    } catch (error) {
      expect((error as InvalidInputError).problems[0]?.where).toBe(where);
    }
  });
});
