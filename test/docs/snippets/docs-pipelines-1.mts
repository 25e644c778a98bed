// docs/pipelines.md, TypeScript block 1; written by test/docs/snippets.test.ts.
import { App, Stack } from 'aws-cdk-lib';
import { StepshiftRolloutAction } from '../../../lib/code-pipeline.ts';

const stack = new Stack(new App(), 'Pipeline');
const rollout = new StepshiftRolloutAction({
  actionName: 'Rollout',
  service: 'checkout',
  version: '#{Publish.VERSION}',
});
export { stack, rollout };
