// The small stack of one service, as made from its service file.
import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ServiceSpec } from '../src/core/service-spec.ts';
import { serviceStackName } from './names.ts';
import { StepshiftService } from './stepshift-service.ts';

export interface ServiceStackProps extends StackProps {
  readonly spec: ServiceSpec;
  readonly engineName: string;
  /** @default - the path of the construct */
  readonly serviceFile?: string;
}

export class ServiceStack extends Stack {
  constructor(scope: Construct, props: ServiceStackProps) {
    const { spec, engineName, serviceFile, ...stackProps } = props;
    const writtenIn = serviceFile === undefined ? '' : ` (${serviceFile})`;
    super(scope, serviceStackName(spec.service), {
      // all that a person has when CloudFormation says that the engine's export does not exist
      description:
        `Stepshift: the service ${spec.service}${writtenIn}. ` +
        `Needs the engine ${engineName} in this account and Region: cdk deploy ${engineName}`,
      ...stackProps,
    });
    new StepshiftService(this, 'Service', {
      spec,
      engineName,
      ...(serviceFile === undefined ? {} : { serviceFile }),
    });
  }
}
