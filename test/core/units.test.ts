// Quantities as people write them: what is understood, what is not, and how numbers are shown again.
import { describe, expect, test } from 'vitest';
import {
  formatCount,
  formatDuration,
  formatPercent,
  formatPercentile,
  parseDuration,
  parseLatency,
  parsePercent,
  parsePercentile,
  parseRatio,
} from '../../src/core/units.ts';

describe('a quantity is read with its unit', () => {
  test.each([
    [parsePercent, '5%', 5],
    [parsePercent, '0.1 %', 0.1],
    [parseDuration, '90s', 90],
    [parseDuration, '10m', 600],
    [parseDuration, '1h30m', 5400],
    [parseDuration, '1h 30m', 5400],
    [parseDuration, '1.5m', 90],
    [parseDuration, '2d', 172_800],
    [parseLatency, '500ms', 500],
    [parseLatency, '1.5s', 1500],
    [parseRatio, 'x1.5', 1.5],
    [parsePercentile, 'p95', 0.95],
    [parsePercentile, 'p99.9', 0.999],
  ])('%o reads %s as %d', (parse, text, value) => {
    expect(parse(text)).toBeCloseTo(value, 12);
  });

  test.each([
    [parsePercent, ['5', '%', '-5%', '5%%', '1e2%', 'five%', '']],
    [parseDuration, ['10', '10 minutes', 'm', '-1m', '0.5s', '10m5', '']],
    [parseLatency, ['500', '500m', '-1ms', '']],
    [parseRatio, ['1.5', '1.5x', 'x', 'x-1', '']],
    [parsePercentile, ['95', '95%', 'p', '']],
  ])('%o refuses text without its unit', (parse, texts) => {
    for (const text of texts) expect(parse(text), text).toBeUndefined();
  });
});

describe('a number is shown with its unit', () => {
  test.each([
    [0, '0s'],
    [45, '45s'],
    [600, '10m'],
    [5400, '1h 30m'],
    [90_061, '1d 1h 1m 1s'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  test('percentages keep three significant digits, counts get thousands', () => {
    expect([0.05, 1.4444, 12.345, 100].map(formatPercent)).toEqual(['0.05 %', '1.44 %', '12.3 %', '100 %']);
    expect([0, 999, 2140, 1_234_567].map(formatCount)).toEqual(['0', '999', '2,140', '1,234,567']);
  });
});

test.each(['p50', 'p95', 'p99.9', 'p90.12345678', 'p99.99'])(
  '%s is read and written without rounding',
  (text) => {
    const quantile = parsePercentile(text);
    expect(quantile).toBeDefined();
    expect(formatPercentile(quantile ?? 0)).toBe(text);
  },
);
