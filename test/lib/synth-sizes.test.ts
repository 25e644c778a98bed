// Templates fit into AWS's limits, however many services and alarms there are, and the engine does not grow with them.
import { describe, expect, it } from 'vitest';
import { manyServices, SYNTH_CASES } from '../../scripts/synth-cases.ts';
import { largestSizes, overLimit, SIZE_LIMITS, sizesOf } from '../../scripts/template-sizes.ts';
import { ENGINE, templateTexts } from './synth.ts';

const engineAlone = templateTexts([]).get(ENGINE);

describe('templates beside the limits of AWS', () => {
  it.each(SYNTH_CASES)('$name fits', ({ specs }) => {
    const templates = [...templateTexts(specs).values()];
    expect(templates).toHaveLength(1 + specs.length);
    expect(templates.flatMap((template) => overLimit(sizesOf(template)))).toEqual([]);
  });

  it('leaves the engine as it is with the 50th service and with the 51st', () => {
    // alarms and services are data of the records: no rule, no permission and no policy grows with them
    for (const count of [50, 51]) {
      const templates = templateTexts(manyServices(count));
      expect(templates.size).toBe(1 + count);
      expect(templates.get(ENGINE)).toBe(engineAlone);
    }
  });

  it('measures something of everything that the engine has', () => {
    const { managedPolicyCharacters, ...sizes } = sizesOf(engineAlone ?? '');
    expect(managedPolicyCharacters).toBe(0);
    expect(Math.min(...Object.values(sizes))).toBeGreaterThan(0);
  });
});

describe('the measure', () => {
  const statement = { Effect: 'Allow', Action: 'a:b', Resource: 'r'.repeat(6200) };
  const sizesWith = (...resources: readonly object[]) =>
    sizesOf(
      JSON.stringify({
        Resources: Object.fromEntries(resources.map((resource, index) => [`R${index}`, resource])),
      }),
    );
  const policy = (role: string) => ({
    Type: 'AWS::IAM::Policy',
    Properties: { Roles: [{ Ref: role }], PolicyDocument: { Statement: [statement] } },
  });

  it('adds up what one role has inline, and keeps roles apart', () => {
    expect(overLimit(sizesWith(policy('A'), policy('A')))).toEqual(['inlinePolicyCharacters']);
    expect(overLimit(sizesWith(policy('A'), policy('B')))).toEqual([]);
  });

  it('counts policies written into the role too', () => {
    const Policies = [{ PolicyDocument: { Statement: [statement] } }];
    const sizes = sizesWith({ Type: 'AWS::IAM::Role', Properties: { Policies } });
    expect(sizes.inlinePolicyCharacters).toBe(JSON.stringify(Policies[0]?.PolicyDocument).length);
  });

  it('finds a managed policy, a trust policy and a pattern that are too long', () => {
    const long = { Statement: [statement] };
    expect(
      overLimit(
        sizesWith(
          { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: long } },
          { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: long } },
          { Type: 'AWS::Events::Rule', Properties: { EventPattern: long } },
        ),
      ),
    ).toEqual(['managedPolicyCharacters', 'trustPolicyCharacters', 'eventPatternCharacters']);
  });

  it('counts references at the longest that they can get', () => {
    const withResource = (resource: unknown) =>
      sizesWith({
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: { PolicyDocument: { Resource: resource } },
      }).managedPolicyCharacters;
    expect(withResource({ 'Fn::GetAtt': ['Table', 'Arn'] })).toBe(withResource('x'.repeat(160)));
    expect(withResource({ 'Fn::Join': [':', ['a', { Ref: 'AWS::AccountId' }]] })).toBe(
      withResource('a:123456789012'),
    );
  });

  it('finds the permissions of one function too many, as one rule for each alarm would make them', () => {
    const permission = (index: number) => ({
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName: { Ref: 'F' },
        Principal: 'events.amazonaws.com',
        Action: 'lambda:InvokeFunction',
        SourceArn: { 'Fn::GetAtt': [`Rule${index}`, 'Arn'] },
      },
    });
    const many = (count: number) =>
      sizesWith(...Array.from({ length: count }, (_, index) => permission(index)));
    expect(overLimit(many(20))).toEqual([]);
    expect(overLimit(many(60))).toEqual(['functionPolicyBytes']);
  });

  it('finds too many resources and too large a template', () => {
    const topic = { Type: 'AWS::SNS::Topic', Properties: { DisplayName: 'x'.repeat(2000) } };
    const sizes = sizesWith(...Array.from({ length: 501 }, () => topic));
    expect(overLimit(sizes)).toEqual(['templateBytes', 'resources']);
  });

  it('takes the largest of each', () => {
    const [few, many] = [sizesWith(policy('A')), sizesWith(policy('A'), policy('B'), policy('C'))];
    expect(largestSizes([few, many])).toEqual(many);
    expect(Object.keys(largestSizes([]))).toEqual(Object.keys(SIZE_LIMITS));
  });
});
