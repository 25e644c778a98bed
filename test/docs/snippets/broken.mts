// A snippet that is wrong, as one in the documentation would be: `tsc` fails on this folder if it finds nothing wrong here.
import { App, Stack } from 'aws-cdk-lib';
import { StepshiftService } from '../../../lib/stepshift-service.ts';

const stack = new Stack(new App(), 'Broken');
new StepshiftService(stack, 'Stepshift', {
  // @ts-expect-error a service without a target
  service: { service: 'checkout' },
});
