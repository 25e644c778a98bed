// Registering a service: a role with exactly this target's permissions, a record, and no change to the engine.
import { Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { targetCallerPath } from '../../lib/names.ts';
import { StepshiftService } from '../../lib/stepshift-service.ts';
import { InvalidInputError } from '../../src/core/errors.ts';
import { ServiceSpecSchema } from '../../src/core/service-spec.ts';
import { registerService } from '../../src/steps/register-service.ts';
import { allowedBy, ENGINE, joined, outputs, quickApp, resources, serviceSpec, synthesize } from './synth.ts';

const checkout = serviceSpec('checkout');
const { engine, services } = synthesize({ specs: [checkout] });
const [service] = services;
if (service === undefined) throw new Error('no service stack');
const [roleId, role] = Object.entries(resources(service, 'AWS::IAM::Role'))[0] ?? ['', undefined];

describe('the target role', () => {
  it('may move and read this alias, and nothing else', () => {
    const functionArn = `arn:\${AWS::Partition}:lambda:\${AWS::Region}:\${AWS::AccountId}:function:checkout-api`;
    const allowed = allowedBy(service, roleId).map((statement) => ({
      actions: statement.actions,
      resources: statement.resources.map(joined),
    }));
    expect(allowed).toEqual([
      {
        actions: [
          'lambda:GetAlias',
          'lambda:GetPolicy',
          'lambda:GetProvisionedConcurrencyConfig',
          'lambda:UpdateAlias',
        ],
        resources: [functionArn, `${functionArn}:live`],
      },
      { actions: ['lambda:GetFunctionConfiguration'], resources: [functionArn, `${functionArn}:*`] },
    ]);
  });

  it('is named as the engine may assume it', () => {
    expect(role?.Properties.RoleName).toBe('stepshift-StepshiftEngine-checkout');
  });

  it('trusts only roles of this account under the path of the engine’s callers', () => {
    const { Statement } = role?.Properties.AssumeRolePolicyDocument ?? {};
    expect(Statement).toHaveLength(1);
    expect(joined(Statement[0].Principal.AWS)).toBe(`arn:\${AWS::Partition}:iam::\${AWS::AccountId}:root`);
    const trusted = joined(Statement[0].Condition.ArnLike['aws:PrincipalArn']);
    expect(trusted).toBe(`arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role${targetCallerPath(ENGINE)}*`);
    const callers = Object.values(resources(engine, 'AWS::IAM::Role')).filter(
      ({ Properties }) => Properties.Path === targetCallerPath(ENGINE),
    );
    expect(callers.length).toBeGreaterThan(0);
  });

  it('refuses a name that the engine could not assume, with the fix', () => {
    const stack = new Stack(quickApp(), 'Team');
    const named = (id: string, props: { targetRoleName?: string; engineName?: string }) => () =>
      new StepshiftService(stack, id, { spec: checkout, ...props });
    expect(named('A', { targetRoleName: 'my-role' })).toThrow(InvalidInputError);
    expect(named('B', { engineName: 'E'.repeat(60) })).toThrow(/at most 64|cannot assume/);
    expect(named('C', { targetRoleName: 'stepshift-StepshiftEngine-short' })).not.toThrow();
  });
});

describe('the record', () => {
  const [record] = Object.values(resources(service, 'Custom::StepshiftService'));

  it('goes through the custom resource of the engine', () => {
    expect(record?.Properties.ServiceToken).toEqual({
      'Fn::ImportValue': outputs(engine)['RegisterServiceToken'].Export.Name,
    });
  });

  it('comes after the role and its permissions, and goes before them, so that no rollout finds it without', () => {
    const policies = Object.keys(resources(service, 'AWS::IAM::Policy'));
    expect(policies).toHaveLength(1);
    for (const first of [roleId, ...policies]) {
      service.hasResource('Custom::StepshiftService', { DependsOn: Match.arrayWith([first]) });
    }
  });

  it('needs an engine of the account, and says which where a person looks when there is none', () => {
    const { services } = synthesize({
      specs: [checkout],
      serviceFiles: new Map([['checkout', 'services/c.yaml']]),
    });
    expect(services.map((each) => each.toJSON()['Description'])).toEqual([
      'Stepshift: the service checkout (services/c.yaml). ' +
        `Needs the engine ${ENGINE} in this account and Region: cdk deploy ${ENGINE}`,
    ]);
    // CloudFormation names the export that it misses, so that this has to name the engine
    expect(record?.Properties.ServiceToken['Fn::ImportValue']).toContain(ENGINE);
  });

  it('says where the service is written down', () => {
    const named = synthesize({ specs: [checkout], serviceFiles: new Map([['checkout', 'services/c.yaml']]) });
    const [template] = named.services.map((each) => resources(each, 'Custom::StepshiftService'));
    expect(Object.values(template ?? {}).map(({ Properties }) => Properties.ServiceFile)).toEqual([
      'services/c.yaml',
    ]);
    expect(record?.Properties.ServiceFile).toBe('Stepshift-Service-checkout/Service');
  });

  it('carries the whole spec as text that the registering step reads back', () => {
    const request = registerService.input.parse({
      RequestType: 'Create',
      ResourceProperties: { ...record?.Properties, TargetRoleArn: 'arn:aws:iam::123456789012:role/x' },
    });
    expect(ServiceSpecSchema.parse(JSON.parse(request.ResourceProperties.Spec))).toEqual(checkout);
    expect(record?.Properties.TargetRoleArn).toEqual({ 'Fn::GetAtt': [roleId, 'Arn'] });
  });
});
