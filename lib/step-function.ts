// The one construct for all steps: a Lambda with its own role, log group and tracing, granted by the ports of its step.
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Trigger } from '../src/steps/step.ts';
import { stepCode } from './bundling.ts';
import { type EngineResources, needsOf, type PortName } from './grants.ts';
import { targetCallerPath } from './names.ts';
import { lambdaService } from './service-principals.ts';

/** What the engine stack reads of a step. */
export interface StepMetadata {
  readonly name: string;
  readonly does: string;
  readonly trigger: Trigger;
  readonly uses: readonly PortName[];
}

export interface StepFunctionProps {
  readonly step: StepMetadata;
  readonly engineName: string;
  readonly engine: EngineResources;
  /** Where an event goes that the function could not handle after all tries. */
  readonly undelivered: IQueue;
  /** Executions that are its own; null: it shares those of the account. */
  readonly reservedConcurrency: number | null;
}

/** Below the 120 s of the states, so that a time-out is first reported with the function's own name. */
const TIMEOUT_SECONDS = 100;

/** As long as Step Functions keeps the history of an execution. */
const LOG_RETENTION = RetentionDays.THREE_MONTHS;

/**
 * How often Lambda's own queue tries an event again before it goes to the undelivered ones; null: called synchronously,
 * so the caller retries. The sweeper's next minute is its retry.
 */
const ASYNC_RETRIES: Readonly<Record<Trigger['kind'], number | null>> = {
  state: null,
  signal: null,
  'custom-resource': null,
  'alarm-event': 2,
  'execution-event': 2,
  schedule: 0,
  'rollout-event': 2,
};

export class StepFunction extends Construct {
  readonly step: StepMetadata;
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, props: StepFunctionProps) {
    super(scope, id);
    const { step, engineName, engine, undelivered, reservedConcurrency } = props;
    const needs = needsOf(step.uses, engine);
    const logGroup = new LogGroup(this, 'Log', {
      retention: LOG_RETENTION,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, 'Role', {
      assumedBy: lambdaService(),
      description: `Stepshift step ${step.name}`,
      ...(step.uses.includes('routers') ? { path: targetCallerPath(engineName) } : {}),
    });
    logGroup.grantWrite(role);
    for (const statement of needs.statements) role.addToPrincipalPolicy(statement);

    this.step = step;
    this.function = new LambdaFunction(this, 'Resource', {
      code: stepCode(step.name),
      handler: 'index.handler',
      description: step.does,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 512,
      timeout: Duration.seconds(TIMEOUT_SECONDS),
      // X-Ray would record each run of the sweeper, a minute apart: a sixth of what a month at rest costs
      tracing: step.trigger.kind === 'schedule' ? Tracing.DISABLED : Tracing.ACTIVE,
      role,
      logGroup,
      ...(reservedConcurrency === null ? {} : { reservedConcurrentExecutions: reservedConcurrency }),
      environment: { POWERTOOLS_SERVICE_NAME: 'stepshift', ...needs.environment },
      // a rollout that runs keeps the code it started with; plain RETAIN would wedge a deploy after a failed one
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE },
    });
    const retryAttempts = ASYNC_RETRIES[step.trigger.kind];
    if (retryAttempts !== null) {
      this.function.configureAsyncInvoke({
        maxEventAge: Duration.hours(1),
        retryAttempts,
        onFailure: new SqsDestination(undelivered),
      });
    }
  }
}
