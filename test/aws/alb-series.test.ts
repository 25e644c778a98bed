// What is asked of CloudWatch about a slot, and how recorded answers are counted.
import { describe, expect, it } from 'vitest';
import { albRuleSeries } from '../../src/aws/alb-rule-series.ts';
import { metricsPerRead } from '../../src/aws/cloudwatch-metric-source.ts';
import { metricsPerTick } from '../../src/core/plan.ts';
import type { ServiceSpec } from '../../src/core/service-spec.ts';
import { albAccess, GREEN } from '../contracts/alb-driver.ts';
import { serviceSpec } from '../lib/synth.ts';

const { target } = albAccess();
const spec: ServiceSpec = { ...serviceSpec('shop'), target };
const withLatency: ServiceSpec = {
  ...spec,
  checks: { ...spec.checks, latency: { limitMs: 500, quantile: 0.95 } },
};
const canary = { version: '42', ref: GREEN };

describe('the series of a slot', () => {
  it('have the dimensions of the load balancer and the target group', () => {
    const series = albRuleSeries.seriesOf({ target, spec, canary }, canary);
    expect(Object.values(series).map(({ metric, stat }) => `${metric} ${stat}`)).toEqual([
      'RequestCount Sum',
      'HTTPCode_Target_2XX_Count Sum',
      'HTTPCode_Target_3XX_Count Sum',
      'HTTPCode_Target_4XX_Count Sum',
      'TargetConnectionErrorCount Sum',
    ]);
    for (const one of Object.values(series)) {
      expect(one.namespace).toBe('AWS/ApplicationELB');
      expect(one.dimensions).toEqual({
        LoadBalancer: 'app/shop/50dc6c495c0c9188',
        TargetGroup: 'targetgroup/shop-green/09966783158cda59',
      });
    }
  });

  it('ask for the answers in time in seconds, and for the longest one before the rollout alone', () => {
    const series = albRuleSeries.seriesOf({ target, spec: withLatency, canary }, canary);
    expect(series['inTime']).toMatchObject({ metric: 'TargetResponseTime', stat: 'TC(:0.5)' });
    expect(series['longestSeconds']).toBeUndefined();
    const alone = albRuleSeries.seriesOf({ target, spec, canary: null }, canary);
    expect(alone['longestSeconds']).toMatchObject({ metric: 'TargetResponseTime', stat: 'Maximum' });
  });

  it('are as many as the plan says', () => {
    expect(metricsPerRead(spec)).toBe(metricsPerTick(spec));
    expect(metricsPerRead(withLatency)).toBe(metricsPerTick(withLatency));
  });
});

describe('the counts of a period', () => {
  const answered = { answered2xx: 900, answered3xx: 50, answered4xx: 20 };

  it.each([
    ['answers below 500 are fine', { requests: 970, ...answered, refused: 0 }, [970, 0]],
    [
      'what is missing from the answers failed: 5xx and requests that hung',
      { requests: 1000, ...answered },
      [1000, 30],
    ],
    [
      'refused connections count, also when no request is charged for them',
      { requests: 3, refused: 40 },
      [40, 40],
    ],
    ['a refused connection is not counted twice', { requests: 1000, ...answered, refused: 25 }, [1000, 30]],
    ['an answer that comes a period late is no negative error', { requests: 960, ...answered }, [960, 0]],
  ])('%s', (_name, values, [requests, errors]) => {
    expect(albRuleSeries.countsOf(values, spec)).toEqual({ requests, errors, slow: null });
  });

  it('says nothing where nothing was asked, though a load balancer reports zeros', () => {
    expect(albRuleSeries.countsOf({ requests: 0, answered2xx: 0 }, spec)).toBeNull();
    expect(albRuleSeries.countsOf({}, spec)).toBeNull();
  });

  it('calls slow what was not answered in time, and nothing slow where no time is known', () => {
    const values = { requests: 1000, ...answered };
    expect(albRuleSeries.countsOf({ ...values, inTime: 949.6 }, withLatency)?.slow).toBe(50);
    expect(albRuleSeries.countsOf({ ...values, inTime: 1000.4 }, withLatency)?.slow).toBe(0);
    expect(albRuleSeries.countsOf(values, withLatency)?.slow).toBeNull();
  });

  it('reads seconds as seconds', () => {
    expect(albRuleSeries.longestSecondsOf({ longestSeconds: 1.25 })).toBe(1.25);
    expect(albRuleSeries.longestSecondsOf({})).toBeNull();
  });
});
