// Puts the engine and one stack per service file into a CDK app.
import { type App, PermissionsBoundary } from 'aws-cdk-lib';
import type { ServiceSpec } from '../src/core/service-spec.ts';
import { EngineDashboardStack } from './engine-dashboard.ts';
import { EngineStack, type EngineStackProps } from './engine-stack.ts';
import { ServiceStack } from './service-stack.ts';

export interface StepshiftAppProps {
  readonly engineName: string;
  readonly specs: readonly ServiceSpec[];
  /**
   * Which file a service was read from, by its name; refusals of the registration name it.
   * @default - the paths of the constructs
   */
  readonly serviceFiles?: ReadonlyMap<string, string>;
  /**
   * ARN of a managed policy that bounds every role of all stacks.
   * @default null: no boundary
   */
  readonly permissionsBoundary?: string | null;
  /** @default - no dashboard: CloudWatch bills each beyond three */
  readonly dashboard?: true;
  /** @default - as the stack's own defaults */
  readonly engine?: EngineStackProps;
}

/** No service stack depends on the engine's: deploying a service must not deploy a new engine on the way. */
export function addStacks(
  app: App,
  props: StepshiftAppProps,
): { readonly engine: EngineStack; readonly services: readonly ServiceStack[] } {
  const { engineName, specs, serviceFiles = new Map(), permissionsBoundary = null } = props;
  const bounded =
    permissionsBoundary === null
      ? {}
      : { permissionsBoundary: PermissionsBoundary.fromArn(permissionsBoundary) };
  const engine = new EngineStack(app, engineName, { ...bounded, ...props.engine });
  if (props.dashboard === true) new EngineDashboardStack(app, { engine });
  return {
    engine,
    services: specs.map((spec) => {
      const serviceFile = serviceFiles.get(spec.service);
      const named = serviceFile === undefined ? {} : { serviceFile };
      return new ServiceStack(app, { ...bounded, ...named, spec, engineName });
    }),
  };
}
