// For functions that already log one JSON line a request: counts their HTTP 5xx answers by version, without new code.
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

export interface HttpStatusMetricFilterProps {
  /** Where the function's access lines go. */
  readonly logGroup: ILogGroup;
  /**
   * JSON path of the HTTP status, a number.
   * @default '$.status'
   */
  readonly statusField?: string;
  /**
   * JSON path of the function's name, as in AWS_LAMBDA_FUNCTION_NAME.
   * @default '$.functionName'
   */
  readonly functionNameField?: string;
  /**
   * JSON path of the version that answered, as in AWS_LAMBDA_FUNCTION_VERSION.
   * @default '$.version'
   */
  readonly versionField?: string;
}

const HTTP_STATUS_NAMESPACE = 'Stepshift';
const HTTP_5XX_METRIC = 'Http5xx';

/**
 * Expects lines such as `{"status":503,"functionName":"checkout-api","version":"42"}`. With Lambda's JSON log format a
 * logged object is nested: use `$.message.status` and so on. The service file then says
 * `checks: { errors: { http5xx: { namespace: Stepshift, name: Http5xx } } }`.
 * Every other answer adds a 0, since a start is refused when the metric is silent beside requests. CloudWatch allows no
 * default value together with dimensions, so the zeros take a filter of their own.
 */
export class HttpStatusMetricFilter extends Construct {
  constructor(scope: Construct, id: string, props: HttpStatusMetricFilterProps) {
    super(scope, id);
    this.count('Resource', props, '>=', '1');
    this.count('Zeros', props, '<', '0');
  }

  private count(
    id: string,
    { logGroup, statusField, functionNameField, versionField }: HttpStatusMetricFilterProps,
    comparison: '>=' | '<',
    metricValue: '0' | '1',
  ): void {
    new MetricFilter(this, id, {
      logGroup,
      filterPattern: FilterPattern.numberValue(statusField ?? '$.status', comparison, 500),
      metricNamespace: HTTP_STATUS_NAMESPACE,
      metricName: HTTP_5XX_METRIC,
      metricValue,
      dimensions: {
        FunctionName: functionNameField ?? '$.functionName',
        Version: versionField ?? '$.version',
      },
    });
  }
}
