// The CodePipeline action: what it sends, what it may do and what it warns of at synth.
import { Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Artifact, Pipeline, PipelineType } from 'aws-cdk-lib/aws-codepipeline';
import { ManualApprovalAction, S3SourceAction } from 'aws-cdk-lib/aws-codepipeline-actions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { describe, expect, it } from 'vitest';
import { StepshiftRolloutAction, type StepshiftRolloutActionProps } from '../../lib/code-pipeline.ts';
import { ROLLOUT_ACTION_TIMEOUT } from '../../lib/code-pipeline-timeout.ts';
import { workflow } from '../../src/core/workflow.ts';
import { allowedBy, joined, outputs, quickApp, resources, synthesize } from './synth.ts';

const TARGET = { lambdaAlias: { function: 'checkout-api', alias: 'live' } };
const REQUEST = { service: 'checkout', version: '#{Publish.VERSION}' } as const;

function pipelineWith(props: Partial<StepshiftRolloutActionProps> = {}) {
  const stack = new Stack(quickApp(), 'Pipeline');
  const code = new Artifact('Code');
  const source = new S3SourceAction({
    actionName: 'Code',
    bucket: Bucket.fromBucketName(stack, 'Sources', 'sources'),
    bucketKey: 'code.zip',
    output: code,
  });
  const rollout = new StepshiftRolloutAction({ actionName: 'Rollout', ...REQUEST, ...props });
  const told = new ManualApprovalAction({
    actionName: 'Told',
    additionalInformation: `${rollout.variables.executionArn} ${rollout.variables.stateMachineArn}`,
  });
  new Pipeline(stack, 'Pipeline', {
    pipelineType: PipelineType.V2,
    stages: [
      { stageName: 'Source', actions: [source] },
      { stageName: 'Rollout', actions: [rollout] },
      { stageName: 'After', actions: [told] },
    ],
  });
  return stack;
}

function actionsOf(stack: Stack) {
  const template = Template.fromStack(stack);
  const [pipeline] = Object.values(resources(template, 'AWS::CodePipeline::Pipeline'));
  const [, rollout, after] = pipeline?.Properties.Stages ?? [];
  return { template, rollout: rollout.Actions[0], after: after.Actions[0] };
}

describe('the action', () => {
  const { template, rollout, after } = actionsOf(pipelineWith());

  it('is CodePipeline’s own Step Functions action, so that it waits for the end of the execution', () => {
    expect(rollout.ActionTypeId).toEqual({
      Category: 'Invoke',
      Owner: 'AWS',
      Provider: 'StepFunctions',
      Version: '1',
    });
  });

  it('starts what the engine exports, with the request that the engine reads', () => {
    const { engine } = synthesize();
    expect(rollout.Configuration.StateMachineArn).toEqual({
      'Fn::ImportValue': outputs(engine)['RolloutMachineArn'].Export.Name,
    });
    expect(rollout.Configuration.InputType).toBe('Literal');
    expect(JSON.parse(rollout.Configuration.Input)).toEqual(REQUEST);
  });

  it('names executions after the service, so that a rollout can be told by its id', () => {
    expect(rollout.Configuration.ExecutionNamePrefix).toBe('checkout');
  });

  it('hands on which rollout it was', () => {
    const namespace = rollout.Namespace;
    expect(namespace).toMatch(/^[A-Za-z0-9@_-]+$/);
    expect(after.Configuration.CustomData).toBe(
      `#{${namespace}.ExecutionArn} #{${namespace}.StateMachineArn}`,
    );
  });

  it('may start this machine and ask after its own executions, and nothing else', () => {
    const [roleId = ''] = rollout.RoleArn['Fn::GetAtt'];
    const states = `arn:\${AWS::Partition}:states:\${AWS::Region}:\${AWS::AccountId}`;
    const exported = { 'Fn::ImportValue': 'StepshiftEngine:RolloutMachineArn' };
    const allowed = allowedBy(template, roleId).map((statement) => ({
      actions: statement.actions.toSorted(),
      resources: statement.resources.filter((resource) => !isImport(resource)).map(joined),
      imported: statement.resources.filter(isImport),
    }));
    expect(allowed).toEqual([
      {
        actions: ['states:DescribeStateMachine', 'states:StartExecution'],
        // the machine too: Step Functions authorises a start of its alias by the ARN of the machine
        resources: [`${states}:stateMachine:StepshiftEngine`],
        imported: [exported],
      },
      {
        actions: ['states:DescribeExecution'],
        resources: [`${states}:execution:StepshiftEngine:checkout-*`],
        imported: [],
      },
    ]);
  });

  it('can mean another engine and another prefix', () => {
    const other = actionsOf(pipelineWith({ engineName: 'Paris', executionNamePrefix: 'shop.checkout' }));
    expect(other.rollout.Configuration.StateMachineArn).toEqual({
      'Fn::ImportValue': 'Paris:RolloutMachineArn',
    });
    expect(other.rollout.Configuration.ExecutionNamePrefix).toBe('shop.checkout');
    const [roleId = ''] = other.rollout.RoleArn['Fn::GetAtt'];
    const [machine, executions] = allowedBy(other.template, roleId)
      .flatMap((statement) => statement.resources)
      .filter((resource) => !isImport(resource))
      .map(joined);
    expect(machine).toMatch(/:stateMachine:Paris$/);
    expect(executions).toMatch(/:execution:Paris:shop\.checkout-\*$/);
  });
});

function isImport(resource: unknown): boolean {
  return typeof resource === 'object' && resource !== null && 'Fn::ImportValue' in resource;
}

describe('the end of the workflow', () => {
  it('is a success only when the version was promoted, so that every other end fails the pipeline stage', () => {
    const ends = Object.entries(workflow({ tickSeconds: 60 }).States)
      .filter(([, { Type }]) => Type === 'Succeed' || Type === 'Fail')
      .map(([name, { Type }]) => [name, Type]);
    expect(Object.fromEntries(ends)).toEqual({
      Promoted: 'Succeed',
      'Rolled back': 'Fail',
      'Not started': 'Fail',
    });
  });

  it('is reached by a Standard workflow, the only type that CodePipeline waits for', () => {
    const [machine] = Object.values(resources(synthesize().engine, 'AWS::StepFunctions::StateMachine'));
    expect(machine?.Properties.StateMachineType ?? 'STANDARD').toBe('STANDARD');
  });
});

describe('the time that CodePipeline waits', () => {
  const ID = Match.stringLikeRegexp('may take about');
  const warnings = (props: Partial<StepshiftRolloutActionProps>) =>
    Annotations.fromStack(pipelineWith(props))
      .findWarning('*', ID)
      .map(({ entry }) => String(entry.data));
  const stages = (count: number, bake: string) =>
    Array.from({ length: count }, (_one, index) => ({ weight: `${index + 1}%`, bake, approval: true }));

  it('is enough for the presets', () => {
    for (const preset of ['quick', 'standard', 'careful']) {
      expect(warnings({ service: { service: 'checkout', target: TARGET, stages: preset } })).toEqual([]);
    }
  });

  it('is not judged where only the name of the service is known', () => {
    expect(warnings({ actionTimeout: Duration.minutes(1) })).toEqual([]);
  });

  it('counts a day for each approval that may be awaited', () => {
    const days = ROLLOUT_ACTION_TIMEOUT.toDays();
    const approved = (count: number) => ({
      service: 'checkout',
      target: TARGET,
      stages: stages(count, '10m'),
    });
    // one day is kept for pauses, so the last stage that fits leaves less than one
    expect(warnings({ service: approved(days - 2) })).toEqual([]);
    const [warning = ''] = warnings({ service: approved(days - 1) });
    expect(warning).toContain('1h when all goes well');
    expect(warning).toContain('CodePipeline waits 7d');
    expect(warning).toContain('may still be promoted');
    expect(warning).toContain('stepshift:rolloutMayOutliveAction');
  });

  it('can be told by somebody who has measured another', () => {
    const service = { service: 'checkout', target: TARGET, onInconclusive: 'rollback' as const };
    const [warning = ''] = warnings({ service, actionTimeout: Duration.hours(1) });
    expect(warning).toContain('CodePipeline waits 1h');
    expect(warning).not.toContain('questions');
  });

  it('is no question for a plan that no engine runs: that is an error', () => {
    const service = { service: 'checkout', target: TARGET, stages: stages(7, '3d') };
    expect(() => pipelineWith({ service })).toThrow(/plan-over-budget/);
  });
});
