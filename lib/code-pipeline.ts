// A CodePipeline action that starts a rollout, waits for its end, and fails the pipeline stage unless it was promoted.
import { Annotations, ArnFormat, type Duration, Fn, Stack } from 'aws-cdk-lib';
import {
  type ActionBindOptions,
  ActionCategory,
  type ActionConfig,
  type CommonAwsActionProps,
  type IStage,
} from 'aws-cdk-lib/aws-codepipeline';
import { Action, StateMachineInput } from 'aws-cdk-lib/aws-codepipeline-actions';
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { WrittenServiceFile } from '../src/core/service-file.ts';
import { type PipelineRequest, parsePipelineRequest } from './code-pipeline-input.ts';
import { outlivesAction, ROLLOUT_ACTION_TIMEOUT } from './code-pipeline-timeout.ts';
import { DEFAULT_ENGINE_NAME, rolloutMachineExport } from './names.ts';

export type { WrittenServiceFile };

export interface StepshiftRolloutActionProps extends CommonAwsActionProps {
  /**
   * The name of a registered service; or what its service file says, as an object: then synth warns when a rollout
   * may take longer than CodePipeline waits.
   */
  readonly service: string | WrittenServiceFile;
  /**
   * The new version as the target calls it, as a rule a variable of an earlier action, `publish.variable('VERSION')`.
   * CodePipeline puts the variable's value into JSON as it is, so whoever exports it must let nothing through but
   * letters, digits, dots, underscores and hyphens.
   */
  readonly version: string;
  /**
   * Name of the engine's stack in the pipeline's account and Region.
   * @default 'StepshiftEngine'
   */
  readonly engineName?: string;
  /**
   * What the rollout's id begins with; CodePipeline adds the id of the action's execution, so that no id comes twice.
   * @default - the name of the service
   */
  readonly executionNamePrefix?: string;
  /**
   * How long CodePipeline waits for the action, for the warning at synth; nothing on AWS is changed by it.
   * @default ROLLOUT_ACTION_TIMEOUT
   */
  readonly actionTimeout?: Duration;
}

/** For configurations of later actions. CodePipeline fills them in when the rollout was promoted. */
export interface RolloutVariables {
  /** ARN of the execution; what follows its last colon is the rollout's id. */
  readonly executionArn: string;
  /** ARN of what was started. */
  readonly stateMachineArn: string;
}

/**
 * CDK's own StepFunctionInvokeAction grants the right to start on the very ARN it starts. Ours is an alias, and Step
 * Functions authorises a call with an alias by the ARN of the state machine (Step Functions developer guide,
 * «Authorization for versions and aliases»). So the permissions are given here.
 */
export class StepshiftRolloutAction extends Action {
  readonly #request: PipelineRequest;
  readonly #version: string;
  readonly #engineName: string;
  readonly #actionTimeout: Duration;

  /** Throws InvalidInputError with everything that is wrong. */
  constructor(props: StepshiftRolloutActionProps) {
    const { service, version, engineName, executionNamePrefix, actionTimeout, ...common } = props;
    super({
      ...common,
      category: ActionCategory.INVOKE,
      provider: 'StepFunctions',
      artifactBounds: { minInputs: 0, maxInputs: 1, minOutputs: 0, maxOutputs: 1 },
    });
    this.#engineName = engineName ?? DEFAULT_ENGINE_NAME;
    this.#version = version;
    this.#actionTimeout = actionTimeout ?? ROLLOUT_ACTION_TIMEOUT;
    this.#request = parsePipelineRequest({
      actionName: common.actionName,
      service,
      version,
      engineName: this.#engineName,
      executionNamePrefix,
    });
  }

  get variables(): RolloutVariables {
    return {
      executionArn: this.variableExpression('ExecutionArn'),
      stateMachineArn: this.variableExpression('StateMachineArn'),
    };
  }

  protected bound(scope: Construct, _stage: IStage, { role }: ActionBindOptions): ActionConfig {
    const { service, spec, executionNamePrefix } = this.#request;
    const warning = spec === null ? null : outlivesAction(spec, this.#actionTimeout);
    if (warning !== null) Annotations.of(scope).addWarningV2('stepshift:rolloutMayOutliveAction', warning);
    // a missing engine ends the deployment here, before anything is changed: there is no such export
    const startArn = Fn.importValue(rolloutMachineExport(this.#engineName));
    this.#grantStart(role, startArn, Stack.of(scope));
    return {
      configuration: {
        StateMachineArn: startArn,
        InputType: 'Literal',
        Input: StateMachineInput.literal({ service, version: this.#version }).input,
        ExecutionNamePrefix: executionNamePrefix,
      },
    };
  }

  /** DescribeStateMachine is among what CodePipeline asks its role for (its reference of this action, policy permissions). */
  #grantStart(role: IRole, startArn: string, stack: Stack): void {
    const statesArn = (resource: string, resourceName: string): string =>
      stack.formatArn({
        service: 'states',
        resource,
        resourceName,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['states:StartExecution', 'states:DescribeStateMachine'],
        resources: [statesArn('stateMachine', this.#engineName), startArn],
      }),
    );
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['states:DescribeExecution'],
        resources: [statesArn('execution', `${this.#engineName}:${this.#request.executionNamePrefix}-*`)],
      }),
    );
  }
}
