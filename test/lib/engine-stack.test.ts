// What the engine stack consists of: functions that can be operated, events that cannot be lost unseen, stable outputs.
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import type { StepMetadata } from '../../lib/step-function.ts';
import { EVENTS } from '../../src/core/events.ts';
import type { TaskState } from '../../src/core/states-language.ts';
import { type StateName, workflow } from '../../src/core/workflow.ts';
import { STEPS } from '../../src/steps/index.ts';
import { type CfnResource, joined, outputs, resources, serviceSpec, synthesize } from './synth.ts';

const { engine } = synthesize();
const steps = Object.values(STEPS) as readonly StepMetadata[];
const functions = resources(engine, 'AWS::Lambda::Function');
const rules = Object.values(resources(engine, 'AWS::Events::Rule'));

function functionId(step: StepMetadata): string {
  const found = Object.entries(functions).find(([, { Properties }]) => Properties.Description === step.does);
  if (found === undefined) throw new Error(`no function for ${step.name}`);
  return found[0];
}

function stepOf(kind: StepMetadata['trigger']['kind']): StepMetadata {
  const found = steps.find(({ trigger }) => trigger.kind === kind);
  if (found === undefined) throw new Error(`no step with the trigger ${kind}`);
  return found;
}

function ruleFor(step: StepMetadata): CfnResource {
  const found = rules.filter(({ Properties }) => targetIds(Properties.Targets).includes(functionId(step)));
  expect(found).toHaveLength(1);
  return found[0] as CfnResource;
}

function targetIds(targets: readonly { Arn: { 'Fn::GetAtt'?: [string, string] } }[]): string[] {
  return targets.map(({ Arn }) => Arn['Fn::GetAtt']?.[0] ?? '');
}

describe('every function of a step', () => {
  const states = Object.values(workflow({ tickSeconds: 60 }).States);
  const tasks = states.filter((state): state is TaskState<StateName> => state.Type === 'Task');
  const shortestTask = Math.min(
    ...tasks.filter(({ Resource }) => Resource.startsWith('$')).map(({ TimeoutSeconds }) => TimeoutSeconds),
  );

  it.each(steps.map((step) => [step.name, step] as const))(
    '%s runs on Node 24, arm64, traced unless it runs every minute',
    (_n, step) => {
      const { Properties } = functions[functionId(step)] as CfnResource;
      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
      });
      expect(Properties.TracingConfig?.Mode).toBe(step.trigger.kind === 'schedule' ? undefined : 'Active');
      expect(Properties.Timeout).toBeLessThan(shortestTask);
    },
  );

  it('hands an event that it could not handle to the undelivered queue when it is called asynchronously', () => {
    const destinations = Object.values(resources(engine, 'AWS::Lambda::EventInvokeConfig'));
    const [queueId] = Object.keys(resources(engine, 'AWS::SQS::Queue'));
    const expected = steps.filter(({ trigger }) =>
      ['alarm-event', 'execution-event', 'schedule', 'rollout-event'].includes(trigger.kind),
    );
    expect(destinations.map(({ Properties }) => Properties.FunctionName.Ref).sort()).toEqual(
      expected.map(functionId).sort(),
    );
    for (const { Properties } of destinations) {
      expect(Properties.DestinationConfig.OnFailure.Destination).toEqual({
        'Fn::GetAtt': [queueId, 'Arn'],
      });
    }
  });
});

describe('what is called asynchronously', () => {
  it('is tried again, but for the sweep, whose next minute is its retry', () => {
    for (const { Properties } of Object.values(resources(engine, 'AWS::Lambda::EventInvokeConfig'))) {
      const isSweep = Properties.FunctionName.Ref === functionId(stepOf('schedule'));
      expect(Properties.MaximumRetryAttempts).toBe(isSweep ? 0 : 2);
      // throttled calls wait in Lambda's own queue for as long as that
      expect(Properties.MaximumEventAgeInSeconds).toBe(3600);
    }
  });
});

describe('the event rules', () => {
  const OWN_ACCOUNT = [{ Ref: 'AWS::AccountId' }];

  it('bring every alarm of the account that fires, by one rule', () => {
    expect(ruleFor(stepOf('alarm-event')).Properties.EventPattern).toEqual({
      source: ['aws.cloudwatch'],
      'detail-type': ['CloudWatch Alarm State Change'],
      account: OWN_ACCOUNT,
      detail: { state: { value: ['ALARM'] } },
    });
  });

  it('bring every end of an execution of this machine to the guard', () => {
    const { detail, ...pattern } = ruleFor(stepOf('execution-event')).Properties.EventPattern;
    expect(pattern).toEqual({
      source: ['aws.states'],
      'detail-type': ['Step Functions Execution Status Change'],
      account: OWN_ACCOUNT,
    });
    const { stateMachineArn, ...more } = detail;
    expect(more).toEqual({ status: ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] });
    // of no other machine, not even of one whose name begins alike
    const [exact, { prefix, ...others }, ...further] = stateMachineArn;
    expect([others, further]).toEqual([{}, []]);
    expect(joined(exact)).toMatch(/:states:.*:stateMachine:StepshiftEngine$/);
    expect(joined(prefix)).toBe(`${joined(exact)}:`);
  });

  it('wake the sweeper every minute', () => {
    expect(ruleFor(stepOf('schedule')).Properties.ScheduleExpression).toBe('rate(1 minute)');
  });

  it('bring our own events, and no request to start, to the people', () => {
    const { EventPattern, EventBusName } = ruleFor(stepOf('rollout-event')).Properties;
    expect(EventPattern).toEqual({
      source: ['stepshift'],
      'detail-type': Object.keys(EVENTS).map((event) => `stepshift.${event}`),
      account: OWN_ACCOUNT,
    });
    expect(Object.keys(resources(engine, 'AWS::Events::EventBus'))).toContain(EventBusName.Ref);
  });

  it('start an execution with the detail of a request', () => {
    engine.hasResourceProperties('AWS::Events::Rule', {
      // another account may not start, even where the bus lets it put events
      EventPattern: Match.exact({ 'detail-type': ['stepshift.rollout.requested'], account: OWN_ACCOUNT }),
      Targets: [Match.objectLike({ InputPath: '$.detail', Arn: outputs(engine)['RolloutMachineArn'].Value })],
    });
  });

  it('stay under the 2,048 characters that EventBridge takes', () => {
    for (const { Properties } of rules) {
      expect(JSON.stringify(Properties.EventPattern ?? {}).length).toBeLessThan(2048);
    }
  });

  it('retry, and keep what could not be delivered', () => {
    const [queueId] = Object.keys(resources(engine, 'AWS::SQS::Queue'));
    for (const target of rules.flatMap(({ Properties }) => Properties.Targets)) {
      expect(target.DeadLetterConfig.Arn).toEqual({ 'Fn::GetAtt': [queueId, 'Arn'] });
      // minutes of throttling are outlived; an hour later the sweeper has long done what the event asked for
      expect(target.RetryPolicy).toEqual({ MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 10 });
    }
  });
});

describe('what the engine publishes', () => {
  it('prints what the command line looks for, under names that stay', () => {
    const { SignalFunctionName, RegisterServiceToken, ...others } = outputs(engine);
    expect(Object.keys(others)).toEqual(
      expect.arrayContaining(['RolloutMachineArn', 'TableName', 'EventBusName']),
    );
    expect(SignalFunctionName.Value).toEqual({ Ref: functionId(stepOf('signal')) });
    expect(RegisterServiceToken.Export).toEqual({ Name: 'StepshiftEngine:RegisterServiceToken' });
  });
});

describe('what the engine and its services take of an account', () => {
  it('is nothing that an account without chat, pipelines or dashboards lacks', () => {
    const { services } = synthesize({ specs: [serviceSpec('checkout')] });
    const taken = [engine, ...services].flatMap((template) =>
      Object.values(template.toJSON()['Resources'] as Record<string, CfnResource>).map(({ Type }) => Type),
    );
    expect([...new Set(taken.map((type) => type.replace(/::[^:]+$/, '')))].sort()).toEqual([
      'AWS::CloudWatch',
      'AWS::DynamoDB',
      'AWS::Events',
      'AWS::IAM',
      'AWS::Lambda',
      'AWS::Logs',
      'AWS::SNS',
      'AWS::SQS',
      'AWS::StepFunctions',
      'Custom',
    ]);
  });
});
