// The metric that a filter writes is the one that the judge reads: name, dimensions, and only answers of 500 and above.
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { describe, expect, it } from 'vitest';
import {
  HttpStatusMetricFilter,
  type HttpStatusMetricFilterProps,
} from '../../lib/http-status-metric-filter.ts';
import { quickApp, resources } from './synth.ts';

function filterOf(fields: Omit<HttpStatusMetricFilterProps, 'logGroup'>) {
  const stack = new Stack(quickApp(), 'Team');
  const logGroup = LogGroup.fromLogGroupName(stack, 'Log', '/aws/lambda/checkout-api');
  new HttpStatusMetricFilter(stack, 'Http5xx', { logGroup, ...fields });
  const [filter] = Object.values(resources(Template.fromStack(stack), 'AWS::Logs::MetricFilter'));
  return filter?.Properties;
}

describe('the metric filter for HTTP status', () => {
  it('counts answers of 500 and above by function and version', () => {
    expect(filterOf({})).toMatchObject({
      LogGroupName: '/aws/lambda/checkout-api',
      FilterPattern: '{ $.status >= 500 }',
      MetricTransformations: [
        {
          MetricNamespace: 'Stepshift',
          MetricName: 'Http5xx',
          MetricValue: '1',
          Dimensions: [
            { Key: 'FunctionName', Value: '$.functionName' },
            { Key: 'Version', Value: '$.version' },
          ],
        },
      ],
    });
  });

  it('reads the fields where the log has them', () => {
    const fields = {
      statusField: '$.message.code',
      functionNameField: '$.message.fn',
      versionField: '$.message.v',
    };
    expect(filterOf(fields)).toMatchObject({
      FilterPattern: '{ $.message.code >= 500 }',
      MetricTransformations: [
        {
          Dimensions: [
            { Key: 'FunctionName', Value: '$.message.fn' },
            { Key: 'Version', Value: '$.message.v' },
          ],
        },
      ],
    });
  });
});
