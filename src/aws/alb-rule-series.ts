// Which CloudWatch series tell how the two slots of an ALB rule do. Source: Elastic Load Balancing guide, «CloudWatch
// metrics for your Application Load Balancer».
import { PERIOD_SECONDS } from '../core/draft-rollout.ts';
import { type AlbSums, albCounts, albTimed } from '../core/targets/alb-rule-counts.ts';
import { groupId, namesInRuleArn } from '../core/targets/alb-rule-names.ts';
import type { Side } from '../core/targets/target.ts';
import { albTarget } from './elbv2-rules.ts';
import type { Metric, PeriodValues, Series, SeriesQuery, TargetSeries } from './target-series.ts';

export const albRuleSeries: TargetSeries = {
  seriesOf: (query, side) => {
    const slot = (name: string): Series => ({ ...ofSlot(query, side, name), stat: 'Sum' });
    return {
      requests: slot('RequestCount'),
      answered2xx: slot('HTTPCode_Target_2XX_Count'),
      answered3xx: slot('HTTPCode_Target_3XX_Count'),
      answered4xx: slot('HTTPCode_Target_4XX_Count'),
      answered5xx: slot('HTTPCode_Target_5XX_Count'),
      refused: slot('TargetConnectionErrorCount'),
    };
  },
  responseTimesOf: (query, side) => ofSlot(query, side, 'TargetResponseTime'),
  // a load balancer tells times in seconds
  responseTimeUnitMs: 1000,
  throttlesOf: () => null,
  placeholdersOf: (_query, side) => ({ version: side.version, targetGroup: groupId(side.ref) }),
  countsOf: (values) => {
    const counts = albCounts(sumsOf(values));
    return counts === null ? null : { ...counts, coldStarts: null };
  },
  timedOf: (values) => albTimed(sumsOf(values)),
  // a load balancer counts its answers itself
  hasHttpStatus: () => null,
};

function sumsOf(values: PeriodValues): AlbSums {
  const { requests = 0, refused = 0, answered5xx = 0, latencyPercentile = null } = values;
  const { answered2xx = 0, answered3xx = 0, answered4xx = 0 } = values;
  return {
    requests,
    answered: answered2xx + answered3xx + answered4xx,
    refused,
    // the percentile, which is asked for anyway where latency is judged
    crossing: { answered5xx, responseSeconds: latencyPercentile, periodSeconds: PERIOD_SECONDS },
  };
}

function ofSlot({ target }: SeriesQuery, side: Side, name: string): Metric {
  return {
    namespace: 'AWS/ApplicationELB',
    name,
    dimensions: {
      LoadBalancer: namesInRuleArn(albTarget(target).listenerRuleArn).loadBalancerId,
      TargetGroup: groupId(side.ref),
    },
  };
}
