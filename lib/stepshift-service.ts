// Registers one service with the engine: the role that may touch its target, and its record.
import { CustomResource, Fn, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { InvalidInputError } from '../src/core/errors.ts';
import { parseServiceFile, type WrittenServiceFile } from '../src/core/service-file.ts';
import { canonicalJson, type ServiceSpec } from '../src/core/service-spec.ts';
import {
  DEFAULT_ENGINE_NAME,
  registerServiceTokenExport,
  targetCallerPath,
  targetRolePrefix,
} from './names.ts';
import { claimTarget } from './target-claims.ts';
import { targetPermissions } from './target-permissions.ts';

interface CommonProps {
  /**
   * Name of the engine's stack in this account and Region.
   * @default 'StepshiftEngine'
   */
  readonly engineName?: string;
  /**
   * Name of the target role; must begin with `stepshift-<engine>-`, because the engine may assume no other.
   * @default `stepshift-<engine>-<service>`
   */
  readonly targetRoleName?: string;
  /**
   * Where the service is written down; refusals of the registration name it.
   * @default - the path of this construct
   */
  readonly serviceFile?: string;
}

interface WrittenProps extends CommonProps {
  /** What a service file says, as an object. Throws InvalidInputError with every mistake in it. */
  readonly service: WrittenServiceFile;
}

interface ResolvedProps extends CommonProps {
  /** A service file that was read and resolved before. */
  readonly spec: ServiceSpec;
}

export type StepshiftServiceProps = WrittenProps | ResolvedProps;

/** Limit of IAM. */
const MAX_ROLE_NAME_LENGTH = 64;

export class StepshiftService extends Construct {
  readonly targetRole: Role;

  constructor(scope: Construct, id: string, props: StepshiftServiceProps) {
    super(scope, id);
    const { engineName = DEFAULT_ENGINE_NAME } = props;
    const spec = 'spec' in props ? props.spec : parseServiceFile(props.service);
    const stack = Stack.of(this);
    this.targetRole = new Role(this, 'TargetRole', {
      roleName: checkedRoleName(props.targetRoleName, spec.service, engineName),
      description: `Lets the engine ${engineName} move the traffic of ${spec.service}`,
      assumedBy: new AccountRootPrincipal().withConditions({
        ArnLike: {
          'aws:PrincipalArn': stack.formatArn({
            service: 'iam',
            region: '',
            resource: `role${targetCallerPath(engineName)}*`,
          }),
        },
      }),
    });
    for (const statement of targetPermissions(spec.target, stack)) this.targetRole.addToPolicy(statement);

    const serviceFile = props.serviceFile ?? this.node.path;
    claimTarget(this, engineName, { spec, serviceFile });
    const record = new CustomResource(this, 'Record', {
      serviceToken: Fn.importValue(registerServiceTokenExport(engineName)),
      resourceType: 'Custom::StepshiftService',
      // as text: CloudFormation would turn its numbers into strings
      properties: {
        Spec: canonicalJson(spec),
        TargetRoleArn: this.targetRole.roleArn,
        ServiceFile: serviceFile,
      },
    });
    // the record is registered last and removed first, so a rollout never finds it without its permissions
    record.node.addDependency(this.targetRole);
  }
}

function checkedRoleName(wanted: string | undefined, service: string, engineName: string): string {
  const prefix = targetRolePrefix(engineName);
  const name = wanted ?? `${prefix}${service}`;
  if (name.startsWith(prefix) && name.length <= MAX_ROLE_NAME_LENGTH) return name;
  throw new InvalidInputError([
    {
      code: 'target-role-name',
      what: `the engine cannot assume a target role of the name ${name}`,
      where: service,
      got: `${name} (${name.length} characters)`,
      allowed: `a name that begins with ${prefix} and has at most ${MAX_ROLE_NAME_LENGTH} characters`,
      fix: `Give targetRoleName, or a shorter service or engine name`,
    },
  ]);
}
