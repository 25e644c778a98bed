// Which CloudWatch series tell how the two versions behind a Lambda alias do, and how requests are counted from them.
// Source: Lambda developer guide, «Types of metrics» and «View metrics for Lambda functions» (dimensions).
import { lambdaCounts } from '../core/targets/lambda-alias-counts.ts';
import type { Side } from '../core/targets/target.ts';
import { aliasName, aliasTarget } from './lambda-alias.ts';
import type { Metric, Series, SeriesQuery, TargetSeries } from './target-series.ts';

export const lambdaAliasSeries: TargetSeries = {
  seriesOf: (query, side) => {
    const { functionName } = aliasTarget(query.target);
    const { errors, latency } = query.spec.checks;
    const own = ({ namespace, name }: { readonly namespace: string; readonly name: string }): Series => ({
      namespace,
      name,
      stat: 'Sum',
      dimensions: { FunctionName: functionName, Version: side.ref },
    });
    const coldStarts = latency?.coldStarts ?? null;
    return {
      invocations: { ...ofVersion(query, side, 'Invocations'), stat: 'Sum' },
      errors: { ...ofVersion(query, side, 'Errors'), stat: 'Sum' },
      ...(errors.http5xx === null ? {} : { http5xx: own(errors.http5xx) }),
      ...(coldStarts === null ? {} : { coldStarts: own(coldStarts) }),
    };
  },
  responseTimesOf: (query, side) => ofVersion(query, side, 'Duration'),
  responseTimeUnitMs: 1,
  // a throttled attempt has no version yet: it is charged to the alias
  throttlesOf: (query) => ({ ...ofAlias(query, 'Throttles'), stat: 'Sum' }),
  placeholdersOf: ({ target }, side) => {
    const { functionName, alias } = aliasTarget(target);
    return { function: functionName, alias, version: side.ref };
  },
  countsOf: lambdaCounts,
  // all metrics of an invocation fall into one minute
  timedOf: ({ invocations = 0 }) => invocations,
  hasHttpStatus: ({ invocations = 0, errors = 0, http5xx }, spec) => {
    if (spec.checks.errors.http5xx === null) return null;
    if (http5xx !== undefined) return true;
    // a handler that throws answers nothing, so there is no status to report
    return invocations > errors ? false : null;
  },
};

function ofAlias({ target }: SeriesQuery, name: string): Metric {
  const { functionName } = aliasTarget(target);
  return {
    namespace: 'AWS/Lambda',
    name,
    dimensions: { FunctionName: functionName, Resource: aliasName(target) },
  };
}

/**
 * That a version has series of its own while the alias is weighted, and the alias alone while it is not, is taken from
 * the developer guide and waits for a run on a real account.
 */
function ofVersion(query: SeriesQuery, side: Side, name: string): Metric {
  const metric = ofAlias(query, name);
  if (query.canary === null) return metric;
  return { ...metric, dimensions: { ...metric.dimensions, ExecutedVersion: side.ref } };
}
