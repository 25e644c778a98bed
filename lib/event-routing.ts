// Which events reach which step: alarms, ended executions, the clock and our own events; and requests to start.
import { Aws, Duration } from 'aws-cdk-lib';
import {
  type EventPattern,
  type IEventBusRef,
  Match,
  Rule,
  RuleTargetInput,
  Schedule,
} from 'aws-cdk-lib/aws-events';
import { LambdaFunction, SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { EVENTS } from '../src/core/events.ts';
import { pascalCase } from './names.ts';
import { eventsService } from './service-principals.ts';
import type { StepFunction } from './step-function.ts';

export interface EventRoutingProps {
  readonly functions: readonly StepFunction[];
  readonly machineArn: string;
  /** What a request to start is answered with. */
  readonly startArn: string;
  /** The engine's own bus: what it publishes and what asks it to start. */
  readonly eventBus: IEventBusRef;
  /** Where an event goes that could not be delivered after all tries. */
  readonly undelivered: IQueue;
}

/** Longer makes no sense for a wish to stop, and every rule's event is repeated by the sweeper's own reading. */
const MAX_EVENT_AGE = Duration.hours(1);
const RETRY_ATTEMPTS = 10;

/** Named one by one: requests to start share the bus and are nobody's news. */
const OWN_EVENTS = Object.keys(EVENTS).map((event) => `stepshift.${event}`);

export class EventRouting extends Construct {
  readonly #props: EventRoutingProps;

  constructor(scope: Construct, id: string, props: EventRoutingProps) {
    super(scope, id);
    this.#props = props;
    for (const step of props.functions) this.#route(step);
    this.#routeStartRequests();
  }

  #route(target: StepFunction): void {
    const { machineArn, eventBus } = this.#props;
    const { trigger } = target.step;
    switch (trigger.kind) {
      case 'alarm-event':
        // One rule for all alarms of the account: the step looks up which rollouts care, so that registering a
        // service changes nothing here. Only AWS can put events with this source.
        this.#rule(target, {
          source: ['aws.cloudwatch'],
          detailType: ['CloudWatch Alarm State Change'],
          account: [Aws.ACCOUNT_ID],
          detail: { state: { value: ['ALARM'] } },
        });
        break;
      case 'execution-event':
        this.#rule(target, {
          source: ['aws.states'],
          detailType: ['Step Functions Execution Status Change'],
          account: [Aws.ACCOUNT_ID],
          detail: {
            // with or without the alias it was started by
            stateMachineArn: Match.anyOf(Match.exactString(machineArn), Match.prefix(`${machineArn}:`)),
            status: ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'],
          },
        });
        break;
      case 'rollout-event':
        this.#rule(
          target,
          { source: ['stepshift'], detailType: OWN_EVENTS, account: [Aws.ACCOUNT_ID] },
          eventBus,
        );
        break;
      case 'schedule':
        new Rule(this, pascalCase(target.step.name), {
          description: target.step.does,
          schedule: Schedule.rate(Duration.minutes(trigger.everyMinutes)),
          targets: [this.#lambda(target)],
        });
        break;
      case 'state':
      case 'signal':
      case 'custom-resource':
        break;
    }
  }

  #rule(target: StepFunction, eventPattern: EventPattern, eventBus?: IEventBusRef): void {
    new Rule(this, pascalCase(target.step.name), {
      description: target.step.does,
      eventPattern,
      targets: [this.#lambda(target)],
      ...(eventBus === undefined ? {} : { eventBus }),
    });
  }

  #lambda(target: StepFunction): LambdaFunction {
    return new LambdaFunction(target.function, {
      deadLetterQueue: this.#props.undelivered,
      maxEventAge: MAX_EVENT_AGE,
      retryAttempts: RETRY_ATTEMPTS,
    });
  }

  /** The right to put this event on the engine's bus is the right to start a rollout. */
  #routeStartRequests(): void {
    const { machineArn, startArn, eventBus, undelivered } = this.#props;
    const role = new Role(this, 'StartRole', {
      assumedBy: eventsService(eventBus.eventBusRef.eventBusName),
      description: 'Starts rollouts that were requested by event',
    });
    role.addToPolicy(
      new PolicyStatement({ actions: ['states:StartExecution'], resources: [machineArn, startArn] }),
    );
    new Rule(this, 'StartRollout', {
      description: 'Starts a rollout for every request event',
      eventBus,
      eventPattern: { detailType: ['stepshift.rollout.requested'], account: [Aws.ACCOUNT_ID] },
      targets: [
        new SfnStateMachine(StateMachine.fromStateMachineArn(this, 'Startable', startArn), {
          input: RuleTargetInput.fromEventPath('$.detail'),
          role,
          deadLetterQueue: undelivered,
          maxEventAge: MAX_EVENT_AGE,
          retryAttempts: RETRY_ATTEMPTS,
        }),
      ],
    });
  }
}
