// What the actions of the example pipelines may do: each what its commands need.
import { describe, expect, it } from 'vitest';
import { VERSION_TAG } from '../../src/core/targets/alb-rule-names.ts';
import { NAMES, type Name, projectOf, templates } from './pipeline-templates.ts';
import { allowedBy, joined, resources } from './synth.ts';

/** What the commands of an action may do, without what CodeBuild needs for its own logs and artifacts. */
function permissionsOf(name: Name, project: string) {
  const [roleId = ''] = projectOf(name, project).Properties.ServiceRole['Fn::GetAtt'];
  return allowedBy(templates[name], roleId)
    .filter(({ actions }) => !actions.some((action) => /^(logs|codebuild|s3:Get|s3:List)/.test(action)))
    .map(({ actions, resources: on }) => ({ actions, resources: on.map(joined) }));
}

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

  it('to run as root on the host of the build belong to the one that builds an image', () => {
    const privileged = NAMES.flatMap((name) =>
      Object.entries(resources(templates[name], 'AWS::CodeBuild::Project'))
        .filter(([, { Properties }]) => Properties.Environment.PrivilegedMode === true)
        .map(([id]) => [name, id.replace(/[0-9A-F]{8}$/, '')]),
    );
    expect(privileged).toEqual([['albSlot', 'Build']]);
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
