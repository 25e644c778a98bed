// The target role of an ALB rule: every write is bound to this listener, and to rules that a rollout made for this one.
import { describe, expect, it } from 'vitest';
import { type AlbMode, WRITER_LIFE_SECONDS } from '../../src/core/targets/alb-rule-modes.ts';
import { STEPS } from '../../src/steps/index.ts';
import { albAccess, BASE_RULE, LISTENER, ruleArn } from '../contracts/alb-driver.ts';
import { resources, serviceSpec, synthesize } from './synth.ts';

interface Statement {
  readonly Action: string | string[];
  readonly Resource: string | string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const { engine } = synthesize();

function statementsOf(mode: AlbMode): readonly Statement[] {
  const spec = { ...serviceSpec('shop'), target: albAccess(BASE_RULE, mode).target };
  return synthesize({ specs: [spec] }).services.flatMap((service) =>
    Object.values(resources(service, 'AWS::IAM::Policy')).flatMap(
      ({ Properties }) => Properties.PolicyDocument.Statement,
    ),
  );
}

const statements = statementsOf('rule-per-rollout');
const inPlace = statementsOf('in-place');

function allowing(action: string, among = statements): Statement[] {
  return among.filter(({ Action }) => [Action].flat().includes(`elasticloadbalancing:${action}`));
}

const MADE_BY_A_ROLLOUT = {
  StringEquals: { 'aws:ResourceTag/stepshift:base-rule': BASE_RULE },
  Null: { 'aws:ResourceTag/stepshift:rollout': 'false' },
};

describe('the target role of an ALB rule', () => {
  it('names no resource only where Elastic Load Balancing knows none', () => {
    const open = statements.filter(({ Resource }) => [Resource].flat().includes('*'));
    const actions = open.flatMap(({ Action }) => Action);
    expect(actions.length).toBeGreaterThan(0);
    for (const action of actions) expect(action).toMatch(/^elasticloadbalancing:Describe/);
  });

  it('makes rules on this listener alone, tagged as made for this rule', () => {
    const [create, ...more] = allowing('CreateRule');
    expect(more).toEqual([]);
    expect(create).toMatchObject({
      Resource: LISTENER,
      Condition: { StringEquals: { 'aws:RequestTag/stepshift:base-rule': BASE_RULE } },
    });
  });

  it('tags nothing but a rule that is being made', () => {
    const [tag, ...more] = allowing('AddTags');
    expect(more).toEqual([]);
    expect(tag?.Resource).toBe(ruleArn('*'));
    // by this tag a later delete knows its own: who may set it on another rule may delete that one
    expect(tag?.Condition).toEqual({
      StringEquals: {
        'aws:RequestTag/stepshift:base-rule': BASE_RULE,
        'elasticloadbalancing:CreateAction': 'CreateRule',
      },
    });
  });

  it('deletes only what a rollout of this rule made', () => {
    const [remove, ...more] = allowing('DeleteRule');
    expect(more).toEqual([]);
    expect(remove).toMatchObject({
      Resource: ruleArn('*'),
      Condition: MADE_BY_A_ROLLOUT,
    });
  });

  it('may look up the user pools of its own account and Region, as copying a sign-in at Cognito takes', () => {
    const lookUps = statements.filter(({ Action }) => Action === 'cognito-idp:DescribeUserPoolClient');
    expect(lookUps.map(({ Resource }) => Resource)).toEqual([
      'arn:aws:cognito-idp:eu-west-2:123456789012:userpool/*',
    ]);
  });

  it('changes the base rule itself, and no other rule that it did not make', () => {
    const unconditional = allowing('ModifyRule').filter(({ Condition }) => Condition === undefined);
    expect(unconditional.map(({ Resource }) => Resource)).toEqual([BASE_RULE]);
    expect(allowing('ModifyListener').map(({ Resource }) => Resource)).toEqual([LISTENER]);
  });
});

describe('the target role of a rule that is changed in place', () => {
  it('makes and tags nothing, and changes the base rule alone', () => {
    expect(allowing('CreateRule', inPlace)).toEqual([]);
    expect(allowing('AddTags', inPlace)).toEqual([]);
    expect(allowing('ModifyRule', inPlace).map(({ Resource }) => Resource)).toEqual([BASE_RULE]);
    expect(allowing('ModifyListener', inPlace).map(({ Resource }) => Resource)).toEqual([LISTENER]);
  });

  it('deletes only what a rollout of this rule made in the other mode', () => {
    expect(allowing('DeleteRule', inPlace)).toMatchObject([
      {
        Resource: ruleArn('*'),
        Condition: MADE_BY_A_ROLLOUT,
      },
    ]);
  });

  it('may rely on its quarantine: no step lives longer than that assumes', () => {
    const timeouts = Object.values(resources(engine, 'AWS::Lambda::Function')).flatMap(({ Properties }) =>
      Properties.Environment?.Variables?.POWERTOOLS_SERVICE_NAME === 'stepshift' ? [Properties.Timeout] : [],
    );
    expect(timeouts).toHaveLength(Object.keys(STEPS).length);
    expect(Math.max(...timeouts)).toBeLessThanOrEqual(WRITER_LIFE_SECONDS);
  });
});
