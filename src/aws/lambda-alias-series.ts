// Which CloudWatch series tell how the two versions behind a Lambda alias do, and how requests are counted from them.
// Source: Lambda developer guide, «Types of metrics» and «View metrics for Lambda functions» (dimensions).
import { aliasName, aliasTarget } from './lambda-alias.ts';
import type { PeriodValues, Series, TargetSeries } from './target-series.ts';

export const lambdaAliasSeries: TargetSeries = {
  seriesOf: ({ target, spec, canary }, side) => {
    const { functionName } = aliasTarget(target);
    const { errors, latency } = spec.checks;
    const ofVersion = {
      FunctionName: functionName,
      Resource: aliasName(target),
      // Which of these series exist while the alias is not weighted is an assumption to measure: docs/guarantees.md.
      ...(canary === null ? {} : { ExecutedVersion: side.ref }),
    };
    const lambda = (metric: string, stat: string): Series => ({
      namespace: 'AWS/Lambda',
      metric,
      stat,
      dimensions: ofVersion,
    });
    return {
      invocations: lambda('Invocations', 'Sum'),
      errors: lambda('Errors', 'Sum'),
      ...(latency === null ? {} : { inTime: lambda('Duration', `TC(:${latency.limitMs})`) }),
      ...(canary === null ? { longestMs: lambda('Duration', 'Maximum') } : {}),
      ...(errors.http5xx === null
        ? {}
        : {
            http5xx: {
              namespace: errors.http5xx.namespace,
              metric: errors.http5xx.name,
              stat: 'Sum',
              dimensions: { FunctionName: functionName, Version: side.ref },
            },
          }),
    };
  },
  countsOf: (values, spec) => {
    const { invocations: requests, errors = 0, http5xx = 0 } = values;
    if (requests === undefined || requests === 0) return null;
    return {
      requests,
      errors: Math.min(requests, errors + http5xx),
      slow: spec.checks.latency === null ? null : slowOf(requests, values),
    };
  },
  hasHttpStatus: ({ invocations = 0, errors = 0, http5xx }, spec) => {
    if (spec.checks.errors.http5xx === null) return null;
    if (http5xx !== undefined) return true;
    // a handler that throws answers nothing, so there is no status to report
    return invocations > errors ? false : null;
  },
  longestSecondsOf: ({ longestMs }) => (longestMs === undefined ? null : longestMs / 1000),
};

/**
 * TC(:limit) counts the requests up to the limit; it is interpolated, so it may be fractional or a little too large.
 * Without a value nothing is known of the period's latency, which is not the same as none or all being slow.
 */
function slowOf(requests: number, { inTime }: PeriodValues): number | null {
  if (inTime === undefined) return null;
  return requests - Math.min(requests, Math.max(0, Math.round(inTime)));
}
