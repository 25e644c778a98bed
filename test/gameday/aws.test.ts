// The adapters of the game day against mocked clients: what goes over the wire and what is made of the answers.
import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import {
  CloudWatchClient,
  DeleteAlarmMuteRuleCommand,
  DescribeAlarmHistoryCommand,
  DisableAlarmActionsCommand,
  EnableAlarmActionsCommand,
  GetMetricDataCommand,
  PutAlarmMuteRuleCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateRuleCommand,
  DeleteRuleCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  GetAliasCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  UpdateAliasCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import {
  GetExecutionHistoryCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { elbv2Balancer } from '../../gameday/aws/balancer.ts';
import { cloudwatchAlarms, cloudwatchMetrics } from '../../gameday/aws/cloudwatch.ts';
import { cdkArguments, cdkDeployer } from '../../gameday/aws/deployer.ts';
import { aliasesUnder, lambdaAliases, lambdaFunctions } from '../../gameday/aws/lambda.ts';
import { sfnMachines } from '../../gameday/aws/machines.ts';
import { dynamodbRecorder } from '../../gameday/aws/recorder.ts';
import { cloudformationEstate, readOutputs, updateParameter } from '../../gameday/aws/stacks.ts';
import { PROBE } from '../../gameday/core/names.ts';
import { errorNameOf } from '../../gameday/core/probe.ts';
import { named } from './fake-lambda.ts';

const REGION = { region: 'eu-west-2', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };
const NAME = { FunctionName: PROBE.functionName, Name: PROBE.alias };

describe('aliases', () => {
  const client = new LambdaClient(REGION);
  const mock = mockClient(client);
  const aliases = lambdaAliases(client);
  const live = {
    FunctionVersion: '1',
    RevisionId: 'r1',
    RoutingConfig: { AdditionalVersionWeights: { '2': 0.07 } },
  };

  it('are read in percent', async () => {
    mock.on(GetAliasCommand, NAME).resolves(live);
    expect(await aliases.read(PROBE)).toEqual({
      version: '1',
      shares: { '2': 7 },
      revisionId: 'r1',
      description: '',
    });
  });

  it.each([
    [{ description: 'x' }, { Description: 'x' }],
    [{ shares: {} }, { RoutingConfig: { AdditionalVersionWeights: {} } }],
    [
      { version: '3', shares: { '2': 7 } },
      { FunctionVersion: '3', RoutingConfig: { AdditionalVersionWeights: { '2': 0.07 } } },
    ],
    [{ revisionId: 'r0' }, { RevisionId: 'r0' }],
  ])('are changed by exactly what is asked: %j', async (change, sent) => {
    mock.reset();
    mock.on(UpdateAliasCommand).resolves(live);
    await aliases.update(PROBE, change);
    expect(mock.commandCalls(UpdateAliasCommand)[0]?.args[0].input).toEqual({ ...NAME, ...sent });
  });

  it('throw the service’s own errors, since their names are measured', async () => {
    mock.on(UpdateAliasCommand).rejects(named('PreconditionFailedException'));
    expect(await errorNameOf(() => aliases.update(PROBE, {}))).toBe('PreconditionFailedException');
  });

  it.each(['ThrottlingException', 'TooManyRequestsException', 'TimeoutError'])(
    'take %s for no answer',
    async (name) => {
      mock.on(UpdateAliasCommand).rejects(named(name));
      await expect(errorNameOf(() => aliases.update(PROBE, {}))).rejects.toThrow(name);
    },
  );

  it('are reached under a session policy', async () => {
    const sts = new STSClient(REGION);
    const assumed = mockClient(sts)
      .on(AssumeRoleCommand)
      .resolves({
        Credentials: { AccessKeyId: 'x', SecretAccessKey: 'y', SessionToken: 'z', Expiration: undefined },
      });
    await aliasesUnder(
      'arn:role',
      sts,
    )([{ Effect: 'Allow', Action: ['lambda:UpdateAlias'], Resource: ['*'] }]);
    const { Policy = '', RoleArn } = assumed.commandCalls(AssumeRoleCommand)[0]?.args[0].input ?? {};
    expect(RoleArn).toBe('arn:role');
    expect(JSON.parse(Policy).Statement).toEqual([
      { Effect: 'Allow', Action: ['lambda:UpdateAlias'], Resource: ['*'] },
    ]);
  });
});

describe('functions', () => {
  const client = new LambdaClient(REGION);
  const mock = mockClient(client);
  const functions = lambdaFunctions(client, client);
  const payload = (value: unknown) => new TextEncoder().encode(JSON.stringify(value)) as never;

  it.each([
    [
      'an answer',
      { ExecutedVersion: '2', Payload: payload({ isSlow: true }) },
      { version: '2', result: 'ok', isSlow: true },
    ],
    [
      'a failure',
      { ExecutedVersion: '2', FunctionError: 'Unhandled', Payload: payload({ errorType: 'Error' }) },
      { version: '2', result: 'failed', isSlow: false },
    ],
  ])('tell %s by the version that gave it', async (_what, output, expected) => {
    mock.on(InvokeCommand, { FunctionName: PROBE.functionName, Qualifier: 'live' }).resolves(output);
    expect(await functions.invoke(PROBE, {})).toEqual(expected);
  });

  it('tell what was turned away, and throw what was not answered', async () => {
    mock.on(InvokeCommand).rejects(named('TooManyRequestsException'));
    expect(await functions.invoke(PROBE, {})).toEqual({ version: null, result: 'throttled', isSlow: false });
    mock.on(InvokeCommand).rejects(named('TimeoutError'));
    await expect(functions.invoke(PROBE, {})).rejects.toThrow('TimeoutError');
  });

  it('publish a behaviour once its configuration is there', async () => {
    mock.reset();
    mock
      .on(GetFunctionCommand)
      .resolves({ Configuration: { LastUpdateStatus: 'Successful', State: 'Active' } });
    mock.on(GetFunctionConfigurationCommand, { Qualifier: '9' }).resolves({ State: 'Active' });
    mock.on(UpdateFunctionConfigurationCommand).resolves({});
    mock.on(PublishVersionCommand).resolves({ Version: '9' });
    expect(await functions.publish(PROBE.functionName, 'bad', 'why')).toBe('9');
    const order = mock.calls().map(({ args: [command] }) => command.constructor.name);
    expect(order).toEqual([
      'UpdateFunctionConfigurationCommand',
      'GetFunctionCommand',
      'PublishVersionCommand',
      'GetFunctionConfigurationCommand',
    ]);
    expect(
      mock.commandCalls(UpdateFunctionConfigurationCommand)[0]?.args[0].input.Environment?.Variables,
    ).toEqual({ BEHAVIOUR: 'bad', LABEL: 'why' });
  });

  it('delete versions, and close and open functions', async () => {
    mock.reset();
    await functions.deleteVersion('f', '3');
    await functions.setClosed('f', true);
    await functions.setClosed('f', false);
    expect(mock.commandCalls(DeleteFunctionCommand)[0]?.args[0].input).toEqual({
      FunctionName: 'f',
      Qualifier: '3',
    });
    expect(
      mock.commandCalls(PutFunctionConcurrencyCommand)[0]?.args[0].input.ReservedConcurrentExecutions,
    ).toBe(0);
    expect(mock.commandCalls(DeleteFunctionConcurrencyCommand)).toHaveLength(1);
  });
});

describe('metrics', () => {
  const client = new CloudWatchClient(REGION);
  const mock = mockClient(client);
  const metrics = cloudwatchMetrics(client, client);
  const series = ['Sum', 'p50'].map((stat) => ({ namespace: 'N', name: 'M', dimensions: { D: 'd' }, stat }));
  const asked = { periodSeconds: 60, fromMs: 0, toMs: 60_000 };
  const result = (Id: string, value: number, StatusCode: 'Complete' | 'PartialData' = 'Complete') => ({
    Id,
    Timestamps: [new Date(0)],
    Values: [value],
    StatusCode,
  });

  it('are paged to the end, and unknown where they are not complete', async () => {
    mock.reset();
    mock
      .on(GetMetricDataCommand)
      .resolvesOnce({ MetricDataResults: [result('s0', 1, 'PartialData')], NextToken: 't' })
      .resolves({ MetricDataResults: [result('s0', 2), result('s1', 3, 'PartialData')] });
    expect(await metrics.read(series, asked)).toEqual([
      [
        { atMs: 0, value: 1 },
        { atMs: 0, value: 2 },
      ],
      null,
    ]);
    expect(mock.commandCalls(GetMetricDataCommand)[0]?.args[0].input.MetricDataQueries?.[1]).toEqual({
      Id: 's1',
      MetricStat: {
        Metric: { Namespace: 'N', MetricName: 'M', Dimensions: [{ Name: 'D', Value: 'd' }] },
        Period: 60,
        Stat: 'p50',
      },
    });
  });

  it('are tried once', async () => {
    mock.reset();
    mock.on(GetMetricDataCommand).resolves({ MetricDataResults: [result('s0', 1), result('s1', 1)] });
    expect(await metrics.tryOnce(series, asked)).toBe('complete');
    mock.on(GetMetricDataCommand).resolves({ MetricDataResults: [result('s0', 1)] });
    expect(await metrics.tryOnce(series, asked)).toBe('partial');
    mock.on(GetMetricDataCommand).rejects(named('ThrottlingException'));
    expect(await metrics.tryOnce(series, asked)).toBe('throttled');
    mock.on(GetMetricDataCommand).rejects(named('AccessDeniedException'));
    await expect(metrics.tryOnce(series, asked)).rejects.toThrow('AccessDenied');
  });
});

describe('alarms', () => {
  const client = new CloudWatchClient(REGION);
  const mock = mockClient(client);
  const alarms = cloudwatchAlarms(() => Date.UTC(2026, 10, 21, 20, 8, 30), client);

  it('are set, muted from the next minute on, and switched', async () => {
    mock.reset();
    await alarms.setState('a', 'ALARM', 'why');
    await alarms.mute('a');
    await alarms.setActionsEnabled('a', false);
    await alarms.setActionsEnabled('a', true);
    expect(mock.commandCalls(SetAlarmStateCommand)[0]?.args[0].input).toEqual({
      AlarmName: 'a',
      StateValue: 'ALARM',
      StateReason: 'why',
    });
    expect(mock.commandCalls(PutAlarmMuteRuleCommand)[0]?.args[0].input).toMatchObject({
      Rule: { Schedule: { Expression: 'at(2026-11-21T20:09)', Duration: 'PT1H' } },
      MuteTargets: { AlarmNames: ['a'] },
    });
    expect(mock.commandCalls(DisableAlarmActionsCommand)).toHaveLength(1);
    expect(mock.commandCalls(EnableAlarmActionsCommand)).toHaveLength(1);
  });

  it('are unmuted also where no rule is left', async () => {
    mock.on(DeleteAlarmMuteRuleCommand).rejects(named('ResourceNotFoundException'));
    await alarms.unmute();
    mock.on(DeleteAlarmMuteRuleCommand).rejects(named('AccessDeniedException'));
    await expect(alarms.unmute()).rejects.toThrow('AccessDenied');
  });

  it('tell what became of their actions', async () => {
    mock
      .on(DescribeAlarmHistoryCommand)
      .resolves({ AlarmHistoryItems: [{ HistorySummary: 'Successfully executed action x' }] });
    expect(await alarms.actionsSince('a', 0)).toEqual(['Successfully executed action x']);
  });
});

describe('what the functions wrote', () => {
  it('comes in the order in which it was received', async () => {
    const client = new DynamoDBClient(REGION);
    mockClient(client)
      .on(QueryCommand)
      .resolves({
        Items: [{ receivedAtMs: { N: '20' } }, { receivedAtMs: { N: '10' }, happenedAtMs: { N: '5' } }],
      });
    expect(await dynamodbRecorder(client).read('alarm/a')).toEqual([
      { receivedAtMs: 10, happenedAtMs: 5 },
      { receivedAtMs: 20, happenedAtMs: null },
    ]);
  });
});

describe('machines', () => {
  const client = new SFNClient(REGION);
  const mock = mockClient(client);
  const machines = sfnMachines('arn:machine', client);

  it('are started, stopped, and tell all pages of a history', async () => {
    mock
      .on(StartExecutionCommand, { stateMachineArn: 'arn:machine', name: 'r' })
      .resolves({ executionArn: 'arn:e' });
    mock
      .on(GetExecutionHistoryCommand)
      .resolvesOnce({ events: [{ type: 'ExecutionStarted', id: 1, timestamp: new Date(0) }], nextToken: 't' })
      .resolves({
        events: [
          {
            type: 'TaskStateEntered',
            id: 2,
            timestamp: new Date(0),
            stateEnteredEventDetails: { name: 'Bake' },
          },
        ],
      });
    expect(await machines.startBeating('r')).toBe('arn:e');
    await machines.stop('arn:e');
    expect(mock.commandCalls(StopExecutionCommand)).toHaveLength(1);
    expect(await machines.history('arn:e')).toEqual([
      { type: 'ExecutionStarted', entered: null },
      { type: 'TaskStateEntered', entered: 'Bake' },
    ]);
  });
});

describe('the load balancer', () => {
  const client = new ElasticLoadBalancingV2Client(REGION);
  const mock = mockClient(client);
  const site = async () => ({
    host: 'lb.example',
    listenerArn: 'arn:l',
    groups: { blue: 'arn:b', green: 'arn:g' },
  });
  const asked: { readonly url: string; readonly cookie: string | undefined }[] = [];
  const request = (async (url: string, { headers }: { headers: Record<string, string> }) => {
    asked.push({ url, cookie: headers['cookie'] });
    const answer = new Headers([
      ['set-cookie', 'AWSALBTG=abc; Path=/'],
      ['set-cookie', 'other=1'],
    ]);
    return new Response(url.endsWith('/gone') ? 'no rule' : 'green\n', {
      headers: answer,
      status: url.endsWith('/gone') ? 404 : 200,
    });
  }) as unknown as typeof fetch;
  const balancer = elbv2Balancer(site, client, request);

  it('makes, changes and deletes rules', async () => {
    mock.on(CreateRuleCommand).resolves({ Rules: [{ RuleArn: 'arn:r' }] });
    expect(
      await balancer.createRule({
        path: '/x',
        priority: 3,
        weights: { blue: 100, green: 0 },
        isSticky: true,
      }),
    ).toBe('arn:r');
    await balancer.modifyRule('arn:r', { blue: 100 }, false);
    await balancer.deleteRule('arn:r');
    const groupsOf = (input: { Actions?: { ForwardConfig?: { TargetGroups?: unknown[] } }[] } | undefined) =>
      input?.Actions?.[0]?.ForwardConfig?.TargetGroups;
    expect(groupsOf(mock.commandCalls(CreateRuleCommand)[0]?.args[0].input as never)).toEqual([
      { TargetGroupArn: 'arn:b', Weight: 100 },
      { TargetGroupArn: 'arn:g', Weight: 0 },
    ]);
    expect(groupsOf(mock.commandCalls(ModifyRuleCommand)[0]?.args[0].input as never)).toEqual([
      { TargetGroupArn: 'arn:b', Weight: 100 },
    ]);
    expect(mock.commandCalls(DeleteRuleCommand)).toHaveLength(1);
  });

  it('answers with its slot and its cookie', async () => {
    expect(await balancer.ask('/x', 'mine')).toEqual({ slot: 'green', status: 200, cookie: 'abc' });
    expect(asked.at(-1)).toEqual({ url: 'http://lb.example/x', cookie: 'AWSALBTG=mine' });
    expect(await balancer.ask('/gone', null)).toMatchObject({ slot: null, status: 404 });
    expect(asked.at(-1)?.cookie).toBeUndefined();
  });
});

describe('stacks', () => {
  const client = new CloudFormationClient(REGION);
  const mock = mockClient(client);
  const estate = cloudformationEstate(async () => {}, client);
  const stack = (StackName: string, more: object = {}) => ({
    StackName,
    CreationTime: new Date(0),
    StackStatus: 'CREATE_COMPLETE' as const,
    ...more,
  });

  it('are listed with their tags, all pages', async () => {
    mock.reset();
    mock
      .on(DescribeStacksCommand)
      .resolvesOnce({ Stacks: [stack('A', { Tags: [{ Key: 'k', Value: 'v' }] })], NextToken: 't' })
      .resolves({ Stacks: [stack('B')] });
    expect(await estate.list()).toEqual([
      { name: 'A', tags: { k: 'v' } },
      { name: 'B', tags: {} },
    ]);
  });

  it('are removed, or say why not', async () => {
    mock.reset();
    mock
      .on(DescribeStacksCommand)
      .rejects(Object.assign(named('ValidationError'), { message: 'Stack with id A does not exist' }));
    await estate.remove('A');
    expect(mock.commandCalls(DeleteStackCommand)[0]?.args[0].input).toEqual({ StackName: 'A' });
    mock.on(DescribeStacksCommand).resolves({ Stacks: [stack('A', { StackStatus: 'DELETE_FAILED' })] });
    mock.on(DescribeStackEventsCommand).resolves({
      StackEvents: [
        {
          StackId: 's',
          EventId: 'e',
          StackName: 'A',
          Timestamp: new Date(0),
          ResourceStatus: 'DELETE_FAILED',
          LogicalResourceId: 'Bucket',
          ResourceStatusReason: 'not empty',
        },
      ],
    });
    await expect(estate.remove('A')).rejects.toThrow('Bucket: not empty');
  });

  it('are changed by one parameter and keep the others', async () => {
    mock.reset();
    mock.on(DescribeStacksCommand).resolves({
      Stacks: [
        stack('A', {
          StackStatus: 'UPDATE_COMPLETE',
          Parameters: [
            { ParameterKey: 'T', ParameterValue: '1' },
            { ParameterKey: 'B', ParameterValue: '2' },
          ],
          Outputs: [{ OutputKey: 'o', OutputValue: 'x' }],
        }),
      ],
    });
    await updateParameter('A', { key: 'T', value: '9' }, client);
    const { Parameters, UsePreviousTemplate, Tags } =
      mock.commandCalls(UpdateStackCommand)[0]?.args[0].input ?? {};
    expect({ Parameters, UsePreviousTemplate, Tags }).toEqual({
      Parameters: [
        { ParameterKey: 'T', ParameterValue: '9' },
        { ParameterKey: 'B', UsePreviousValue: true },
      ],
      UsePreviousTemplate: true,
      Tags: undefined,
    });
    expect(await readOutputs('A', client)).toEqual({ o: 'x' });
  });
});

describe('the deployer', () => {
  const deployment = { stacks: ['A', 'B'], tags: { t: '1' }, context: { c: '2' } };

  it('calls the CDK of this repository with its own app, tags and context, and asks nobody', () => {
    const argv = cdkArguments(deployment).join(' ');
    expect(argv).toContain('cdk deploy A B --app node gameday/app.ts');
    expect(argv).toContain('--require-approval never');
    expect(argv).toContain('--tags t=1');
    expect(argv).toContain('--context c=2');
  });

  it('fails when the CDK does', async () => {
    await cdkDeployer(async () => 0).deploy(deployment);
    await expect(cdkDeployer(async () => 1).deploy(deployment)).rejects.toThrow(
      'cdk deploy A B ended with 1',
    );
  });
});
