// The doctor's reader on mocked clients: what each answer of AWS becomes, which permission a refusal names, and that all the
// permissions that are asked for in the docs are those that are used.
import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  ListImportsCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
} from '@aws-sdk/client-cloudformation';
import {
  CloudTrailClient,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetTrailStatusCommand,
} from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  GetAccountSettingsCommand,
  GetAliasCommand,
  GetFunctionConcurrencyCommand,
  LambdaClient,
  ListVersionsByFunctionCommand,
} from '@aws-sdk/client-lambda';
import { DescribeStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { registerServiceTokenExport } from '../../lib/names.ts';
import { awsDoctorReader } from '../../src/aws/doctor-reader.ts';
import { tokenExport } from '../../src/aws/doctor-stacks.ts';
import { retentionIn } from '../../src/aws/doctor-targets.ts';
import { diagnose } from '../../src/cli/doctor-examination.ts';
import { NothingToRead, ReadRefused } from '../../src/core/doctor.ts';
import { ACCOUNT_CHECKS } from '../../src/core/doctor-account-checks.ts';
import { ENGINE_CHECKS } from '../../src/core/doctor-engine-checks.ts';
import { SERVICE_CHECKS } from '../../src/core/doctor-service-checks.ts';
import { PermissionError } from '../../src/core/errors.ts';
import { BASE_RULE, BLUE, GREEN } from '../contracts/alb-driver.ts';
import { ACCOUNT, deployedDefinition, NOW_MS, RECORDS, REGION } from '../support/fake-doctor.ts';

const stacks = mockClient(CloudFormationClient);
const trails = mockClient(CloudTrailClient);
const alarms = mockClient(CloudWatchClient);
const table = mockClient(DynamoDBDocumentClient);
const balancers = mockClient(ElasticLoadBalancingV2Client);
const lambda = mockClient(LambdaClient);
const machines = mockClient(SFNClient);
const topics = mockClient(SNSClient);
const sts = mockClient(STSClient);

// modules are shared with the tests that follow in this worker
afterAll(() => {
  for (const mock of [stacks, trails, alarms, table, balancers, lambda, machines, topics, sts])
    mock.restore();
});
const MOCKS = [stacks, trails, alarms, table, balancers, lambda, machines, topics, sts];

const ENGINE = 'StepshiftEngine';
const MACHINE = `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:${ENGINE}`;
const TRAIL = `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/audit`;
const ALIAS = {
  kind: 'lambda-alias',
  functionName: 'checkout-api',
  alias: 'live',
  interface: 'http',
} as const;
const RULE = {
  kind: 'alb-rule',
  listenerRuleArn: BASE_RULE,
  slots: { blue: BLUE, green: GREEN },
  mode: 'rule-per-rollout',
} as const;
const DENIED = { name: 'AccessDeniedException', message: 'not authorized' };
const invalid = (message: string) => ({ name: 'ValidationError', message });

const reader = () =>
  awsDoctorReader({
    engineName: ENGINE,
    readToolchain: async () => ({ nodeVersion: '24.21.0', cdk: null }),
    now: () => NOW_MS,
  });

const stackOf = (StackName: string, outputs: Readonly<Record<string, string>>) => ({
  Stacks: [
    {
      StackName,
      StackStatus: 'CREATE_COMPLETE' as const,
      CreationTime: new Date(0),
      Outputs: Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
    },
  ],
});
const resource = (
  LogicalResourceId: string,
  ResourceType: string,
  PhysicalResourceId = LogicalResourceId,
) => ({
  LogicalResourceId,
  ResourceType,
  PhysicalResourceId,
  ResourceStatus: 'CREATE_COMPLETE' as const,
  LastUpdatedTimestamp: new Date(0),
});

/** A whole engine with two services and a chat channel, all well. */
function everythingWell(): void {
  stacks
    .on(DescribeStacksCommand)
    .rejects(invalid('Stack with id x does not exist'))
    .on(DescribeStacksCommand, { StackName: ENGINE })
    .resolves(
      stackOf(ENGINE, {
        RolloutMachineArn: `${MACHINE}:live`,
        TableName: 'rollouts',
        SignalFunctionName: 'signal',
        TopicSeverity1: 'topic-1',
        TopicSeverity2: 'topic-2',
      }),
    )
    .on(DescribeStacksCommand, { StackName: 'CDKToolkit' })
    .resolves(stackOf('CDKToolkit', { BootstrapVersion: '28' }))
    .on(ListStacksCommand)
    .resolvesOnce({
      NextToken: 'more',
      StackSummaries: [{ StackName: 'Other', StackStatus: 'CREATE_COMPLETE', CreationTime: new Date(0) }],
    })
    .resolves({
      StackSummaries: [
        { StackName: `${ENGINE}-Chat`, StackStatus: 'CREATE_COMPLETE', CreationTime: new Date(0) },
      ],
    })
    .on(ListStackResourcesCommand, { StackName: ENGINE })
    .resolves({
      StackResourceSummaries: [
        resource('RollBackAB12', 'AWS::Lambda::Function', 'engine-roll-back'),
        resource('AlarmsX', 'AWS::CloudWatch::Alarm', `stepshift-${ENGINE}-sweeper-missing`),
      ],
    })
    .on(ListStackResourcesCommand, { StackName: `${ENGINE}-Chat` })
    .resolves({ StackResourceSummaries: [resource('Channel', 'AWS::Chatbot::SlackChannelConfiguration')] })
    .on(ListImportsCommand, { ExportName: tokenExport(ENGINE) })
    .resolves({ Imports: ['Team'] })
    .on(ListStackResourcesCommand, { StackName: 'Team' })
    .resolvesOnce({
      NextToken: 'more',
      StackResourceSummaries: [resource('S', 'Custom::StepshiftService', 'shop')],
    })
    .resolves({
      StackResourceSummaries: [
        resource('R', 'AWS::IAM::Role'),
        resource('C', 'Custom::StepshiftService', 'checkout'),
      ],
    })
    .on(DescribeStackResourcesCommand)
    .resolves({
      StackResources: [
        {
          StackName: 'Shop',
          LogicalResourceId: 'Fn',
          PhysicalResourceId: 'checkout-api',
          ResourceType: 'AWS::Lambda::Function',
          Timestamp: new Date(0),
          ResourceStatus: 'CREATE_COMPLETE',
        },
      ],
    })
    .on(GetTemplateCommand)
    .resolves({ TemplateBody: JSON.stringify({ Resources: { Fn: { Type: 'AWS::Lambda::Function' } } }) });
  sts
    .on(GetCallerIdentityCommand)
    .resolves({ Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/dev/ana`, Account: ACCOUNT });
  machines.on(DescribeStateMachineCommand, { stateMachineArn: MACHINE }).resolves({
    definition: deployedDefinition(),
  } as never);
  table.on(GetCommand).callsFake(({ Key: { pk } }) => {
    if (pk === 'engine') return { Item: { atMs: NOW_MS - 1000 } };
    const record = RECORDS[String(pk).replace('service#', '')];
    return record === undefined ? {} : { Item: { record: JSON.stringify(record) } };
  });
  alarms.on(DescribeAlarmsCommand).callsFake(({ AlarmNames }) => ({
    MetricAlarms: AlarmNames.map((AlarmName: string) => ({ AlarmName, StateValue: 'OK' })),
  }));
  topics.on(ListSubscriptionsByTopicCommand).callsFake(({ TopicArn, NextToken }) =>
    NextToken === undefined
      ? {
          NextToken: 'more',
          Subscriptions: [{ Protocol: 'email', Endpoint: TopicArn, SubscriptionArn: 'PendingConfirmation' }],
        }
      : {
          Subscriptions: [
            {
              Protocol: 'https',
              Endpoint: 'https://global.sns-api.chatbot.amazonaws.com',
              SubscriptionArn: 'arn',
            },
          ],
        },
  );
  lambda
    .on(GetAccountSettingsCommand)
    .resolves({ AccountLimit: { ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 900 } })
    .on(GetFunctionConcurrencyCommand, { FunctionName: 'engine-roll-back' })
    .resolves({ ReservedConcurrentExecutions: 5 })
    .on(GetAliasCommand)
    .resolves({ FunctionVersion: '41' })
    .on(ListVersionsByFunctionCommand)
    .resolvesOnce({ NextMarker: 'more', Versions: [{ Version: '$LATEST' }, { Version: '40' }] })
    .resolves({ Versions: [{ Version: '41' }] });
  balancers
    .on(DescribeRulesCommand)
    .resolves({ Rules: [{ RuleArn: BASE_RULE, Actions: [{ Type: 'forward', TargetGroupArn: BLUE }] }] })
    .on(DescribeTargetGroupsCommand)
    .resolves({ TargetGroups: [] });
  trails
    .on(DescribeTrailsCommand)
    .resolves({
      trailList: [
        { Name: 'audit', TrailARN: TRAIL, IsMultiRegionTrail: true, HomeRegion: 'us-east-1' },
        { Name: 'elsewhere', HomeRegion: 'us-east-1', IsMultiRegionTrail: false },
      ],
    })
    .on(GetTrailStatusCommand, { Name: TRAIL })
    .resolves({ IsLogging: true })
    .on(GetEventSelectorsCommand, { TrailName: TRAIL })
    .resolves({ EventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: true }] });
}

beforeEach(() => {
  vi.stubEnv('AWS_REGION', REGION);
  for (const mock of MOCKS) mock.reset();
  everythingWell();
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const ROWS = [...ACCOUNT_CHECKS, ...ENGINE_CHECKS, ...SERVICE_CHECKS];

/** `DescribeStacksCommand` of which client → the action in a policy. */
const PREFIXES = new Map<unknown, string>([
  [stacks, 'cloudformation'],
  [trails, 'cloudtrail'],
  [alarms, 'cloudwatch'],
  [table, 'dynamodb'],
  [balancers, 'elasticloadbalancing'],
  [lambda, 'lambda'],
  [machines, 'states'],
  [topics, 'sns'],
  [sts, 'sts'],
]);

function actionsMade(): readonly string[] {
  const made = MOCKS.flatMap((mock) =>
    mock.calls().map(({ args }) => {
      const name = args[0].constructor.name.replace(/Command$/, '');
      return `${PREFIXES.get(mock)}:${name === 'Get' ? 'GetItem' : name}`;
    }),
  );
  return [...new Set(made)].sort();
}

/** What takes away each permission. */
const DENIALS: Readonly<Record<string, () => void>> = {
  'cloudformation:DescribeStacks': () => void stacks.on(DescribeStacksCommand).rejects(DENIED),
  'cloudformation:DescribeStackResources': () =>
    void stacks.on(DescribeStackResourcesCommand).rejects(DENIED),
  'cloudformation:GetTemplate': () => void stacks.on(GetTemplateCommand).rejects(DENIED),
  'cloudformation:ListImports': () => void stacks.on(ListImportsCommand).rejects(DENIED),
  'cloudformation:ListStackResources': () => void stacks.on(ListStackResourcesCommand).rejects(DENIED),
  'cloudformation:ListStacks': () => void stacks.on(ListStacksCommand).rejects(DENIED),
  'cloudtrail:DescribeTrails': () => void trails.on(DescribeTrailsCommand).rejects(DENIED),
  'cloudtrail:GetEventSelectors': () => void trails.on(GetEventSelectorsCommand).rejects(DENIED),
  'cloudtrail:GetTrailStatus': () => void trails.on(GetTrailStatusCommand).rejects(DENIED),
  'cloudwatch:DescribeAlarms': () => void alarms.on(DescribeAlarmsCommand).rejects(DENIED),
  'dynamodb:GetItem': () => void table.on(GetCommand).rejects(DENIED),
  'elasticloadbalancing:DescribeRules': () => void balancers.on(DescribeRulesCommand).rejects(DENIED),
  'elasticloadbalancing:DescribeTargetGroups': () =>
    void balancers.on(DescribeTargetGroupsCommand).rejects(DENIED),
  'lambda:GetAccountSettings': () => void lambda.on(GetAccountSettingsCommand).rejects(DENIED),
  'lambda:GetAlias': () => void lambda.on(GetAliasCommand).rejects(DENIED),
  'lambda:GetFunctionConcurrency': () => void lambda.on(GetFunctionConcurrencyCommand).rejects(DENIED),
  'lambda:ListVersionsByFunction': () => void lambda.on(ListVersionsByFunctionCommand).rejects(DENIED),
  'sns:ListSubscriptionsByTopic': () => void topics.on(ListSubscriptionsByTopicCommand).rejects(DENIED),
  'states:DescribeStateMachine': () => void machines.on(DescribeStateMachineCommand).rejects(DENIED),
};

describe('a whole examination', () => {
  it('makes exactly the calls whose permissions the rows name', async () => {
    const { code, findings } = await diagnose(reader(), ENGINE, []);
    expect(findings.filter(({ severity }) => severity === 'unknown')).toEqual([]);
    expect(code).toBe(0);
    expect(actionsMade()).toEqual([...new Set(ROWS.flatMap(({ needs }) => needs))].sort());
  });

  it('asks for each thing once', async () => {
    await diagnose(reader(), ENGINE, []);
    expect(sts.calls()).toHaveLength(1);
    const asked = stacks.commandCalls(DescribeStacksCommand).map(({ args }) => args[0].input.StackName);
    expect(asked.toSorted()).toEqual(['CDKToolkit', ENGINE]);
  });

  it('reads only', () => {
    for (const action of ROWS.flatMap(({ needs }) => needs)) {
      expect(action).toMatch(/^[a-z]+:(Get|List|Describe)[A-Za-z]+$/);
    }
  });

  it.each(Object.keys(DENIALS))('without %s names it, and looks at the rest', async (action) => {
    DENIALS[action]?.();
    const { findings, missingActions } = await diagnose(reader(), ENGINE, []);
    expect(missingActions).toEqual([action]);
    const needing = ROWS.filter(({ needs }) => needs.includes(action)).map(({ id }) => id);
    const refused = findings.filter(({ missingAction }) => missingAction === action);
    // where the engine is, is asked for most rows
    const isForAll = action === 'cloudformation:DescribeStacks';
    for (const { check } of isForAll ? [] : refused) expect(needing).toContain(check);
    expect(refused.length).toBeGreaterThan(0);
    expect(findings.some(({ severity }) => severity === 'ok')).toBe(true);
  });

  it('has a denial here for each permission but that to ask who one is, which AWS grants always', () => {
    const needed = new Set(ROWS.flatMap(({ needs }) => needs));
    expect([...Object.keys(DENIALS), 'sts:GetCallerIdentity'].sort()).toEqual([...needed].sort());
  });
});

describe('who asks', () => {
  it('is not let in with credentials that are no good', async () => {
    sts.on(GetCallerIdentityCommand).rejects({ name: 'ExpiredToken', message: 'expired' });
    await expect(reader().identity()).rejects.toThrow(PermissionError);
    expect((await diagnose(reader(), ENGINE, [])).code).toBe(9);
    expect(stacks.calls()).toEqual([]);
  });
});

describe('an engine', () => {
  it('that is not there leaves nothing to read, and is looked for in other Regions', async () => {
    stacks
      .on(DescribeStacksCommand, { StackName: ENGINE })
      .rejects(invalid(`Stack with id ${ENGINE} does not exist`));
    expect(await reader().stack(ENGINE)).toBeNull();
    await expect(reader().definition()).rejects.toThrow(NothingToRead);
    await expect(reader().lastSweep()).rejects.toThrow(NothingToRead);
    await expect(reader().services()).rejects.toThrow(`there is no engine ${ENGINE} here`);
    expect(await reader().alias(ALIAS)).toEqual({
      alias: { primaryVersion: '41', additionalShares: {} },
      owner: null,
    });
    expect(await reader().concurrency()).toEqual({ limit: 1000, unreserved: 900, wayBackReserved: null });
    expect(await reader().regionsWithStack(ENGINE)).toEqual([]);
    const asked = stacks
      .commandCalls(DescribeStacksCommand)
      .map(({ thisValue }) => thisValue as CloudFormationClient);
    const regions = await Promise.all(asked.map(({ config }) => config.region()));
    expect(regions).toContain('eu-west-1');
  });

  it('is found in another Region, where one refuses to answer', async () => {
    stacks.on(DescribeStacksCommand, { StackName: ENGINE }).callsFake(async (_input, getClient) => {
      const region = await getClient().config.region();
      if (region === 'us-east-1') throw Object.assign(new Error('no'), DENIED);
      if (region !== 'eu-west-1')
        throw Object.assign(new Error('does not exist'), { name: 'ValidationError' });
      return stackOf(ENGINE, {});
    });
    expect(await reader().regionsWithStack(ENGINE)).toEqual(['eu-west-1']);
  });

  it('is read by the name of its machine, not of its alias', async () => {
    await reader().definition();
    expect(machines.call(0).args[0].input).toEqual({ stateMachineArn: MACHINE });
  });

  it('tells when its machine is gone', async () => {
    machines.on(DescribeStateMachineCommand).rejects({ name: 'StateMachineDoesNotExist', message: 'gone' });
    expect(await reader().definition()).toBeNull();
  });

  it('tells when its table is gone', async () => {
    table.on(GetCommand).rejects({ name: 'ResourceNotFoundException', message: 'gone' });
    expect(await reader().lastSweep()).toEqual({ hasTable: false, atMs: null, nowMs: NOW_MS });
  });

  it('tells of its alarms, of the channels of its stacks, and of all pages of subscriptions', async () => {
    expect((await reader().engineAlarms()).map(({ name }) => name)).toEqual([
      `stepshift-${ENGINE}-sweeper-missing`,
    ]);
    expect(await reader().chats()).toMatchObject([{ stack: `${ENGINE}-Chat`, logicalId: 'Channel' }]);
    const found = await reader().subscriptions();
    expect(found.map(({ severity, isPending }) => [severity, isPending])).toEqual([
      [1, true],
      [1, false],
      [2, true],
      [2, false],
    ]);
  });

  it('knows the services of all stacks that import its token', async () => {
    expect(await reader().services()).toEqual(['checkout', 'shop']);
    expect(tokenExport(ENGINE)).toBe(registerServiceTokenExport(ENGINE));
  });

  it.each([
    "Export 'StepshiftEngine:RegisterServiceToken' is not imported by any stack.",
    'No export named StepshiftEngine:RegisterServiceToken found.',
  ])('has no services when CloudFormation says: %s', async (message) => {
    stacks.on(ListImportsCommand).rejects(invalid(message));
    expect(await reader().services()).toEqual([]);
  });
});

describe('trails', () => {
  const advanced = (...fields: readonly object[]) =>
    trails.on(GetEventSelectorsCommand).resolves({
      AdvancedEventSelectors: [
        { FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }, ...fields] as never },
      ],
    });
  const keepsWrites = async () => (await reader().trails()).map((trail) => trail.keepsWrites);

  it('are those that record this Region, each asked where it lives', async () => {
    expect(await reader().trails()).toEqual([{ name: 'audit', isLogging: true, keepsWrites: true }]);
    const { thisValue } = trails.commandCalls(GetTrailStatusCommand)[0] ?? {};
    expect(await (thisValue as CloudTrailClient).config.region()).toBe('us-east-1');
  });

  it.each([
    [true, {}],
    [false, { ReadWriteType: 'ReadOnly' }],
    [false, { IncludeManagementEvents: false }],
  ] as const)('keep writes: %s, by %j', async (expected, selector) => {
    trails.on(GetEventSelectorsCommand).resolves({ EventSelectors: [selector] });
    expect(await keepsWrites()).toEqual([expected]);
  });

  it.each([
    [true, []],
    [true, [{ Field: 'readOnly', Equals: ['false'] }]],
    [false, [{ Field: 'readOnly', Equals: ['true'] }]],
    [true, [{ Field: 'eventSource', NotEquals: ['kms.amazonaws.com'] }]],
    [false, [{ Field: 'eventSource', NotEquals: ['lambda.amazonaws.com'] }]],
    [false, [{ Field: 'eventSource', Equals: ['s3.amazonaws.com'] }]],
  ] as const)('keep writes of Lambda: %s, by advanced selectors %j', async (expected, fields) => {
    advanced(...fields);
    expect(await keepsWrites()).toEqual([expected]);
  });

  it('are enough when one is good, and unknown when the one that was not told may be it', async () => {
    const OTHER = TRAIL.replace('audit', 'other');
    trails.on(DescribeTrailsCommand).resolves({
      trailList: [
        { Name: 'audit', TrailARN: TRAIL, HomeRegion: REGION },
        { Name: 'other', TrailARN: OTHER, HomeRegion: REGION },
      ],
    });
    trails.on(GetTrailStatusCommand, { Name: OTHER }).rejects(DENIED);
    expect(await reader().trails()).toHaveLength(1);
    trails.on(GetTrailStatusCommand, { Name: TRAIL }).resolves({ IsLogging: false });
    await expect(reader().trails()).rejects.toThrow(ReadRefused);
  });
});

describe('an alias', () => {
  it('is told with its shares and the rollout that owns it', async () => {
    lambda.on(GetAliasCommand).resolves({
      FunctionVersion: '41',
      RoutingConfig: { AdditionalVersionWeights: { 42: 0.07 } },
    });
    table.on(GetCommand).resolves({ Item: { owner: 'r1', epoch: 1, mode: 'FORWARD' } });
    expect(await reader().alias(ALIAS)).toEqual({
      alias: { primaryVersion: '41', additionalShares: { 42: 7 } },
      owner: 'r1',
    });
  });

  it('and its function may be missing', async () => {
    const gone = { name: 'ResourceNotFoundException', message: 'gone' };
    lambda.on(GetAliasCommand).rejects(gone).on(ListVersionsByFunctionCommand).rejects(gone);
    stacks.on(DescribeStackResourcesCommand).rejects(invalid('Stack for checkout-api does not exist'));
    expect((await reader().alias(ALIAS)).alias).toBeNull();
    expect(await reader().retention(ALIAS)).toEqual({ alias: null, publishedVersions: [], template: null });
  });

  it('has its published versions from all pages, and the stack of its function', async () => {
    expect(await reader().retention(ALIAS)).toEqual({
      alias: { primaryVersion: '41', additionalShares: {} },
      publishedVersions: ['40', '41'],
      template: { stack: 'Shop', deletedVersions: [], aliases: [] },
    });
  });
});

describe('the template of a function', () => {
  const found = (resources: object) => retentionIn(JSON.stringify({ Resources: resources }), 'Fn', ALIAS);
  const version = (more: object, FunctionName: unknown = { Ref: 'Fn' }) => ({
    Type: 'AWS::Lambda::Version',
    ...more,
    Properties: { FunctionName },
  });

  it('deletes old versions unless it says otherwise', () => {
    expect(
      found({
        Bare: version({}),
        Deleted: version({ DeletionPolicy: 'Delete' }),
        Kept: version({ DeletionPolicy: 'Retain' }),
        AlsoKept: version({ DeletionPolicy: 'RetainExceptOnCreate' }),
        Named: version({}, 'checkout-api'),
        Other: version({}, { Ref: 'Fn2' }),
      }).deletedVersions,
    ).toEqual(['Bare', 'Deleted', 'Named']);
  });

  it('may hold the alias itself', () => {
    const alias = (Name: string) => ({
      Type: 'AWS::Lambda::Alias',
      Properties: { FunctionName: { Ref: 'Fn' }, Name },
    });
    expect(found({ Live: alias('live'), Beta: alias('beta') }).aliases).toEqual(['Live']);
  });

  it('is read as YAML with short forms, too', () => {
    const text = [
      'Resources:',
      '  V:',
      '    Type: AWS::Lambda::Version',
      '    Properties: { FunctionName: !Ref Fn }',
      '  B: { Type: AWS::S3::Bucket }',
    ].join('\n');
    expect(retentionIn(text, 'Fn', ALIAS).deletedVersions).toEqual(['V']);
  });
});

describe('a rule', () => {
  it('is told with its shares', async () => {
    expect(await reader().rule(RULE)).toEqual({ shares: { [BLUE]: 100 }, missingSlots: [], owner: null });
  });

  it('and a slot may be missing', async () => {
    balancers
      .on(DescribeRulesCommand)
      .rejects({ name: 'RuleNotFoundException', message: 'gone' })
      .on(DescribeTargetGroupsCommand, { TargetGroupArns: [GREEN] })
      .rejects({ name: 'TargetGroupNotFoundException', message: 'gone' });
    expect(await reader().rule(RULE)).toEqual({ shares: null, missingSlots: [GREEN], owner: null });
  });
});

it('gives up early: somebody waits', async () => {
  await reader().identity();
  const { thisValue } = sts.call(0);
  expect(await (thisValue as STSClient).config.maxAttempts()).toBe(3);
});
