// The small stack of one service, as made from its service file.
import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ServiceSpec } from '../src/core/service-spec.ts';
import { serviceStackName } from './names.ts';
import { StepshiftService } from './stepshift-service.ts';

export interface ServiceStackProps extends StackProps {
  readonly spec: ServiceSpec;
  readonly engineName: string;
}

export class ServiceStack extends Stack {
  constructor(scope: Construct, props: ServiceStackProps) {
    const { spec, engineName, ...stackProps } = props;
    super(scope, serviceStackName(spec.service), {
      description: `Stepshift: the service ${spec.service}`,
      ...stackProps,
    });
    new StepshiftService(this, 'Service', { spec, engineName });
  }
}
