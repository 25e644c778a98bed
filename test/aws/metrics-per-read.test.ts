// How many metrics a tick asks for: the plan promises a number, the adapter asks for no more than that.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { metricsPerRead } from '../../src/aws/cloudwatch-metric-source.ts';
import { metricsPerTick } from '../../src/core/plan-usage.ts';
import type { CustomCheck, SeriesSpec, ServiceSpec } from '../../src/core/service-spec.ts';
import { albAccess } from '../contracts/alb-driver.ts';
import { BASELINE, LATENCY, metricsQuery, PLAIN, sourceWith, withChecks } from './recorded-metrics.ts';

const HTTP_5XX = { namespace: 'Stepshift', name: 'Http5xx' };
const COLD_STARTS = { namespace: 'Stepshift', name: 'ColdStart' };

function gauge(name: string, metric: CustomCheck['metric']): CustomCheck {
  return { kind: 'gauge', name, metric, limit: null, onLimit: 'hold' };
}

function rate(name: string, metric: CustomCheck['metric'], per: CustomCheck['metric'] | null): CustomCheck {
  return { kind: 'rate', name, metric, per, better: 'higher', toleranceRatio: 0.9, lagSeconds: 120 };
}

describe('the metrics of a tick', () => {
  const onAlb = (spec: ServiceSpec): ServiceSpec => ({ ...spec, target: albAccess().target });
  const usual = withChecks({ latency: LATENCY, throttlesLimitPercent: 1 });

  it.each([
    ['errors of an alias', PLAIN, 4],
    ['an alias as it is judged unless told otherwise', usual, 15],
    [
      'an alias over HTTP, cold starts counted',
      withChecks({
        ...usual.checks,
        errors: { ...PLAIN.checks.errors, http5xx: HTTP_5XX },
        latency: { ...LATENCY, coldStarts: COLD_STARTS },
      }),
      19,
    ],
    [
      'an alias whose latency limit rolls back',
      withChecks({ latency: { ...LATENCY, onLimit: 'rollback' } }),
      16,
    ],
    ['errors of a load balancer', onAlb(PLAIN), 12],
    ['a load balancer as it is judged unless told otherwise', onAlb(withChecks({ latency: LATENCY })), 22],
  ])('%s: %#', (_name, spec, count) => {
    expect(metricsPerRead(spec, BASELINE)).toBe(count);
    expect(metricsPerTick(spec)).toBe(count);
  });

  it('are fewer where slow requests cannot be counted', () => {
    expect(metricsPerRead(usual, { ...BASELINE, isCounted: false })).toBe(7);
  });

  it('are as many as the plan says, whatever a service file asks for', () => {
    const dimensionValue = fc.constantFrom('{version}', '{function}', 'a-{version}', 'shop');
    const series: fc.Arbitrary<SeriesSpec> = fc.record({
      namespace: fc.constantFrom('Shop', 'Site'),
      name: fc.constantFrom('Orders', 'Visits', 'CPU'),
      stat: fc.constantFrom('Sum', 'p90'),
      dimensions: fc.dictionary(fc.constantFrom('A', 'B'), dimensionValue),
    });
    const source = fc.oneof(
      series,
      fc
        .dictionary(fc.constantFrom('m1', 'm2', 'm3'), series)
        .map((all) => ({ expression: 'm1', series: all })),
    );
    const named = fc.oneof(
      source.map((metric) => (name: string) => gauge(name, metric)),
      fc.tuple(source, fc.option(source)).map(
        ([metric, per]) =>
          (name: string) =>
            rate(name, metric, per),
      ),
    );
    const checks = fc.record({
      latency: fc.option(
        fc.record({
          onLimit: fc.constantFrom<'alert' | 'rollback'>('alert', 'rollback'),
          coldStarts: fc.option(fc.constant(COLD_STARTS)),
        }),
      ),
      http5xx: fc.option(fc.constant(HTTP_5XX)),
      throttles: fc.option(fc.constant(1)),
      custom: fc.array(named, { maxLength: 8 }),
    });
    fc.assert(
      fc.property(checks, ({ latency, http5xx, throttles, custom }) => {
        const spec = withChecks({
          errors: { ...PLAIN.checks.errors, http5xx },
          latency: latency === null ? null : { ...LATENCY, ...latency },
          throttlesLimitPercent: throttles,
          custom: custom.map((check, index) => check(`check-${index}`)),
        });
        expect(metricsPerRead(spec, BASELINE)).toBe(metricsPerTick(spec));
      }),
    );
  });

  it.each([
    ['errors of an alias', PLAIN],
    ['an alias', usual],
    ['a load balancer', onAlb(usual)],
  ])('are more than a look at stable alone asks for: %s', async (_name, spec) => {
    const { source, asked } = sourceWith({});
    await source.read(metricsQuery({ spec, latency: BASELINE, canary: null }));
    const metrics = asked[0]?.MetricDataQueries ?? [];
    expect(metrics.length).toBeGreaterThan(0);
    expect(metrics.length).toBeLessThan(metricsPerTick(spec));
  });

  it('are fewer than planned where a custom check reads what is read anyway', () => {
    const errors = {
      namespace: 'AWS/Lambda',
      name: 'Errors',
      stat: 'Sum',
      dimensions: {
        FunctionName: '{function}',
        Resource: '{function}:{alias}',
        ExecutedVersion: '{version}',
      },
    };
    const spec = withChecks({ custom: [gauge('errors-again', errors)] });
    expect(metricsPerRead(spec, BASELINE)).toBe(4);
    expect(metricsPerTick(spec)).toBe(6);
  });
});
