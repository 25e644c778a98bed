import { describe, expect, it } from 'vitest';
import { borderShares, drawCounts } from '../../bench/judge/border/counts.ts';
import { borderRates } from '../../bench/judge/border/rates.ts';
import { rolloutRandom } from '../../bench/judge/traces/random.ts';
import { ERRORS, LATENCY_P50, LATENCY_P90, LATENCY_TAIL } from '../../src/core/judge/measures.ts';
import { judgePolicy } from '../../src/core/judge/policy.ts';
import { specOf } from '../../src/replay/protocol-spec.ts';
import { CONVERSION } from '../../src/replay/rows.ts';
import { START } from './peer-traces.ts';

const LATENCY = { p50Ms: 100, p90Ms: 200, p99Ms: 400, isCounted: true };
const SPEC = specOf({ ...START, history: [{ t: -60, stable: { requests: 9, errors: 0, conversions: 1 } }] });
const POLICY = judgePolicy(SPEC, LATENCY);
const STABLE = {
  [ERRORS]: 0.002,
  [LATENCY_P50]: 0.5,
  [LATENCY_P90]: 0.1,
  [LATENCY_TAIL]: 0.001,
  [CONVERSION]: 0.04,
};

describe('the border', () => {
  it('is where the tests stop to tolerate', () => {
    const all = borderShares(POLICY, STABLE, new Set(['errors', 'latency', CONVERSION]));
    expect(all[ERRORS]).toBeCloseTo(0.003, 12);
    expect(all[CONVERSION]).toBeCloseTo(0.038, 12);
    expect(all[LATENCY_P50]).toBeCloseTo(0.55, 12);
    expect(all[LATENCY_P90]).toBeCloseTo(0.11, 12);
    expect(all[LATENCY_TAIL]).toBeCloseTo(0.003, 12);
  });

  it('is the floor for a service that hardly fails', () => {
    expect(borderShares(POLICY, { [ERRORS]: 0.0001 }, new Set(['errors']))[ERRORS]).toBe(0.001);
  });

  it('leaves what is not asked as stable has it', () => {
    const { [ERRORS]: errors, ...others } = borderShares(POLICY, STABLE, new Set(['errors']));
    expect(errors).toBeGreaterThan(STABLE[ERRORS] ?? 1);
    expect(others).toEqual({ ...STABLE, [ERRORS]: undefined });
  });

  it('draws counts with these shares, and nested thresholds', () => {
    const random = rolloutRandom(4, 'counts', 0);
    const totals: Record<string, number> = {};
    const add = (measure: string, count: number): void => {
      totals[measure] = (totals[measure] ?? 0) + count;
    };
    for (let i = 0; i < 400; i += 1) {
      const counts = drawCounts(random, 5000, STABLE, [LATENCY_P50, LATENCY_P90, LATENCY_TAIL], [CONVERSION]);
      const slow = [LATENCY_P50, LATENCY_P90, LATENCY_TAIL].map(
        (measure) => counts.shares[measure]?.[1] ?? 0,
      );
      expect(slow).toEqual(slow.toSorted((a, b) => b - a));
      add('requests', counts.requests);
      add(ERRORS, counts.errors);
      for (const [measure, [, events]] of Object.entries(counts.shares)) add(measure, events);
    }
    const requests = totals['requests'] ?? 0;
    expect(Math.abs(requests - 2_000_000)).toBeLessThan(5 * Math.sqrt(2_000_000));
    for (const [measure, share] of Object.entries(STABLE)) {
      const sd = Math.sqrt(requests * share * (1 - share));
      expect(Math.abs((totals[measure] ?? 0) - requests * share), measure).toBeLessThan(5 * sd);
    }
  });
});

describe('the rates on the border', () => {
  it('are the same for the same seed, and keep to the level', () => {
    const rates = borderRates(7, 0.005);
    expect(borderRates(7, 0.005)).toEqual(rates);
    expect(rates).toHaveLength(4);
    for (const { reached } of rates) {
      expect(reached.normal.of).toBe(50);
      expect(reached.normal.count).toBeLessThanOrEqual(reached.high.count);
      // 2.5 of 50 are allowed; eight would be one in a hundred by chance
      expect(reached.high.count).toBeLessThan(8);
    }
  });
});
