// No policy allows a whole service, and every resource that is not named exactly is on a list here with its reason.
import { describe, expect, it } from 'vitest';
import { ALB_MODES } from '../../src/core/targets/alb-rule-modes.ts';
import { albAccess, BASE_RULE } from '../contracts/alb-driver.ts';
import { fencesOf, readDocument } from '../docs/markdown.ts';
import { joined, resources, serviceSpec, synthesize } from './synth.ts';

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: string | string[];
  readonly Resource?: unknown;
  readonly NotAction?: unknown;
  readonly NotResource?: unknown;
}

const { engine, services } = synthesize({ specs: [serviceSpec('checkout')] });
const albServices = ALB_MODES.flatMap((mode) => {
  const spec = { ...serviceSpec('shop'), target: albAccess(BASE_RULE, mode).target };
  return synthesize({ specs: [spec] }).services;
});
const templates = [engine, ...services, ...albServices];

/** Of every kind of policy that CloudFormation knows here: of roles, of topics, of the queue, and who assumes roles. */
const statements: readonly Statement[] = templates.flatMap((template) =>
  Object.values(template.toJSON()['Resources'] as Record<string, { Properties?: Record<string, unknown> }>)
    .flatMap(({ Properties = {} }) => [
      Properties['PolicyDocument'],
      Properties['AssumeRolePolicyDocument'],
      ...((Properties['Policies'] as { PolicyDocument: unknown }[]) ?? []).map((each) => each.PolicyDocument),
    ])
    .flatMap((document) => (document as { Statement: Statement[] } | undefined)?.Statement ?? []),
);
const allowed = statements.filter(({ Effect }) => Effect === 'Allow');

/** Actions for which AWS knows no resource, and why we need them. Sources: Service Authorization Reference. */
const WITHOUT_A_RESOURCE: Readonly<Record<string, string>> = {
  'cloudwatch:GetMetricData': 'the judge reads metrics, which are no resources',
  'cloudwatch:DescribeAlarms': 'a narrower one leaves composite alarms out without saying so',
  'xray:PutTraceSegments': 'traces of functions and machine',
  'xray:PutTelemetryRecords': 'traces of functions and machine',
  'xray:GetSamplingRules': 'traces of the machine',
  'xray:GetSamplingTargets': 'traces of the machine',
  'logs:CreateLogDelivery': 'Step Functions sets up the log of the machine',
  'logs:GetLogDelivery': 'Step Functions sets up the log of the machine',
  'logs:UpdateLogDelivery': 'Step Functions sets up the log of the machine',
  'logs:DeleteLogDelivery': 'Step Functions sets up the log of the machine',
  'logs:ListLogDeliveries': 'Step Functions sets up the log of the machine',
  'logs:PutResourcePolicy': 'Step Functions sets up the log of the machine',
  'logs:DescribeResourcePolicies': 'Step Functions sets up the log of the machine',
  'logs:DescribeLogGroups': 'Step Functions sets up the log of the machine',
  'elasticloadbalancing:DescribeAccountLimits': 'room for one more rule',
  'elasticloadbalancing:DescribeListeners': 'a read of Elastic Load Balancing',
  'elasticloadbalancing:DescribeLoadBalancerAttributes': 'a read of Elastic Load Balancing',
  'elasticloadbalancing:DescribeRules': 'a read of Elastic Load Balancing',
  'elasticloadbalancing:DescribeTags': 'a read of Elastic Load Balancing',
  'elasticloadbalancing:DescribeTargetGroupAttributes': 'a read of Elastic Load Balancing',
  'elasticloadbalancing:DescribeTargetHealth': 'a read of Elastic Load Balancing',
};

/** Patterns of resources, what may be done to them, and why they cannot be named. */
const PATTERNS: readonly {
  readonly resource: RegExp;
  readonly actions: readonly string[];
  readonly why: string;
}[] = [
  {
    resource: /^arn:\$\{AWS::Partition\}:iam::\$\{AWS::AccountId\}:role\/stepshift-StepshiftEngine-\*$/,
    actions: ['sts:AssumeRole'],
    why: 'services come and go without a change of the engine; each role trusts this engine alone',
  },
  {
    resource:
      /^arn:\$\{AWS::Partition\}:states:\$\{AWS::Region\}:\$\{AWS::AccountId\}:execution:StepshiftEngine:\*$/,
    actions: ['states:DescribeExecution', 'states:GetExecutionHistory', 'states:StopExecution'],
    why: 'executions of this machine get their names when they start',
  },
  {
    resource: /^\$\{\w+\.Arn\}:\*$/,
    actions: ['lambda:InvokeFunction'],
    why: 'a rollout that runs calls the versions it began with',
  },
  {
    resource: /:function:checkout-api:\*$/,
    actions: ['lambda:GetFunctionConfiguration'],
    why: 'the next canary is a version without a number yet',
  },
  {
    resource: /:listener-rule\/app\/shop\/50dc6c495c0c9188\/f2f7dc8efc522ab2\/\*$/,
    actions: [
      'elasticloadbalancing:AddTags',
      'elasticloadbalancing:DeleteRule',
      'elasticloadbalancing:ModifyRule',
    ],
    why: 'a rollout makes its own rule on this listener; conditions bind it by tags',
  },
  {
    resource: /^arn:aws:cognito-idp:eu-west-2:123456789012:userpool\/\*$/,
    actions: ['cognito-idp:DescribeUserPoolClient'],
    why: 'which pool a rule signs in at is in the rule',
  },
];

function actionsOf({ Action = [] }: Statement): readonly string[] {
  return [Action].flat();
}

function resourcesOf({ Resource }: Statement): readonly string[] {
  return Resource === undefined ? [] : [Resource].flat().map(joined);
}

describe('what policies allow', () => {
  it('is always said action by action', () => {
    expect(allowed.length).toBeGreaterThan(50);
    expect(allowed.flatMap(actionsOf).filter((action) => !/^[a-z-]+:[A-Za-z]+$/.test(action))).toEqual([]);
    const inverted = allowed.filter((each) => each.NotAction !== undefined || each.NotResource !== undefined);
    expect(inverted).toEqual([]);
  });

  it('is allowed on any resource exactly where AWS knows none', () => {
    const open = allowed.filter((statement) => resourcesOf(statement).includes('*'));
    expect(new Set(open.flatMap(actionsOf))).toEqual(new Set(Object.keys(WITHOUT_A_RESOURCE)));
  });

  it('is allowed on a pattern of resources exactly where none can be named', () => {
    const found = allowed.flatMap((statement) =>
      resourcesOf(statement)
        .filter((resource) => resource !== '*' && resource.includes('*'))
        .flatMap((resource) => actionsOf(statement).map((action) => ({ resource, action }))),
    );
    const unlisted = found.filter(
      ({ resource, action }) =>
        !PATTERNS.some((row) => row.resource.test(resource) && row.actions.includes(action)),
    );
    expect(unlisted).toEqual([]);
    for (const { resource, actions } of PATTERNS) {
      const used = found.filter((each) => resource.test(each.resource)).map(({ action }) => action);
      expect(new Set(used)).toEqual(new Set(actions));
    }
  });

  it('has a reason for every exception', () => {
    for (const why of [...Object.values(WITHOUT_A_RESOURCE), ...PATTERNS.map((row) => row.why)]) {
      expect(why).not.toBe('');
    }
  });
});

describe('the record', () => {
  it('is asked through the table and its one index, which the engine knows by name', () => {
    const indexes = Object.values(resources(engine, 'AWS::DynamoDB::Table')).flatMap(
      ({ Properties }) => Properties.GlobalSecondaryIndexes,
    );
    const queried = allowed
      .filter((statement) => actionsOf(statement).includes('dynamodb:Query'))
      .flatMap(resourcesOf);
    expect(new Set(queried.map((resource) => resource.replace(/^\$\{\w+\.Arn\}/, '')))).toEqual(
      new Set(['', ...indexes.map(({ IndexName }) => `/index/${IndexName}`)]),
    );
  });
});

describe('docs/permissions.md', () => {
  const page = readDocument('docs/permissions.md');

  it('names every exception', () => {
    const actions = [...Object.keys(WITHOUT_A_RESOURCE), ...PATTERNS.flatMap((row) => row.actions)];
    expect(actions.filter((action) => !page.includes(`\`${action}\``))).toEqual([]);
  });

  it('shows a boundary that lets through what the roles may do, and nothing else', () => {
    const [boundary] = fencesOf('docs/permissions.md', page).filter(({ language }) => language === 'json');
    const [{ Action }] = JSON.parse(boundary?.text ?? '').Statement;
    const granted = templates
      .flatMap((template) => Object.values(resources(template, 'AWS::IAM::Policy')))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .flatMap(actionsOf);
    expect(Action).toEqual([...new Set(granted)].sort());
  });
});
