// Both example pipelines with sample values: replace them with your own.
import { readFileSync } from 'node:fs';
import type { App } from 'aws-cdk-lib';
import { parse } from 'yaml';
import { AlbSlotPipeline } from './alb-slot-pipeline.ts';
import { LambdaPipeline } from './lambda-pipeline.ts';

/** From the Git host's app for AWS, authorised once by hand: aws codeconnections create-connection. */
const connectionArn =
  'arn:aws:codeconnections:eu-west-2:123456789012:connection/0fa5f1c2-6f3d-4c11-8d5e-2b7a0c9d1e3f';

export function addPipelines(app: App): {
  readonly lambda: LambdaPipeline;
  readonly albSlot: AlbSlotPipeline;
} {
  return {
    lambda: new LambdaPipeline(app, 'CheckoutPipeline', {
      // the same file that is registered, so that its plan is checked against the action's time-out
      service: readService('checkout.yaml'),
      source: { connectionArn, owner: 'example', repo: 'checkout' },
      clientBucketName: 'example-checkout-client',
    }),
    albSlot: new AlbSlotPipeline(app, 'ShopPipeline', {
      service: readService('shop.yaml'),
      cluster: 'shop',
      ecsServices: { blue: 'shop-blue', green: 'shop-green' },
      taskRoleArns: [
        'arn:aws:iam::123456789012:role/shop-task',
        'arn:aws:iam::123456789012:role/shop-task-execution',
      ],
      repositoryName: 'shop',
      source: { connectionArn, owner: 'example', repo: 'shop' },
    }),
  };
}

/** The action checks what it reads. */
function readService(name: string) {
  return parse(readFileSync(new URL(`services/${name}`, import.meta.url), 'utf8'));
}
