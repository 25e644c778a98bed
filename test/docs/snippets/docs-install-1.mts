// docs/install.md, TypeScript block 1; written by test/docs/snippets.test.ts.
import { App, Stack } from 'aws-cdk-lib';
import { StepshiftService } from '../../../lib/stepshift-service.ts';

const stack = new Stack(new App(), 'Checkout');
new StepshiftService(stack, 'Stepshift', {
  service: {
    service: 'checkout',
    target: { lambdaAlias: { function: 'checkout-api', alias: 'live' } },
  },
});
export { stack };
