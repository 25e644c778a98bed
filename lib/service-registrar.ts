// The engine's side of registration: a custom resource type that any stack of the account may use by its token.
import { CfnOutput, RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { registerServiceTokenExport } from './names.ts';
import type { StepFunction } from './step-function.ts';

export interface ServiceRegistrarProps {
  readonly engineName: string;
  readonly registerService: StepFunction;
}

export class ServiceRegistrar extends Construct {
  constructor(scope: Construct, id: string, props: ServiceRegistrarProps) {
    super(scope, id);
    const provider = new Provider(this, 'Provider', {
      onEventHandler: props.registerService.function,
      logGroup: new LogGroup(this, 'Log', {
        retention: RetentionDays.THREE_MONTHS,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
    });
    // An export in use cannot change, so the ids on the way to this value are a contract.
    new CfnOutput(this, 'RegisterServiceToken', {
      value: provider.serviceToken,
      exportName: registerServiceTokenExport(props.engineName),
      description: 'Service token of Custom::StepshiftService',
    }).overrideLogicalId('RegisterServiceToken');
  }
}
