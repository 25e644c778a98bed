// The metric that the filters write is the one that the judge reads: name, dimensions, 1 for an answer of 500 and above.
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { describe, expect, it } from 'vitest';
import {
  HttpStatusMetricFilter,
  type HttpStatusMetricFilterProps,
} from '../../lib/http-status-metric-filter.ts';
import { quickApp, resources } from './synth.ts';

function filtersOf(fields: Omit<HttpStatusMetricFilterProps, 'logGroup'>) {
  const stack = new Stack(quickApp(), 'Team');
  const logGroup = LogGroup.fromLogGroupName(stack, 'Log', '/aws/lambda/checkout-api');
  new HttpStatusMetricFilter(stack, 'Http5xx', { logGroup, ...fields });
  const filters = Object.values(resources(Template.fromStack(stack), 'AWS::Logs::MetricFilter'));
  return filters.map(({ Properties }) => Properties);
}

describe('the metric filter for HTTP status', () => {
  it('counts answers of 500 and above by function and version', () => {
    const counted = (MetricValue: string) => [
      {
        MetricNamespace: 'Stepshift',
        MetricName: 'Http5xx',
        MetricValue,
        Dimensions: [
          { Key: 'FunctionName', Value: '$.functionName' },
          { Key: 'Version', Value: '$.version' },
        ],
      },
    ];
    const LogGroupName = '/aws/lambda/checkout-api';
    expect(filtersOf({})).toMatchObject([
      { LogGroupName, FilterPattern: '{ $.status >= 500 }', MetricTransformations: counted('1') },
      // without the zeros a service without errors would look like one whose metric never arrives
      { LogGroupName, FilterPattern: '{ $.status < 500 }', MetricTransformations: counted('0') },
    ]);
  });

  it('reads the fields where the log has them', () => {
    const fields = {
      statusField: '$.message.code',
      functionNameField: '$.message.fn',
      versionField: '$.message.v',
    };
    const MetricTransformations = [
      {
        Dimensions: [
          { Key: 'FunctionName', Value: '$.message.fn' },
          { Key: 'Version', Value: '$.message.v' },
        ],
      },
    ];
    expect(filtersOf(fields)).toMatchObject([
      { FilterPattern: '{ $.message.code >= 500 }', MetricTransformations },
      { FilterPattern: '{ $.message.code < 500 }', MetricTransformations },
    ]);
  });
});
