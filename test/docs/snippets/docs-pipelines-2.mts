// docs/pipelines.md, TypeScript block 2; written by test/docs/snippets.test.ts.
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { StepshiftRolloutAction } from '../../../lib/code-pipeline.ts';

new StepshiftRolloutAction({
  actionName: 'Rollout',
  service: parse(readFileSync('services/checkout.yaml', 'utf8')),
  version: '#{Publish.VERSION}',
});
export {};
