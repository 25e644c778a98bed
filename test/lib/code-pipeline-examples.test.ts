// The example pipelines synthesize: stages in order, variables from the action that makes them, roles with what they need.
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import cdkJson from '../../cdk.json' with { type: 'json' };
import { addPipelines } from '../../examples/pipelines/pipelines.ts';
import { VERSION_TAG } from '../../src/core/targets/alb-rule-names.ts';
import { allowedBy, type CfnResource, joined, quickApp, resources } from './synth.ts';

const stacks = addPipelines(quickApp(cdkJson.context));
const templates = {
  lambda: Template.fromStack(stacks.lambda),
  albSlot: Template.fromStack(stacks.albSlot),
};
type Name = keyof typeof templates;
const NAMES = Object.keys(templates) as Name[];

interface PipelineAction {
  readonly Name: string;
  readonly Namespace?: string;
  readonly RunOrder: number;
  readonly Configuration: Readonly<Record<string, unknown>>;
}

function stagesOf(name: Name): readonly { readonly Name: string; readonly Actions: PipelineAction[] }[] {
  const [pipeline] = Object.values(resources(templates[name], 'AWS::CodePipeline::Pipeline'));
  return pipeline?.Properties.Stages;
}

function actionNamed(name: Name, action: string): PipelineAction {
  const found = stagesOf(name)
    .flatMap(({ Actions }) => Actions)
    .find(({ Name }) => Name === action);
  if (found === undefined) throw new Error(`no action ${action}`);
  return found;
}

/** Shell variables that the pipeline fills in anew each time. */
function variablesOf(action: PipelineAction): Readonly<Record<string, string>> {
  const written = JSON.parse(String(action.Configuration['EnvironmentVariables']));
  return Object.fromEntries(written.map(({ name, value }: { name: string; value: string }) => [name, value]));
}

function projectOf(name: Name, project: string): CfnResource {
  const found = Object.entries(resources(templates[name], 'AWS::CodeBuild::Project')).find(([id]) =>
    id.startsWith(project),
  );
  if (found === undefined) throw new Error(`no project ${project}`);
  return found[1];
}

/** What the commands of an action may do, without what CodeBuild needs for its own logs and artifacts. */
function permissionsOf(name: Name, project: string) {
  const [roleId = ''] = projectOf(name, project).Properties.ServiceRole['Fn::GetAtt'];
  return allowedBy(templates[name], roleId)
    .filter(({ actions }) => !actions.some((action) => /^(logs|codebuild|s3:Get|s3:List)/.test(action)))
    .map(({ actions, resources: on }) => ({ actions, resources: on.map(joined) }));
}

describe('the order', () => {
  const orderOf = (name: Name) =>
    stagesOf(name).map((stage) => [
      stage.Name,
      ...stage.Actions.toSorted((a, b) => a.RunOrder - b.RunOrder).map((action) => action.Name),
    ]);

  it('is source, build, publish, rollout, and then what may only follow a promotion', () => {
    expect(orderOf('lambda')).toEqual([
      ['Source', 'Code'],
      ['Build', 'Build'],
      ['Publish', 'Publish'],
      ['Rollout', 'Rollout'],
      ['AfterRollout', 'DeployClient'],
    ]);
  });

  it('keeps filling the slot and rolling it out in one stage, or the next commit would swap the canary', () => {
    expect(orderOf('albSlot')).toEqual([
      ['Source', 'Code'],
      ['Build', 'Build'],
      ['Release', 'FillIdleSlot', 'Rollout'],
      ['AfterRollout', 'SmokeTest'],
    ]);
    expect(actionNamed('albSlot', 'FillIdleSlot').RunOrder).toBeLessThan(
      actionNamed('albSlot', 'Rollout').RunOrder,
    );
  });

  it.each(NAMES)('lets one execution at a time into a stage: %s', (name) => {
    const [pipeline] = Object.values(resources(templates[name], 'AWS::CodePipeline::Pipeline'));
    expect(pipeline?.Properties.ExecutionMode).toBe('SUPERSEDED');
    expect(pipeline?.Properties.PipelineType).toBe('V2');
  });
});

describe('the variables', () => {
  it('bring the published version to the rollout and both to what follows', () => {
    const { Namespace } = actionNamed('lambda', 'Publish');
    const rollout = actionNamed('lambda', 'Rollout');
    expect(JSON.parse(String(rollout.Configuration['Input']))).toEqual({
      service: 'checkout',
      version: `#{${Namespace}.VERSION}`,
    });
    expect(variablesOf(actionNamed('lambda', 'DeployClient'))).toEqual({
      VERSION: `#{${Namespace}.VERSION}`,
      ROLLOUT: `#{${rollout.Namespace}.ExecutionArn}`,
    });
  });

  it('bring the image to the slot, and what it was tagged with to the rollout', () => {
    const build = actionNamed('albSlot', 'Build').Namespace;
    const fill = actionNamed('albSlot', 'FillIdleSlot');
    const rollout = actionNamed('albSlot', 'Rollout');
    expect(variablesOf(fill)).toEqual({ IMAGE: `#{${build}.IMAGE}`, VERSION: `#{${build}.VERSION}` });
    expect(JSON.parse(String(rollout.Configuration['Input']))).toEqual({
      service: 'shop',
      version: `#{${fill.Namespace}.VERSION}`,
    });
    expect(variablesOf(actionNamed('albSlot', 'SmokeTest'))).toEqual({
      VERSION: `#{${fill.Namespace}.VERSION}`,
      SLOT: `#{${fill.Namespace}.SLOT}`,
      ROLLOUT: `#{${rollout.Namespace}.ExecutionArn}`,
    });
  });

  it.each([
    ['lambda', 'Publish', ['VERSION']],
    ['albSlot', 'Build', ['VERSION', 'IMAGE']],
    ['albSlot', 'FillIdleSlot', ['VERSION', 'SLOT']],
  ] as const)('of %s %s are exported by its commands', (name, project, exported) => {
    const spec = projectOf(name, project).Properties.Source.BuildSpec as string;
    const listed = /exported-variables:\n((?: {4}- \w+\n)+)/.exec(spec)?.[1] ?? '';
    expect(listed.match(/\w+/g)).toEqual(exported);
  });

  it.each(NAMES)('fit into the 1,000 characters of a value that CodePipeline allows: %s', (name) => {
    for (const { Name, Configuration } of stagesOf(name).flatMap(({ Actions }) => Actions)) {
      for (const [key, value] of Object.entries(Configuration)) {
        expect(JSON.stringify(value).length, `${Name} ${key}`).toBeLessThanOrEqual(1000);
      }
    }
  });
});

describe('the permissions', () => {
  const lambda = (rest: string) =>
    `arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:${rest}`;

  it('of the publishing step leave the alias alone', () => {
    expect(permissionsOf('lambda', 'Publish')).toEqual([
      {
        actions: ['lambda:PublishVersion', 'lambda:UpdateFunctionCode'],
        resources: [lambda('checkout-api')],
      },
      {
        actions: ['lambda:GetFunctionConfiguration'],
        resources: [lambda('checkout-api'), lambda('checkout-api:*')],
      },
    ]);
  });

  it('of the filling step touch both slots, their services and no rule', () => {
    const group = (rest: string) => `arn:aws:elasticloadbalancing:eu-west-2:123456789012:targetgroup/${rest}`;
    const service = (rest: string) =>
      `arn:\${AWS::Partition}:ecs:\${AWS::Region}:\${AWS::AccountId}:service/shop/${rest}`;
    expect(permissionsOf('albSlot', 'FillIdleSlot')).toEqual([
      { actions: ['ecs:RegisterTaskDefinition', 'elasticloadbalancing:DescribeRules'], resources: ['*'] },
      {
        actions: ['elasticloadbalancing:AddTags', 'elasticloadbalancing:RemoveTags'],
        resources: [group('shop-blue/73e2d6bc24d8a067'), group('shop-green/d3fe8f1ab2c94e21')],
      },
      {
        actions: ['ecs:DescribeServices', 'ecs:UpdateService'],
        resources: [service('shop-blue'), service('shop-green')],
      },
      {
        actions: ['iam:PassRole'],
        resources: [
          'arn:aws:iam::123456789012:role/shop-task',
          'arn:aws:iam::123456789012:role/shop-task-execution',
        ],
      },
    ]);
  });

  it('let only one tag be written, and roles be handed to containers only', () => {
    const statements = Object.values(resources(templates.albSlot, 'AWS::IAM::Policy')).flatMap(
      ({ Properties }) => Properties.PolicyDocument.Statement,
    );
    const conditionOf = (action: string) =>
      statements.find((statement) => [statement.Action].flat().includes(action))?.Condition;
    expect(conditionOf('elasticloadbalancing:AddTags')).toEqual({
      'ForAllValues:StringEquals': { 'aws:TagKeys': [VERSION_TAG] },
    });
    expect(conditionOf('iam:PassRole')).toEqual({
      StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
    });
  });

  it.each(NAMES)('to start belong to the rollout action alone: %s', (name) => {
    const starting = Object.values(resources(templates[name], 'AWS::IAM::Policy')).filter(({ Properties }) =>
      JSON.stringify(Properties.PolicyDocument).includes('states:StartExecution'),
    );
    expect(starting).toHaveLength(1);
  });

  it.each(NAMES)('hold no action with a wildcard but those of the artifact bucket: %s', (name) => {
    const wide = Object.values(resources(templates[name], 'AWS::IAM::Policy'))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .flatMap((statement) => [statement.Action].flat())
      .filter((action: string) => action.includes('*') && !action.startsWith('s3:'));
    expect(wide).toEqual([]);
  });
});

describe('the plans', () => {
  it.each(NAMES)('end before CodePipeline stops waiting: %s', (name) => {
    expect(
      Annotations.fromStack(stacks[name]).findWarning('*', Match.stringLikeRegexp('may take about')),
    ).toEqual([]);
  });
});
