// The one installation per account and Region. It knows no service and holds no permission on any target.
import { ArnFormat, CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { STEPS } from '../src/steps/index.ts';
import { EngineAlarms } from './engine-alarms.ts';
import { EventRouting } from './event-routing.ts';
import type { EngineResources } from './grants.ts';
import { pascalCase, targetRolePrefix } from './names.ts';
import { NotificationTopics } from './notification-topics.ts';
import { RolloutMachine } from './rollout-machine.ts';
import { RolloutTable } from './rollout-table.ts';
import { ServiceRegistrar } from './service-registrar.ts';
import { StepFunction, type StepMetadata } from './step-function.ts';
import { isOnWayBack } from './way-back.ts';

export interface EngineStackProps extends StackProps {
  /**
   * Length of one turn of the bake loop, seconds. Metrics come by the minute: shorter is for emulator tests.
   * @default 60
   */
  readonly tickSeconds?: number;
  /**
   * Publish a version of the state machine and start its alias.
   * @default true; false where an emulator knows no versions
   */
  readonly publishMachineVersion?: boolean;
  /**
   * Executions kept free for each function that takes traffic back (*Roll back*, guard and sweeper), and the most that
   * each may have. Taken out of the account's limit, which must leave room for it.
   * @default - none: they share the account's concurrency and retry while it is used up
   */
  readonly reservedConcurrency?: number;
}

export class EngineStack extends Stack {
  constructor(scope: Construct, id: string, props: EngineStackProps = {}) {
    super(scope, id, {
      description: 'Stepshift: progressive delivery with automatic rollback',
      ...props,
    });
    const { table, activeIndexArn } = new RolloutTable(this, 'Rollouts');
    const topics = new NotificationTopics(this, 'Topics');
    const eventBus = new EventBus(this, 'Events', { eventBusName: this.stackName });
    const undelivered = new Queue(this, 'Undelivered', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      // what it holds is a wish to stop that nobody heard
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    const engine: EngineResources = {
      tableArn: table.tableArn,
      tableName: table.tableName,
      activeIndexArn,
      eventBusArn: eventBus.eventBusArn,
      eventBusName: eventBus.eventBusName,
      topicArns: topics.arns,
      // by name and not by reference: the machine needs the functions, the functions need its ARN
      machineArn: this.#statesArn('stateMachine', this.stackName),
      executionArns: this.#statesArn('execution', `${this.stackName}:*`),
      targetRoleArns: this.formatArn({
        service: 'iam',
        region: '',
        resource: 'role',
        resourceName: `${targetRolePrefix(this.stackName)}*`,
      }),
    };
    const functions = (Object.values(STEPS) as readonly StepMetadata[]).map(
      (step) =>
        new StepFunction(this, pascalCase(step.name), {
          step,
          engineName: this.stackName,
          engine,
          undelivered,
          // what takes traffic back must not wait for other functions of the account
          reservedConcurrency: (isOnWayBack(step.name) ? props.reservedConcurrency : undefined) ?? null,
        }),
    );
    const { startArn } = new RolloutMachine(this, 'Machine', {
      machineName: this.stackName,
      tickSeconds: props.tickSeconds ?? 60,
      functions,
      publishVersion: props.publishMachineVersion ?? true,
    });
    new EventRouting(this, 'Routing', {
      functions,
      machineArn: engine.machineArn,
      startArn,
      eventBus,
      undelivered,
    });
    new EngineAlarms(this, 'Alarms', {
      engineName: this.stackName,
      functions,
      machineArn: engine.machineArn,
      undelivered,
      topics: topics.topics,
    });
    new ServiceRegistrar(this, 'Registrar', {
      engineName: this.stackName,
      registerService: only(functions, 'custom-resource'),
    });
    this.#outputs(engine, only(functions, 'signal'));
  }

  #statesArn(resource: string, resourceName: string): string {
    return this.formatArn({
      service: 'states',
      resource,
      resourceName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }

  /** What the command line and the people who subscribe look for. */
  #outputs(engine: EngineResources, signal: StepFunction): void {
    const outputs: Record<string, string> = {
      TableName: engine.tableName,
      SignalFunctionName: signal.function.functionName,
      EventBusName: engine.eventBusName,
    };
    for (const [severity, arn] of Object.entries(engine.topicArns)) outputs[`TopicSeverity${severity}`] = arn;
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}

function only(functions: readonly StepFunction[], kind: StepMetadata['trigger']['kind']): StepFunction {
  const [found, ...others] = functions.filter(({ step }) => step.trigger.kind === kind);
  if (found === undefined || others.length > 0) {
    throw new TypeError(`exactly one step must have the trigger ${kind}`);
  }
  return found;
}
