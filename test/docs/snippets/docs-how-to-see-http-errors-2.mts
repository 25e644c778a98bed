// docs/how-to/see-http-errors.md, TypeScript block 2; written by test/docs/snippets.test.ts.
import { App, Stack } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { HttpStatusMetricFilter } from '../../../lib/http-status-metric-filter.ts';

const stack = new Stack(new App(), 'CheckoutLogs');
new HttpStatusMetricFilter(stack, 'Http5xx', {
  logGroup: LogGroup.fromLogGroupName(stack, 'Log', '/aws/lambda/checkout-api'),
});
export { stack };
