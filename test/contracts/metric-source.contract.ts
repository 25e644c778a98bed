// What every metric source promises about the counts of a service with checks of every kind.
import { describe, expect, it } from 'vitest';
import {
  LATENCY_LIMIT,
  LATENCY_PERCENTILE,
  type LatencyBaseline,
  slowMeasures,
  THROTTLES,
} from '../../src/core/judge/measures.ts';
import type { Counts } from '../../src/core/judge/types.ts';
import type { ServiceSpec } from '../../src/core/service-spec.ts';
import type { MetricSource, MetricsQuery } from '../../src/ports.ts';

interface MetricDriver {
  /** Both versions had requests in each of these minutes, and everything that the spec asks for was reported. */
  readonly source: MetricSource;
  readonly fromMs: number;
  readonly minutes: number;
  readonly latency: LatencyBaseline;
}

interface Scene {
  /** A spec with latency, throttles and one custom check of each kind. */
  readonly spec: ServiceSpec;
  readonly drive: (spec: ServiceSpec) => Promise<MetricDriver>;
}

export function metricSourceContract(name: string, { spec, drive }: Scene): void {
  const read = async (checks: Partial<ServiceSpec['checks']> = {}, change: Partial<MetricsQuery> = {}) => {
    const asked = { ...spec, checks: { ...spec.checks, ...checks } };
    const { source, fromMs, minutes, latency } = await drive(asked);
    const query: MetricsQuery = {
      spec: asked,
      target: spec.target,
      targetRoleArn: null,
      latency,
      stable: { version: '1', ref: '1' },
      canary: { version: '2', ref: '2' },
      fromMs,
      toMs: fromMs + minutes * 60_000,
      periodSeconds: 60,
      ...change,
    };
    return { source, query, answer: await source.read(query) };
  };
  /** Whatever was counted, of stable and of the canary. */
  const countsOf = async (...asked: Parameters<typeof read>) => {
    const { answer } = await read(...asked);
    expect(answer.problem).toBeNull();
    const side = (pick: 'stable' | 'canary') => answer.periods.flatMap((period) => period[pick] ?? []);
    expect(side('stable').length).toBeGreaterThan(0);
    return { stable: side('stable'), canary: side('canary') };
  };
  const customOf = (kinds: readonly string[]): string[] =>
    spec.checks.custom.filter(({ kind }) => kinds.includes(kind)).map((check) => check.name);

  describe(`${name} keeps the promises of a metric source`, () => {
    it('answers one entry a period, oldest first, and the same again', async () => {
      const { source, query, answer } = await read();
      const { minutes, fromMs } = await drive(spec);
      expect(answer.periods.map(({ startMs }) => startMs)).toEqual(
        Array.from({ length: minutes }, (_, index) => fromMs + index * 60_000),
      );
      expect(await source.read(query)).toEqual(answer);
    });

    it('counts whole events, never more than trials, never more slow ones at a higher threshold', async () => {
      const { stable, canary } = await countsOf();
      for (const counts of [...stable, ...canary]) {
        expect(Number.isInteger(counts.requests) && Number.isInteger(counts.errors)).toBe(true);
        expect(counts.errors).toBeLessThanOrEqual(counts.requests);
        for (const [trials, events] of Object.values(counts.shares)) {
          expect(Number.isInteger(trials) && Number.isInteger(events)).toBe(true);
          expect(events).toBeGreaterThanOrEqual(0);
          expect(events).toBeLessThanOrEqual(trials);
        }
        const slow = ['latency-p50', 'latency-p90', 'latency-p99'].map(
          (measure) => counts.shares[measure]?.[1],
        );
        expect(slow).toEqual(slow.toSorted((a, b) => Number(b) - Number(a)));
      }
    });

    it('names every measure that the checks ask for', async () => {
      const { stable, canary } = await countsOf();
      const { latency } = await drive(spec);
      const shares = [
        ...slowMeasures(spec.checks.latency, latency).map((measure) => measure.name),
        ...customOf(['rate']),
      ];
      const values = [LATENCY_PERCENTILE, ...customOf(['value', 'gauge'])];
      for (const counts of [...stable, ...canary]) {
        expect(Object.keys(counts.shares).toSorted()).toEqual(shares.toSorted());
        expect(Object.keys(counts.values)).toEqual(expect.arrayContaining(values));
      }
    });

    it('tells throttles beside the canary alone, for they belong to no version', async () => {
      const { stable, canary } = await countsOf();
      const tells = (counts: Counts): boolean => THROTTLES in counts.values;
      expect([stable.some(tells), canary.every(tells)]).toEqual([false, true]);
    });

    it('tells nothing that is not checked', async () => {
      const none = { latency: null, throttlesLimitPercent: null, custom: [] };
      const { stable, canary } = await countsOf(none);
      for (const counts of [...stable, ...canary]) {
        expect(counts).toMatchObject({ shares: {}, values: {}, coldStarts: null });
      }
    });

    it('counts no slow requests but those over a limit that rolls back while the usual latency is not known', async () => {
      const { latency } = spec.checks;
      if (latency === null) throw new TypeError('the contract needs a spec with a latency check');
      const own = { throttlesLimitPercent: null, custom: [] };
      const alert = await countsOf({ ...own, latency: { ...latency, onLimit: 'alert' } }, { latency: null });
      const back = await countsOf(
        { ...own, latency: { ...latency, onLimit: 'rollback' } },
        { latency: null },
      );
      for (const counts of alert.canary) expect(counts.shares).toEqual({});
      for (const counts of back.canary) expect(Object.keys(counts.shares)).toEqual([LATENCY_LIMIT]);
    });

    it('tells the percentiles of stable over the whole time when stable is asked for alone', async () => {
      const { answer } = await read({}, { canary: null, latency: null });
      const { p50Ms, p90Ms, p99Ms } = answer.percentiles ?? { p50Ms: 0, p90Ms: 0, p99Ms: 0 };
      expect(p50Ms).toBeGreaterThan(0);
      expect(p90Ms).toBeGreaterThanOrEqual(p50Ms);
      expect(p99Ms).toBeGreaterThanOrEqual(p90Ms);
      expect(answer.periods.every(({ canary }) => canary === null)).toBe(true);
      expect((await read()).answer.percentiles).toBeNull();
    });
  });
}
