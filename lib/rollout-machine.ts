// The state machine: the workflow object of the core, deployed as it is, pinned to Lambda versions.
import { Aws, CfnOutput, RemovalPolicy } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  CfnStateMachineAlias,
  CfnStateMachineVersion,
  DefinitionBody,
  LogLevel,
  StateMachine,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { workflow } from '../src/core/workflow.ts';
import { pascalCase, rolloutMachineExport } from './names.ts';
import { statesService } from './service-principals.ts';
import type { StepFunction } from './step-function.ts';

export interface RolloutMachineProps {
  readonly machineName: string;
  readonly tickSeconds: number;
  readonly functions: readonly StepFunction[];
  readonly publishVersion: boolean;
}

/** Name of the machine's alias: what people and pipelines start. */
const ALIAS = 'live';

export class RolloutMachine extends Construct {
  readonly machine: StateMachine;
  /** What to start: the alias, or the machine itself where no version is published. */
  readonly startArn: string;

  constructor(scope: Construct, id: string, props: RolloutMachineProps) {
    super(scope, id);
    const { machineName, tickSeconds, publishVersion } = props;
    const tasks = props.functions.filter(({ step }) => step.trigger.kind === 'state');
    this.machine = new StateMachine(this, 'Resource', {
      stateMachineName: machineName,
      role: new Role(this, 'Role', {
        assumedBy: statesService(),
        description: 'Calls the steps of a rollout',
      }),
      definitionBody: DefinitionBody.fromString(deployableDefinition(tickSeconds)),
      definitionSubstitutions: Object.fromEntries(
        tasks.map((task) => [
          `${pascalCase(task.step.name)}FunctionArn`,
          task.function.currentVersion.functionArn,
        ]),
      ),
      logs: {
        destination: new LogGroup(this, 'Log', {
          // this prefix keeps the account's log resource policy from filling up with one entry a machine
          logGroupName: `/aws/vendedlogs/states/${machineName}`,
          retention: RetentionDays.THREE_MONTHS,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
        level: LogLevel.ALL,
        includeExecutionData: false,
      },
      tracingEnabled: true,
    });
    // Every version and not only the newest: an execution from before a deployment still calls the old ones.
    for (const task of tasks) task.function.grantInvoke(this.machine);
    this.startArn = publishVersion ? this.publish() : this.machine.stateMachineArn;
    new CfnOutput(this, 'RolloutMachineArn', {
      value: this.startArn,
      exportName: rolloutMachineExport(machineName),
      description: 'Start an execution of this with {"service": "…", "version": "…"}',
    }).overrideLogicalId('RolloutMachineArn');
  }

  /** Publishes this revision, so that the record of an execution says which definition it ran. */
  private publish(): string {
    const version = new CfnStateMachineVersion(this, 'Version', {
      stateMachineArn: this.machine.stateMachineArn,
      stateMachineRevisionId: this.machine.stateMachineRevisionId,
    });
    // but not after a deployment that failed, whose next try publishes the same revision again
    version.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    const alias = new CfnStateMachineAlias(this, 'Alias', {
      name: ALIAS,
      routingConfiguration: [{ stateMachineVersionArn: version.attrArn, weight: 100 }],
    });
    return alias.attrArn;
  }
}

/** CloudFormation fills in the partition itself; definition substitutions know no pseudo parameters. */
function deployableDefinition(tickSeconds: number): string {
  return JSON.stringify(workflow({ tickSeconds })).replaceAll('${AWS::Partition}', Aws.PARTITION);
}
