// The engine's side of registration: a custom resource type that any stack of the account may use by its token.
import { CfnOutput, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { registerServiceTokenExport } from './names.ts';
import { lambdaService } from './service-principals.ts';
import type { StepFunction } from './step-function.ts';

export interface ServiceRegistrarProps {
  readonly engineName: string;
  readonly registerService: StepFunction;
}

/** It only passes a request on; Lambda's own default, said aloud. */
const FRAMEWORK_MEMORY_MB = 128;

export class ServiceRegistrar extends Construct {
  constructor(scope: Construct, id: string, props: ServiceRegistrarProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Log', {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, 'Role', {
      assumedBy: lambdaService(),
      description: 'Answers CloudFormation for the step register-service',
    });
    logGroup.grantWrite(role);
    role.addToPolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction', 'lambda:GetFunction'],
        resources: [props.registerService.function.functionArn],
      }),
    );
    const provider = new Provider(this, 'Provider', {
      onEventHandler: props.registerService.function,
      logGroup,
      // what the framework adds by itself: the managed policy for every log group, and every version of the function
      frameworkOnEventRole: role.withoutPolicyUpdates(),
    });
    const framework = provider.node.findChild('framework-onEvent').node.defaultChild as CfnFunction;
    framework.memorySize = FRAMEWORK_MEMORY_MB;
    // An export in use cannot change, so the ids on the way to this value are a contract.
    new CfnOutput(this, 'RegisterServiceToken', {
      value: provider.serviceToken,
      exportName: registerServiceTokenExport(props.engineName),
      description: 'Service token of Custom::StepshiftService',
    }).overrideLogicalId('RegisterServiceToken');
  }
}
