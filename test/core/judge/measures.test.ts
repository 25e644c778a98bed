// At which thresholds slow requests of each side are counted.
import { describe, expect, test } from 'vitest';
import { percentileName, slowMeasures } from '../../../src/core/judge/measures.ts';
import { BASELINE, LATENCY } from './specs.ts';

describe('the thresholds of slow requests', () => {
  test('are stable’s usual percentiles, and for the canary a quarter higher, so in the far tail', () => {
    expect(slowMeasures(LATENCY, BASELINE)).toEqual([
      { name: 'latency-p50', stableMs: 80, canaryMs: 100 },
      { name: 'latency-p90', stableMs: 139, canaryMs: 173.75 },
      { name: 'latency-p99', stableMs: 252, canaryMs: 315 },
      { name: 'latency-tail', stableMs: 756, canaryMs: 945 },
    ]);
  });

  test('include the limit, the same for both, where it rolls back', () => {
    const limit = { name: 'latency-limit', stableMs: 500, canaryMs: 500 };
    const check = { ...LATENCY, onLimit: 'rollback' } as const;
    expect(slowMeasures(check, BASELINE).at(-1)).toEqual(limit);
    expect(slowMeasures(check, null)).toEqual([limit]);
    expect(slowMeasures(check, { ...BASELINE, isCounted: false })).toEqual([limit]);
  });

  test('are none where latency is not judged, or nothing is known of it', () => {
    expect(slowMeasures(null, BASELINE)).toEqual([]);
    expect(slowMeasures(LATENCY, null)).toEqual([]);
  });
});

test.each([
  [0.5, 'p50'],
  [0.95, 'p95'],
  [0.999, 'p99.9'],
])('the quantile %d is called %s', (quantile, name) => {
  expect(percentileName(quantile)).toBe(name);
});
