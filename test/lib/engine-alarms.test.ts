// The engine's alarms: what each looks at, whom it tells, and that the runbook has an article for it.
import { describe, expect, it } from 'vitest';
import type { StepMetadata } from '../../lib/step-function.ts';
import type { TaskState } from '../../src/core/states-language.ts';
import { ALB_MODES, albQuarantineSeconds } from '../../src/core/targets/alb-rule-modes.ts';
import { workflow } from '../../src/core/workflow.ts';
import { STEPS } from '../../src/steps/index.ts';
import { articlesOfRunbook } from '../docs/markdown.ts';
import { type CfnResource, ENGINE, joined, outputs, resources, synthesize } from './synth.ts';

const { engine } = synthesize();
const alarms = Object.values(resources(engine, 'AWS::CloudWatch::Alarm'));
const PREFIX = `stepshift-${ENGINE}-`;

function functionId(step: keyof typeof STEPS): string {
  const { does } = STEPS[step] as StepMetadata;
  const found = Object.entries(resources(engine, 'AWS::Lambda::Function')).find(
    ([, { Properties }]) => Properties.Description === does,
  );
  if (found === undefined) throw new Error(`no function for ${step}`);
  return found[0];
}

function ofFunction(step: keyof typeof STEPS, MetricName: string) {
  return {
    Namespace: 'AWS/Lambda',
    MetricName,
    Dimensions: [{ Name: 'FunctionName', Value: { Ref: functionId(step) } }],
  };
}

const PER_MINUTE = { Statistic: 'Sum', Period: 60 };
const ONCE = {
  Threshold: 1,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  EvaluationPeriods: 1,
  DatapointsToAlarm: 1,
  TreatMissingData: 'notBreaching',
};
const errorsOf = (step: keyof typeof STEPS) => ({ ...ofFunction(step, 'Errors'), ...PER_MINUTE, ...ONCE });

/** Name → severity and what must be in the template. */
const EXPECTED: Readonly<Record<string, readonly [severity: 1 | 2, properties: object]>> = {
  'sweeper-missing': [
    1,
    {
      ...ofFunction('sweep-rollouts', 'Invocations'),
      Statistic: 'Sum',
      Period: 60,
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      EvaluationPeriods: 5,
      DatapointsToAlarm: 5,
      TreatMissingData: 'breaching',
    },
  ],
  'sweeper-failing': [1, { ...errorsOf('sweep-rollouts'), EvaluationPeriods: 5, DatapointsToAlarm: 3 }],
  'roll-back-failing': [
    1,
    { ...errorsOf('roll-back'), Period: 240, EvaluationPeriods: 3, DatapointsToAlarm: 3 },
  ],
  'roll-back-throttled': [1, { ...ofFunction('roll-back', 'Throttles'), ...PER_MINUTE, ...ONCE }],
  'roll-back-slow': [
    2,
    {
      ...ofFunction('roll-back', 'Duration'),
      ...ONCE,
      Statistic: 'Maximum',
      Period: 60,
      Threshold: 80_000,
    },
  ],
  'guard-failing': [2, errorsOf('guard-rollout')],
  'finish-promotion-failing': [1, errorsOf('finish-promotion')],
  'settle-promotion-failing': [1, errorsOf('settle-promotion')],
  'alarm-handler-failing': [2, errorsOf('handle-alarm-event')],
  'undelivered-events': [
    2,
    {
      ...ONCE,
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [
        {
          Name: 'QueueName',
          Value: { 'Fn::GetAtt': [Object.keys(resources(engine, 'AWS::SQS::Queue'))[0], 'QueueName'] },
        },
      ],
      Statistic: 'Maximum',
      Period: 60,
    },
  ],
  'executions-throttled': [
    2,
    { ...ONCE, ...PER_MINUTE, Namespace: 'AWS/States', MetricName: 'ExecutionThrottled' },
  ],
  'executions-stopped': [
    2,
    { ...ONCE, ...PER_MINUTE, Namespace: 'AWS/States', MetricName: 'ExecutionsAborted' },
  ],
};

function named(name: string): CfnResource {
  const found = alarms.find(({ Properties }) => Properties.AlarmName === PREFIX + name);
  if (found === undefined) throw new Error(`no alarm ${name}`);
  return found;
}

describe('the alarms of the engine', () => {
  it('are these, of one metric each: the docs say what they cost', () => {
    const names = alarms.map(({ Properties }) => Properties.AlarmName.replace(PREFIX, ''));
    expect(names.toSorted()).toEqual(Object.keys(EXPECTED).toSorted());
    expect(alarms.filter(({ Properties }) => Properties.Metrics !== undefined)).toEqual([]);
  });

  it.each(Object.entries(EXPECTED))('%s looks at the right thing', (name, [, properties]) => {
    expect(named(name).Properties).toMatchObject(properties);
  });

  it.each(Object.entries(EXPECTED))('%s tells the topic of its severity', (name, [severity]) => {
    const { AlarmActions, ActionsEnabled, AlarmDescription } = named(name).Properties;
    expect(AlarmActions).toEqual([outputs(engine)[`TopicSeverity${severity}`].Value]);
    expect(ActionsEnabled).not.toBe(false);
    expect(AlarmDescription).toMatch(new RegExp(`^Severity ${severity}\\. `));
  });

  it.each(Object.keys(EXPECTED))('%s leads to an article of the runbook', (name) => {
    const { AlarmDescription } = named(name).Properties;
    expect(AlarmDescription).toMatch(new RegExp(` Runbook: docs/runbook\\.md#${name}$`));
    expect(AlarmDescription.length).toBeLessThanOrEqual(1024);
    expect(articlesOfRunbook()).toContain(name);
  });

  it('watch the state machine by its own ARN, which all of its versions share', () => {
    for (const name of ['executions-throttled', 'executions-stopped']) {
      const [dimension, ...more] = named(name).Properties.Dimensions;
      expect(more).toEqual([]);
      expect(dimension.Name).toBe('StateMachineArn');
      expect(joined(dimension.Value)).toMatch(/:stateMachine:StepshiftEngine$/);
    }
  });

  // a step that waits out its quarantine has failed in the eyes of Lambda: in place that would page at every rollback
  describe('the failing roll-back', () => {
    const { Period, EvaluationPeriods, DatapointsToAlarm } = named('roll-back-failing').Properties;
    const { Retry = [] } = workflow({ tickSeconds: 60 }).States['Roll back'] as TaskState<string>;
    const longestPauseSeconds = Math.max(...Retry.map(({ MaxDelaySeconds }) => MaxDelaySeconds));
    const [, { Properties: rollBack }] = Object.entries(resources(engine, 'AWS::Lambda::Function')).find(
      ([id]) => id === functionId('roll-back'),
    ) as [string, CfnResource];

    it('pages nobody for a quarantine, whenever it begins', () => {
      const failsForSeconds =
        Math.max(...ALB_MODES.map((mode) => albQuarantineSeconds(mode, 'untouched'))) + longestPauseSeconds;
      const touched = Array.from({ length: Period }, (_unused, startsAt) =>
        Math.ceil((startsAt + failsForSeconds) / Period),
      );
      expect(Math.max(...touched)).toBeLessThan(DatapointsToAlarm);
    });

    it('leaves no period out when every try is cut off and the pauses are as long as can be', () => {
      expect(DatapointsToAlarm).toBe(EvaluationPeriods);
      expect(rollBack.Timeout + longestPauseSeconds).toBeLessThanOrEqual(Period);
    });
  });

  it('give a roll-back time to be slow before it is cut off', () => {
    const { Properties } = resources(engine, 'AWS::Lambda::Function')[functionId('roll-back')] as CfnResource;
    expect(named('roll-back-slow').Properties.Threshold).toBe(Properties.Timeout * 1000 * 0.8);
  });
});

describe('the topics that alarms tell', () => {
  // CloudWatch publishes by the topic's policy; the one that refuses plain text transport has replaced the default one
  it.each([1, 2])('severity %i lets alarms of this account publish, and nobody else', (severity) => {
    const topic = outputs(engine)[`TopicSeverity${severity}`].Value.Ref;
    const policies = Object.values(resources(engine, 'AWS::SNS::TopicPolicy')).filter(({ Properties }) =>
      Properties.Topics.some(({ Ref }: { Ref: string }) => Ref === topic),
    );
    const allowed = policies
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter(({ Effect }) => Effect === 'Allow');
    expect(allowed).toHaveLength(1);
    expect(allowed[0]).toMatchObject({
      Action: 'sns:Publish',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Resource: { Ref: topic },
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    });
    expect(joined(allowed[0].Condition.ArnLike['aws:SourceArn'])).toMatch(/:cloudwatch:.*:alarm:\*$/);
  });
});
