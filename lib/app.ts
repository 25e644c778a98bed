// Puts the engine and one stack per service file into a CDK app.
import type { App } from 'aws-cdk-lib';
import type { ServiceSpec } from '../src/core/service-spec.ts';
import { EngineStack, type EngineStackProps } from './engine-stack.ts';
import { ServiceStack } from './service-stack.ts';

export interface StepshiftAppProps {
  readonly engineName: string;
  readonly specs: readonly ServiceSpec[];
  /** @default - as the stack's own defaults */
  readonly engine?: EngineStackProps;
}

/** No service stack depends on the engine's: deploying a service must not deploy a new engine on the way. */
export function addStacks(
  app: App,
  { engineName, specs, engine = {} }: StepshiftAppProps,
): { readonly engine: EngineStack; readonly services: readonly ServiceStack[] } {
  return {
    engine: new EngineStack(app, engineName, engine),
    services: specs.map((spec) => new ServiceStack(app, { spec, engineName })),
  };
}
