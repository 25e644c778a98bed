// AWS CodeDeploy with CloudWatch alarms: an alarm that goes off during the deployment takes the traffic back.
import type { LineJudge } from '../../../src/replay/line-protocol.ts';
import { hasRequests, type Look, limitsOf, type MinuteRule, minuteJudge } from './minute-judge.ts';

/**
 * The alarm that the AWS SAM documentation shows for gradual deployments: the sum of `Errors` of the new version above 0
 * in 2 of 2 periods of a minute. Its second alarm, on the alias, would also count stable's errors and is left out.
 * Missing data does not breach.
 */
export function codeDeployErrors(): LineJudge {
  return minuteJudge(() => {
    const errors = alarm(2, 2);
    return watching((look) => (errors(hasErrors(look)) ? 'alarm: errors > 0' : null));
  });
}

/**
 * Alarms as operators write them once the first one has gone off too often: error rate (metric math) or p99 above the
 * operator's limit in 2 of 3 minutes («M out of N» of the CloudWatch user guide); missing data does not breach.
 * @param minimumRequests minutes with fewer requests do not breach: IF(requests >= …, rate, 0)
 */
export function codeDeployRate(minimumRequests = 1): LineJudge {
  return minuteJudge((start) => {
    const { errorRateMax, p99MaxMs } = limitsOf(start);
    const rate = alarm(2, 3);
    const latency = alarm(2, 3);
    return watching(({ canary }) => {
      const isJudged = hasRequests(canary) && canary.requests >= minimumRequests;
      const isFailing = rate(isJudged && canary.errors / canary.requests > errorRateMax);
      const isSlow = latency(isJudged && (canary.p99 ?? 0) > p99MaxMs);
      if (isFailing) return 'alarm: error rate';
      return isSlow ? 'alarm: p99' : null;
    });
  });
}

/** CodeDeploy's watch ends with the last shift: nothing is asked at the end. */
function watching(look: MinuteRule['look']): MinuteRule {
  return { look, end: () => null };
}

function hasErrors({ canary }: Look): boolean {
  return canary !== null && canary.errors > 0;
}

/** In alarm while `datapoints` of the last `periods` breach. */
function alarm(datapoints: number, periods: number): (isBreaching: boolean) => boolean {
  let last: readonly boolean[] = [];
  return (isBreaching) => {
    last = [...last, isBreaching].slice(-periods);
    return last.filter(Boolean).length >= datapoints;
  };
}
