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
 * The metric exists only while there are 5xx answers, which is what the judge expects: no data with traffic is zero.
 */
export class HttpStatusMetricFilter extends Construct {
  constructor(scope: Construct, id: string, props: HttpStatusMetricFilterProps) {
    super(scope, id);
    new MetricFilter(this, 'Resource', {
      logGroup: props.logGroup,
      filterPattern: FilterPattern.numberValue(props.statusField ?? '$.status', '>=', 500),
      metricNamespace: HTTP_STATUS_NAMESPACE,
      metricName: HTTP_5XX_METRIC,
      metricValue: '1',
      dimensions: {
        FunctionName: props.functionNameField ?? '$.functionName',
        Version: props.versionField ?? '$.version',
      },
    });
  }
}
