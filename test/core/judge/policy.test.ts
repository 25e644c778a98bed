// From a service's checks to streams: weights that sum to 1, what is left out, how sure the judge has to be.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type JudgePolicy, judgePolicy } from '../../../src/core/judge/policy.ts';
import type { CustomCheck } from '../../../src/core/service-spec.ts';
import { counts } from '../../support/rollout-fixtures.ts';
import { minutes, verdictOn } from './judging.ts';
import { BASELINE, CONVERSION, CPU, RENDERING, specWith, WHOLE_SPEC } from './specs.ts';

const UNCOUNTED = { ...BASELINE, isCounted: false };

function names({ streams }: JudgePolicy): readonly string[] {
  return streams.map(({ name }) => name);
}

describe('the weights', () => {
  test('sum to 1 for any mix of checks, and a team’s own take at most 0.3', () => {
    const custom = fc
      .array(fc.constantFrom<CustomCheck>(CONVERSION, CPU, RENDERING), { maxLength: 8 })
      .map((checks) => checks.map((check, i) => ({ ...check, name: `${check.name}-${i}` })));
    const latency = fc.constantFrom(undefined, {}, { onLimit: 'rollback' } as const);
    const property = fc.property(
      custom,
      latency,
      fc.constantFrom(BASELINE, UNCOUNTED, null),
      (own, check, baseline) => {
        const { streams } = judgePolicy(
          specWith({ custom: own, ...(check && { latency: check }) }),
          baseline,
        );
        const sum = (all: typeof streams): number => all.reduce((total, { weight }) => total + weight, 0);
        expect(sum(streams)).toBeCloseTo(1, 12);
        expect(
          sum(streams.filter((stream) => own.some(({ name }) => name === stream.name))),
        ).toBeLessThanOrEqual(0.3 + 1e-12);
        expect(Math.min(...streams.map(({ weight }) => weight))).toBeGreaterThan(0.02);
        expect(new Set(streams.map(({ name }) => name)).size).toBe(streams.length);
      },
    );
    fc.assert(property, { numRuns: 100, seed: 9 });
  });

  test('of what is not judged are shared out among the rest, in proportion', () => {
    const [whole, errorsAlone] = [WHOLE_SPEC, specWith()].map((spec) => judgePolicy(spec, BASELINE).streams);
    const ratio = (streams = whole, [a, b] = ['errors', 'errors-limit']): number => {
      const weightOf = (name = ''): number => streams?.find((one) => one.name === name)?.weight ?? Number.NaN;
      return weightOf(a) / weightOf(b);
    };
    expect(ratio(errorsAlone)).toBeCloseTo(ratio(whole), 12);
    expect(errorsAlone?.[0]?.weight).toBeGreaterThan(whole?.[0]?.weight ?? 1);
  });
});

describe('the streams', () => {
  test.each([
    { what: 'a counted baseline', baseline: BASELINE, latency: {}, gives: ['p50', 'p90', 'p99', 'tail'] },
    { what: 'percentiles only', baseline: UNCOUNTED, latency: {}, gives: ['percentile'] },
    {
      what: 'percentiles only, a limit too',
      baseline: UNCOUNTED,
      latency: { onLimit: 'rollback' },
      gives: ['percentile'],
    },
    { what: 'no baseline', baseline: null, latency: {}, gives: ['percentile'] },
    {
      what: 'a counted baseline and a limit that rolls back',
      baseline: BASELINE,
      latency: { onLimit: 'rollback' },
      gives: ['p50', 'p90', 'p99', 'tail', 'beside-limit', 'limit'],
    },
    {
      what: 'a limit alone',
      baseline: null,
      latency: { onLimit: 'rollback' },
      gives: ['percentile', 'beside-limit', 'limit'],
    },
  ] as const)('of latency with $what are $gives', ({ baseline, latency, gives }) => {
    const policy = judgePolicy(specWith({ latency }), baseline);
    const own = names(policy).filter((name) => name.startsWith('latency-'));
    expect(own).toEqual(gives.map((name) => `latency-${name}`));
  });

  test('that others lean on come before them', () => {
    for (const baseline of [BASELINE, UNCOUNTED, null]) {
      const policy = judgePolicy(specWith({ latency: { onLimit: 'rollback' } }), baseline);
      for (const [i, stream] of policy.streams.entries()) {
        if (stream.kind !== 'limit') continue;
        const witness = names(policy).indexOf(stream.witness.stream);
        expect(witness).toBeGreaterThanOrEqual(0);
        expect(witness).toBeLessThan(i);
      }
    }
  });

  test('do not include gauges, which are watched', () => {
    const policy = judgePolicy(WHOLE_SPEC, BASELINE);
    expect(names(policy)).not.toContain('cpu');
    expect(policy.gauges.map(({ check }) => check)).toEqual(['cpu', 'throttles']);
  });
});

describe('the sensitivity', () => {
  test('high rolls back at a chance of 5 % instead of 1 %', () => {
    // evidence between 20 and 100
    const window = minutes(2, () => ({ canary: counts(300, 3) }));
    const verdict = (sensitivity: 'normal' | 'high') =>
      verdictOn(window, { policy: judgePolicy(specWith({ sensitivity }), null) });
    expect(verdict('normal').kind).toBe('hold');
    expect(verdict('high').kind).toBe('rollback');
    expect(verdict('high').reason.sentence).toContain('less than 1 in 20 chance');
  });
});
