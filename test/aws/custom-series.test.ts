// Checks that a team defines for itself: what is asked for each version, what is asked once, and what is counted.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CustomCheck, SeriesSpec, ServiceSpec } from '../../src/core/service-spec.ts';
import { albAccess, BLUE, GREEN } from '../contracts/alb-driver.ts';
import { ALIAS, metricsQuery, shortForm, sourceWith, withChecks } from './recorded-metrics.ts';

function shop(name: string, more: Partial<SeriesSpec> = {}): SeriesSpec {
  return {
    namespace: 'Shop',
    name,
    stat: 'Sum',
    dimensions: { FunctionName: '{function}', Version: '{version}' },
    ...more,
  };
}

function rate(change: Partial<Extract<CustomCheck, { kind: 'rate' }>> = {}): CustomCheck {
  return {
    kind: 'rate',
    name: 'conversion',
    metric: shop('Orders'),
    per: null,
    better: 'higher',
    toleranceRatio: 0.95,
    lagSeconds: 120,
    ...change,
  };
}

function gauge(name: string, metric: CustomCheck['metric']): CustomCheck {
  return { kind: 'gauge', name, metric, limit: null, onLimit: 'hold' };
}

async function askedFor(custom: readonly CustomCheck[], change: Parameters<typeof metricsQuery>[0] = {}) {
  const { source, asked } = sourceWith({});
  const { target } = change;
  const spec: ServiceSpec = {
    ...withChecks({ custom: [...custom] }),
    ...(target === undefined ? {} : { target }),
  };
  const { problem } = await source.read(metricsQuery({ ...change, spec }));
  expect(problem).toBeNull();
  return Object.fromEntries(Object.entries(shortForm(asked[0])).filter(([id]) => /_(custom|per)_/.test(id)));
}

async function countsOf(custom: readonly CustomCheck[], values: Parameters<typeof sourceWith>[0]) {
  const { source } = sourceWith(values);
  const { periods } = await source.read(metricsQuery({ spec: withChecks({ custom: [...custom] }) }));
  return periods;
}

describe('the series of a custom check', () => {
  it('are filled for each side', async () => {
    expect(await askedFor([rate({ per: shop('Checkouts') })])).toEqual({
      stable_custom_conversion: 'Orders Sum FunctionName=checkout-api Version=41',
      stable_per_conversion: 'Checkouts Sum FunctionName=checkout-api Version=41',
      canary_custom_conversion: 'Orders Sum FunctionName=checkout-api Version=42',
      canary_per_conversion: 'Checkouts Sum FunctionName=checkout-api Version=42',
    });
  });

  it('take the alias within a value, and leave braces alone that name nothing here', async () => {
    const dimensions = { Resource: '{function}:{alias}', Pool: '{constructor} {targetGroup}' };
    expect(await askedFor([gauge('pool', shop('Used', { stat: 'Average', dimensions }))])).toEqual({
      stable_custom_pool: 'Used Average Resource=checkout-api:live Pool={constructor} {targetGroup}',
    });
  });

  it('name version and target group on a load balancer', async () => {
    const dimensions = { Release: 'v{version}', TargetGroup: '{targetGroup}' };
    const asked = await askedFor([rate({ metric: shop('Orders', { dimensions }) })], {
      ...albAccess(),
      stable: { version: '41', ref: BLUE },
      canary: { version: '42', ref: GREEN },
    });
    expect(asked).toEqual({
      stable_custom_conversion: 'Orders Sum Release=v41 TargetGroup=targetgroup/shop-blue/73e2d6bc24d8a067',
      canary_custom_conversion: 'Orders Sum Release=v42 TargetGroup=targetgroup/shop-green/09966783158cda59',
    });
  });

  it('are asked once where both sides share them, and both get the value', async () => {
    const cpu = gauge('cpu', shop('CPU', { stat: 'Average', dimensions: { Cluster: 'shop' } }));
    expect(await askedFor([cpu])).toEqual({ stable_custom_cpu: 'CPU Average Cluster=shop' });
    const [period] = await countsOf([cpu], {
      stable_invocations: [100],
      canary_invocations: [10],
      stable_custom_cpu: [45.5],
    });
    expect([period?.stable?.values, period?.canary?.values]).toEqual([{ cpu: 45.5 }, { cpu: 45.5 }]);
  });
});

describe('metric math', () => {
  const ratio = (expression: string): CustomCheck['metric'] => ({
    expression,
    series: { m1: shop('Orders'), m2: shop('Visits') },
  });

  it('is renamed for each side; its series are asked for and not returned', async () => {
    expect(await askedFor([gauge('orders', ratio('100 * m1 / m2'))])).toEqual({
      stable_custom_orders_IN_m1: 'Orders Sum FunctionName=checkout-api Version=41 (hidden)',
      stable_custom_orders_IN_m2: 'Visits Sum FunctionName=checkout-api Version=41 (hidden)',
      stable_custom_orders: '100 * stable_custom_orders_IN_m1 / stable_custom_orders_IN_m2',
      canary_custom_orders_IN_m1: 'Orders Sum FunctionName=checkout-api Version=42 (hidden)',
      canary_custom_orders_IN_m2: 'Visits Sum FunctionName=checkout-api Version=42 (hidden)',
      canary_custom_orders: '100 * canary_custom_orders_IN_m1 / canary_custom_orders_IN_m2',
    });
  });

  it.each([
    ['whole words only', 'm1 + m11 + xm1 + m1_', 'M + m11 + xm1 + m1_'],
    ['nothing inside texts', 'm1 + IF(m1 > 0, "m1", \'m1\')', 'M + IF(M > 0, "m1", \'m1\')'],
    ['no part of a number', '2m1 + 1e3 - m1', '2m1 + 1e3 - M'],
    ['next to brackets and signs', 'FILL(m1,0)-[m1,-m1]*(m1)', 'FILL(M,0)-[M,-M]*(M)'],
  ])('renames %s', async (_case, expression, renamed) => {
    const metric = { expression, series: { m1: shop('Orders') } };
    const asked = await askedFor([gauge('orders', metric)]);
    expect(asked['canary_custom_orders']).toBe(renamed.replaceAll('M', 'canary_custom_orders_IN_m1'));
  });

  it('shares a series with whatever else asks for it, which stays visible', async () => {
    const dimensions = {
      ExecutedVersion: '{version}',
      FunctionName: '{function}',
      Resource: '{function}:{alias}',
    };
    const invocations = shop('Invocations', { namespace: 'AWS/Lambda', dimensions });
    const metric = { expression: 'm1 / i', series: { m1: shop('Orders'), i: invocations } };
    const { source, asked } = sourceWith({});
    const custom = [gauge('orders', metric), rate()];
    await source.read(metricsQuery({ spec: withChecks({ custom }) }));
    expect(shortForm(asked[0])).toMatchObject({
      canary_invocations: `Invocations Sum ${ALIAS} ExecutedVersion=42`,
      // the rate wants the very same series, and wants it returned
      canary_custom_orders_IN_m1: 'Orders Sum FunctionName=checkout-api Version=42',
      canary_custom_orders: 'canary_custom_orders_IN_m1 / canary_invocations',
    });
    expect(Object.keys(shortForm(asked[0])).filter((id) => id.startsWith('canary'))).toEqual([
      'canary_invocations',
      'canary_errors',
      'canary_custom_orders_IN_m1',
      'canary_custom_orders',
    ]);
  });

  it('over what both sides share is asked once', async () => {
    const dimensions = { Cluster: 'shop' };
    const metric = {
      expression: 'used / all',
      series: { used: shop('Used', { dimensions }), all: shop('All', { dimensions }) },
    };
    const asked = await askedFor([gauge('pool', metric)]);
    expect(Object.keys(asked)).toEqual([
      'stable_custom_pool_IN_used',
      'stable_custom_pool_IN_all',
      'stable_custom_pool',
    ]);
  });

  it('keeps ids valid and apart, whatever checks and series are called', async () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,39}$/);
    const id = fc.stringMatching(/^[a-z][A-Za-z0-9_]{0,20}$/);
    const math = fc.tuple(fc.uniqueArray(id, { minLength: 1, maxLength: 3 }), fc.boolean());
    const checks = fc.uniqueArray(fc.tuple(name, math), { maxLength: 8, selector: ([key]) => key });
    await fc.assert(
      fc.asyncProperty(checks, async (written) => {
        const custom = written.map(([check, [ids, isRate]], index): CustomCheck => {
          const series = Object.fromEntries(ids.map((one) => [one, shop(`${check}-${one}-${index}`)]));
          const metric = { expression: ids.join(' + '), series };
          return isRate ? rate({ name: check, metric, per: shop(`${check} per`) }) : gauge(check, metric);
        });
        const { source, asked } = sourceWith({});
        await source.read(metricsQuery({ spec: withChecks({ custom }) }));
        const queries = asked[0]?.MetricDataQueries ?? [];
        const known = new Set(queries.map(({ Id }) => Id));
        expect(known.size).toBe(queries.length);
        for (const { Id, Expression } of queries) {
          expect(Id).toMatch(/^[a-z][a-zA-Z0-9_]{0,254}$/);
          for (const word of Expression?.split(' + ') ?? []) expect(known).toContain(word);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('what a custom check counts', () => {
  it('is events per request', async () => {
    const [period] = await countsOf([rate()], {
      stable_invocations: [1000],
      canary_invocations: [100],
      stable_custom_conversion: [32],
      canary_custom_conversion: [2],
    });
    expect(period?.stable?.shares).toEqual({ conversion: [1000, 32] });
    expect(period?.canary?.shares).toEqual({ conversion: [100, 2] });
  });

  it('is events per event of another metric, unknown in a period without any', async () => {
    const periods = await countsOf([rate({ per: shop('Checkouts') })], {
      canary_invocations: [100, 100, 100],
      canary_custom_conversion: [8, 8, undefined],
      canary_per_conversion: [10, undefined, 10],
    });
    expect(periods.map(({ canary }) => canary?.shares)).toEqual([{ conversion: [10, 8] }, {}, {}]);
  });

  it('is 0 where the other version shows that the stream is alive, unknown where neither reports', async () => {
    const periods = await countsOf([rate()], {
      stable_invocations: [1000, 1000, 1000],
      canary_invocations: [100, 100, 100],
      stable_custom_conversion: [30, undefined, undefined],
      canary_custom_conversion: [undefined, undefined, 3],
    });
    expect(periods.map(({ stable }) => stable?.shares['conversion'])).toEqual([
      [1000, 30],
      undefined,
      [1000, 0],
    ]);
    expect(periods.map(({ canary }) => canary?.shares['conversion'])).toEqual([
      [100, 0],
      undefined,
      [100, 3],
    ]);
  });

  it('of stable alone is 0 in a period without events when its hour has some', async () => {
    const read = async (conversion: readonly (number | undefined)[]) => {
      const { source } = sourceWith({
        stable_invocations: [10, 10, 10],
        stable_custom_conversion: conversion,
      });
      const query = metricsQuery({ spec: withChecks({ custom: [rate()] }), canary: null });
      return (await source.read(query)).periods.map(({ stable }) => stable?.shares['conversion']);
    };
    expect(await read([undefined, 1, undefined])).toEqual([
      [10, 0],
      [10, 1],
      [10, 0],
    ]);
    expect(await read([])).toEqual([undefined, undefined, undefined]);
  });

  it('is whole events, never fewer than none or more than the trials', async () => {
    const number = fc.double({ min: -10, max: 5000, noNaN: true });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 2000 }), number, number, async (requests, events, per) => {
        const values = {
          canary_invocations: [requests],
          canary_custom_conversion: [events],
          canary_per_conversion: [per],
        };
        const plain = (await countsOf([rate()], values))[0]?.canary?.shares['conversion'];
        const [trials, count = Number.NaN] = plain ?? [];
        expect(trials).toBe(requests);
        expect(Number.isInteger(count)).toBe(true);
        expect(count).toBeGreaterThanOrEqual(0);
        expect(count).toBeLessThanOrEqual(requests);
        const perOther = (await countsOf([rate({ per: shop('Visits') })], values))[0]?.canary?.shares;
        const [others = 1, counted = 0] = perOther?.['conversion'] ?? [];
        expect(others).toBeGreaterThan(0);
        expect(counted).toBeLessThanOrEqual(others);
      }),
      { numRuns: 100 },
    );
  });

  it('is the value as it is, and nothing where it is absent', async () => {
    const value: CustomCheck = {
      kind: 'value',
      name: 'checkout-p90',
      metric: shop('CheckoutTime', { stat: 'p90' }),
      better: 'lower',
      toleranceRatio: 1.25,
    };
    const periods = await countsOf([value], {
      stable_invocations: [100, 100],
      canary_invocations: [10, 10],
      stable_custom_checkout_p90: [812.25, 800],
      canary_custom_checkout_p90: [undefined, 990.5],
    });
    expect(periods.map(({ canary }) => canary?.values)).toEqual([{}, { 'checkout-p90': 990.5 }, undefined]);
    expect(periods.map(({ stable }) => stable?.shares)).toEqual([{}, {}, undefined]);
  });
});

describe('throttles', () => {
  const spec = withChecks({ throttlesLimitPercent: 1 });

  it('are asked once, of the alias as a whole, and not before the rollout', async () => {
    const { source, asked } = sourceWith({});
    await source.read(metricsQuery({ spec }));
    const throttles = Object.entries(shortForm(asked[0])).filter(([, words]) => words.includes('Throttles'));
    expect(throttles).toEqual([['canary_throttled', `Throttles Sum ${ALIAS}`]]);
    await source.read(metricsQuery({ spec, canary: null }));
    expect(JSON.stringify(shortForm(asked[1]))).not.toContain('Throttles');
  });

  it('are the share of all attempts, told with the canary; 0 where requests came through and none was counted', async () => {
    const { source } = sourceWith({
      stable_invocations: [900, 900, 900],
      canary_invocations: [80, 100, undefined],
      canary_throttled: [20, undefined, 20],
    });
    const { periods } = await source.read(metricsQuery({ spec }));
    expect(periods.map(({ canary }) => canary?.values)).toEqual([
      { throttles: 2 },
      { throttles: 0 },
      undefined,
    ]);
    expect(periods[0]?.stable?.values).toEqual({});
  });

  it('are nothing that a load balancer reports', async () => {
    const { source, asked } = sourceWith({ canary_requests: [10], canary_answered2xx: [10] });
    const query = metricsQuery({ spec: { ...spec, target: albAccess().target } });
    const { periods } = await source.read({ ...query, ...albAccess() });
    expect(periods[0]?.canary?.values).toEqual({});
    expect(JSON.stringify(shortForm(asked[0]))).not.toContain('Throttles');
  });
});
