// What is asked of CloudWatch about a slot, and how recorded answers are counted.
import { describe, expect, it } from 'vitest';
import { albRuleSeries } from '../../src/aws/alb-rule-series.ts';
import type { SeriesQuery } from '../../src/aws/target-series.ts';
import { albAccess, GREEN } from '../contracts/alb-driver.ts';
import { LATENCY, metricsQuery, PLAIN, sourceWith, withChecks } from './recorded-metrics.ts';

const { target } = albAccess();
const canary = { version: '42', ref: GREEN };
const query: SeriesQuery = { target, spec: { ...PLAIN, target }, latency: null, canary };

describe('the series of a slot', () => {
  it('have the dimensions of the load balancer and the target group', () => {
    const series = albRuleSeries.seriesOf(query, canary);
    expect(Object.values(series).map(({ name, stat }) => `${name} ${stat}`)).toEqual([
      'RequestCount Sum',
      'HTTPCode_Target_2XX_Count Sum',
      'HTTPCode_Target_3XX_Count Sum',
      'HTTPCode_Target_4XX_Count Sum',
      'HTTPCode_Target_5XX_Count Sum',
      'TargetConnectionErrorCount Sum',
    ]);
    for (const one of [...Object.values(series), albRuleSeries.responseTimesOf(query, canary)]) {
      expect(one.namespace).toBe('AWS/ApplicationELB');
      expect(one.dimensions).toEqual({
        LoadBalancer: 'app/shop/50dc6c495c0c9188',
        TargetGroup: 'targetgroup/shop-green/09966783158cda59',
      });
    }
  });
});

describe('the counts of a period', () => {
  const answered = { answered2xx: 900, answered3xx: 50, answered4xx: 20 };

  it.each([
    ['answers below 500 are fine', { requests: 970, ...answered, refused: 0 }, [970, 0]],
    ['5xx answers are errors', { requests: 1000, ...answered, answered5xx: 30 }, [1000, 30]],
    [
      'what is in flight at the end of the minute is fine: 1 s where the percentile is not asked',
      { requests: 1000, ...answered },
      [1000, 0],
    ],
    [
      'what hangs beyond what is in flight failed; the percentile is in seconds',
      { requests: 1000, ...answered, latencyPercentile: 0.12 },
      [1000, 22],
    ],
    [
      'refused connections count, also when no request is charged for them',
      { requests: 3, refused: 40 },
      [40, 40],
    ],
    [
      'a refused connection is not counted twice',
      { requests: 1000, ...answered, answered5xx: 5, refused: 25 },
      [1000, 30],
    ],
    ['an answer that comes a period late is no negative error', { requests: 960, ...answered }, [960, 0]],
    [
      'nor does it hide a 5xx or a refused connection',
      { requests: 960, ...answered, answered5xx: 7, refused: 2 },
      [960, 9],
    ],
  ])('%s', (_name, values, [requests, errors]) => {
    expect(albRuleSeries.countsOf(values)).toEqual({ requests, errors, coldStarts: null });
  });

  it('says nothing where nothing was asked, though a load balancer reports zeros', () => {
    expect(albRuleSeries.countsOf({ requests: 0, answered2xx: 0 })).toBeNull();
    expect(albRuleSeries.countsOf({})).toBeNull();
  });

  it('takes the percentile that the metric source asked for', async () => {
    const { source } = sourceWith({
      canary_requests: [1000],
      canary_answered2xx: [970],
      canary_latencyPercentile: [0.12],
    });
    const spec = { ...withChecks({ latency: LATENCY }), target };
    const { periods } = await source.read(metricsQuery({ spec, canary }));
    expect(periods[0]?.canary).toMatchObject({ requests: 1000, errors: 22 });
  });
});
