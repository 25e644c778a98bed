// Counts of any size and any shape, as metric sources may give them: for properties of the judge.
import * as fc from 'fast-check';
import {
  LATENCY_LIMIT,
  LATENCY_P50,
  LATENCY_P90,
  LATENCY_P99,
  LATENCY_PERCENTILE,
  LATENCY_TAIL,
  THROTTLES,
} from '../../../src/core/judge/measures.ts';
import type { Counts, Period } from '../../../src/core/judge/types.ts';
import { MINUTE_MS, START_MS } from './simulated-rollout.ts';
import { CONVERSION, CPU, RENDERING } from './specs.ts';

const SHARES = [LATENCY_P50, LATENCY_P90, LATENCY_P99, LATENCY_TAIL, LATENCY_LIMIT, CONVERSION.name];
const VALUES = [LATENCY_PERCENTILE, THROTTLES, CPU.name, RENDERING.name];

/** Each key there or not. */
function someOf<T>(names: readonly string[], arbitrary: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> {
  return fc.uniqueArray(fc.constantFrom(...names)).chain((there) => {
    const values = fc.array(arbitrary, { minLength: there.length, maxLength: there.length });
    return fc
      .tuple(fc.constant(there), values)
      .map(([keys, all]) => Object.fromEntries(all.map((value, i) => [keys[i] ?? '', value])));
  });
}

const huge = fc.oneof(fc.nat(1_000_000_000), fc.nat(100));

/** Nothing about them has to make sense: events beyond trials, measures without requests, negative gauges. */
export const anyCounts: fc.Arbitrary<Counts> = fc.record({
  requests: huge,
  errors: huge,
  shares: someOf(SHARES, fc.tuple(huge, huge)),
  values: someOf(VALUES, fc.double({ min: -1e9, max: 1e9, noNaN: true })),
  coldStarts: fc.option(huge),
});

/** Few failures, and every measure there. */
function countsUpTo(most: number): fc.Arbitrary<Counts> {
  const drawn = fc.record({
    requests: fc.integer({ min: 1, max: most }),
    errors: fc.nat(20),
    slow: fc.tuple(fc.nat(1000), fc.nat(1000), fc.nat(1000), fc.nat(1000)),
    limit: fc.nat(1000),
    conversion: fc.integer({ min: 20, max: 60 }),
    rendering: fc.integer({ min: 80, max: 140 }),
    cpu: fc.integer({ min: 30, max: 70 }),
    coldStarts: fc.option(fc.nat(30)),
  });
  return drawn.map(({ requests, errors, slow, limit, conversion, rendering, cpu, coldStarts }) => {
    const part = (perMille: number, of: number): readonly [number, number] => [
      requests,
      Math.round((requests * perMille * of) / 1000),
    ];
    const shares = {
      [LATENCY_P50]: part(slow[0], 1),
      [LATENCY_P90]: part(slow[1], 0.2),
      [LATENCY_P99]: part(slow[2], 0.02),
      [LATENCY_TAIL]: part(slow[3], 0.01),
      [LATENCY_LIMIT]: part(limit, 0.1),
      [CONVERSION.name]: part(conversion, 1),
    };
    const values = { [LATENCY_PERCENTILE]: 2 * rendering, [CPU.name]: cpu, [RENDERING.name]: rendering };
    return { requests, errors: Math.min(requests, errors), shares, values, coldStarts };
  });
}

/** A service as most are: some thousand requests a period. */
export const usualCounts = countsUpTo(9000);

/** So few requests that no period can cost a hundred of them. */
export const cheapCounts = countsUpTo(99);

const PLANNED_WEIGHTS = [0, 0.05, 1, 25, 50, 95, 100];

/** Successive minutes of both versions, in which either may be missing and the weight may go up and down. */
export function periodsOf(
  counts: fc.Arbitrary<Counts>,
  options: { readonly minLength?: number; readonly weights?: readonly number[] } = {},
): fc.Arbitrary<readonly Period[]> {
  const { minLength = 0, weights = PLANNED_WEIGHTS } = options;
  const side = fc.option(counts, { freq: 8 });
  const weight = fc.constantFrom(...weights);
  const row = fc.record(
    { stable: side, canary: side, weightPercent: weight, endWeightPercent: weight },
    { requiredKeys: ['stable', 'canary', 'weightPercent'] },
  );
  return fc
    .array(row, { minLength, maxLength: 30 })
    .map((rows) => rows.map((own, i) => ({ ...own, startMs: START_MS + i * MINUTE_MS, seconds: 60 })));
}
