// Who may act as whom: every function as itself alone, services only for this account, target roles only by the engine.
import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { targetCallerPath } from '../../lib/names.ts';
import { albAccess, BASE_RULE } from '../contracts/alb-driver.ts';
import { ENGINE, joined, resources, serviceSpec, synthesize } from './synth.ts';

interface Trust {
  readonly Effect: string;
  readonly Action: string;
  readonly Principal: { readonly Service?: string; readonly AWS?: unknown };
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const { engine, services } = synthesize({
  specs: [
    serviceSpec('checkout'),
    { ...serviceSpec('shop'), target: albAccess(BASE_RULE, 'rule-per-rollout').target },
  ],
});
const ACCOUNT = `\${AWS::AccountId}`;

function trusts(template: Template): readonly Trust[] {
  return Object.values(resources(template, 'AWS::IAM::Role')).flatMap(
    ({ Properties }) => Properties.AssumeRolePolicyDocument.Statement,
  );
}

function conditions({ Condition = {} }: Trust): Record<string, Record<string, string>> {
  return Object.fromEntries(
    Object.entries(Condition).map(([operator, keys]) => [
      operator,
      Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, joined(value)])),
    ]),
  );
}

describe('the roles of the engine', () => {
  it('belong to one function each, the helper of the custom resource included', () => {
    const roles = Object.values(resources(engine, 'AWS::Lambda::Function')).map(
      ({ Properties }) => Properties.Role['Fn::GetAtt'][0],
    );
    expect(roles.length).toBeGreaterThan(10);
    expect(new Set(roles).size).toBe(roles.length);
  });

  it('hold no policy of AWS, which would allow every log group of the account', () => {
    for (const { Properties } of Object.values(resources(engine, 'AWS::IAM::Role'))) {
      expect(Properties.ManagedPolicyArns).toBeUndefined();
    }
  });

  const regional = (service: string, resource: string) =>
    `arn:\${AWS::Partition}:${service}:\${AWS::Region}:${ACCOUNT}:${resource}`;
  const [busId] = Object.keys(resources(engine, 'AWS::Events::EventBus'));

  it.each([
    // whether Lambda sends the key is not documented; it takes a role of the function's own account only
    ['lambda.amazonaws.com', { StringEqualsIfExists: { 'aws:SourceAccount': ACCOUNT } }],
    [
      'states.amazonaws.com',
      {
        StringEquals: { 'aws:SourceAccount': ACCOUNT },
        ArnLike: { 'aws:SourceArn': regional('states', 'stateMachine:*') },
      },
    ],
    [
      'events.amazonaws.com',
      {
        StringEquals: { 'aws:SourceAccount': ACCOUNT },
        ArnLike: { 'aws:SourceArn': regional('events', `rule/\${${busId}}/*`) },
      },
    ],
  ])('may be assumed by %s for this account only', (service, expected) => {
    const found = trusts(engine).filter(({ Principal }) => Principal.Service === service);
    expect(found.length).toBeGreaterThan(0);
    for (const trust of found) expect(conditions(trust)).toEqual(expected);
  });

  it('may be assumed by nobody else', () => {
    const principals = trusts(engine).map(({ Principal }) => Principal.Service ?? JSON.stringify(Principal));
    expect(new Set(principals)).toEqual(
      new Set(['lambda.amazonaws.com', 'states.amazonaws.com', 'events.amazonaws.com']),
    );
  });
});

describe('a target role', () => {
  it.each(services.map((template, index) => [index === 0 ? 'Lambda' : 'ALB', template] as const))(
    'of a service on %s may be assumed by callers of this engine and this account only',
    (_kind, template) => {
      const [trust, ...more] = trusts(template);
      expect(more).toEqual([]);
      expect(trust?.Action).toBe('sts:AssumeRole');
      expect(joined(trust?.Principal.AWS)).toBe(`arn:\${AWS::Partition}:iam::${ACCOUNT}:root`);
      expect(conditions(trust as Trust)).toEqual({
        ArnLike: {
          'aws:PrincipalArn': `arn:\${AWS::Partition}:iam::${ACCOUNT}:role${targetCallerPath(ENGINE)}*`,
        },
      });
    },
  );

  it('is not assumed by what another engine owns, even where its name begins alike', () => {
    expect(targetCallerPath('StepshiftEngine-2').startsWith(targetCallerPath(ENGINE))).toBe(false);
  });
});

describe('what other services may do to the engine', () => {
  const permissions = Object.values(resources(engine, 'AWS::Lambda::Permission')).map(
    ({ Properties }) => Properties,
  );

  it('is to invoke a function, by one permission for each rule and principal, each bound to its rule', () => {
    const rules = Object.keys(resources(engine, 'AWS::Events::Rule'));
    expect(permissions.length).toBeGreaterThan(0);
    for (const { Action, Principal, SourceArn } of permissions) {
      expect([Action, Principal]).toEqual(['lambda:InvokeFunction', 'events.amazonaws.com']);
      expect(rules).toContain(SourceArn['Fn::GetAtt'][0]);
    }
    const sources = permissions.map(({ Principal, SourceArn }) => JSON.stringify([Principal, SourceArn]));
    expect(new Set(sources).size).toBe(sources.length);
  });

  it('is to write to its queue and topics, from a named rule or an alarm of this account', () => {
    const allowed: Trust[] = ['AWS::SQS::QueuePolicy', 'AWS::SNS::TopicPolicy']
      .flatMap((type) => Object.values(resources(engine, type)))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter(({ Effect }: Trust) => Effect === 'Allow');
    const sources = allowed.map((statement) => [statement.Principal.Service, conditions(statement)] as const);
    const rules = Object.keys(resources(engine, 'AWS::Events::Rule')).map((id) => `\${${id}.Arn}`);
    const ofRules = sources.filter(([service]) => service === 'events.amazonaws.com');
    const ofAlarms = sources.filter(([service]) => service === 'cloudwatch.amazonaws.com');
    // one for each rule, and the topics of the two severities that the engine's own alarms are told on
    expect([ofRules.length, ofAlarms.length, sources.length]).toEqual([rules.length, 2, rules.length + 2]);
    expect(ofRules.map(([, condition]) => condition['ArnEquals']?.['aws:SourceArn']).sort()).toEqual(
      rules.sort(),
    );
    for (const [, condition] of ofAlarms) {
      expect(condition).toEqual({
        ArnLike: { 'aws:SourceArn': `arn:\${AWS::Partition}:cloudwatch:\${AWS::Region}:${ACCOUNT}:alarm:*` },
        StringEquals: { 'aws:SourceAccount': ACCOUNT },
      });
    }
  });
});
