// Which CloudWatch series tell how the two slots of an ALB rule do. Source: Elastic Load Balancing guide, «CloudWatch
// metrics for your Application Load Balancer».
import { albCounts } from '../core/targets/alb-rule-counts.ts';
import { groupId, namesInRuleArn } from '../core/targets/alb-rule-names.ts';
import { albTarget } from './elbv2-rules.ts';
import type { Series, TargetSeries } from './target-series.ts';

export const albRuleSeries: TargetSeries = {
  seriesOf: ({ target, spec, canary }, side) => {
    const { latency } = spec.checks;
    const dimensions = {
      LoadBalancer: namesInRuleArn(albTarget(target).listenerRuleArn).loadBalancerId,
      TargetGroup: groupId(side.ref),
    };
    const slot = (metric: string, stat = 'Sum'): Series => ({
      namespace: 'AWS/ApplicationELB',
      metric,
      stat,
      dimensions,
    });
    return {
      requests: slot('RequestCount'),
      answered2xx: slot('HTTPCode_Target_2XX_Count'),
      answered3xx: slot('HTTPCode_Target_3XX_Count'),
      answered4xx: slot('HTTPCode_Target_4XX_Count'),
      refused: slot('TargetConnectionErrorCount'),
      // a load balancer tells times in seconds
      ...(latency === null ? {} : { inTime: slot('TargetResponseTime', `TC(:${latency.limitMs / 1000})`) }),
      ...(canary === null ? { longestSeconds: slot('TargetResponseTime', 'Maximum') } : {}),
    };
  },
  countsOf: (values, spec) => {
    const { requests = 0, answered2xx = 0, answered3xx = 0, answered4xx = 0, refused = 0, inTime } = values;
    return albCounts({
      requests,
      answered: answered2xx + answered3xx + answered4xx,
      refused,
      inTime: spec.checks.latency === null ? null : (inTime ?? null),
    });
  },
  // a load balancer counts its answers itself
  hasHttpStatus: () => null,
  longestSecondsOf: ({ longestSeconds }) => longestSeconds ?? null,
};
