// What `stepshift init` reads of an account, on mocked clients: what each answer of AWS becomes, page by page.
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  GetFunctionUrlConfigCommand,
  GetPolicyCommand,
  LambdaClient,
  ListAliasesCommand,
} from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { awsInitReader } from '../../src/aws/init-reader.ts';
import { PermissionError } from '../../src/core/errors.ts';
import type { AlarmSubject } from '../../src/core/init-reader.ts';
import { BASE_RULE, BLUE, GREEN } from '../contracts/alb-driver.ts';

const alarms = mockClient(CloudWatchClient);
const balancers = mockClient(ElasticLoadBalancingV2Client);
const lambda = mockClient(LambdaClient);
const MOCKS = [alarms, balancers, lambda];

beforeEach(() => {
  vi.stubEnv('AWS_REGION', 'eu-west-2');
  for (const mock of MOCKS) mock.reset();
});
afterEach(() => {
  vi.unstubAllEnvs();
});
// modules are shared with the tests that follow in this worker
afterAll(() => {
  for (const mock of MOCKS) mock.restore();
});

function named(name: string): Error {
  return Object.assign(new Error('no'), { name });
}

const NOTHING = named('ResourceNotFoundException');

describe('aliases', () => {
  it('come from all pages', async () => {
    lambda
      .on(ListAliasesCommand)
      .resolves({ Aliases: [{ Name: 'beta' }], NextMarker: 'more' })
      .on(ListAliasesCommand, { FunctionName: 'f', Marker: 'more' })
      .resolves({ Aliases: [{ Name: 'live' }] });
    expect(await awsInitReader().aliases('f')).toEqual(['beta', 'live']);
  });

  it('are null for a function that is not there, and a refusal is one', async () => {
    lambda.on(ListAliasesCommand).rejectsOnce(NOTHING).rejects(named('AccessDeniedException'));
    expect(await awsInitReader().aliases('f')).toBeNull();
    await expect(awsInitReader().aliases('f')).rejects.toThrow(PermissionError);
  });
});

describe('an alias is called by HTTP', () => {
  const policy = (principal: string) =>
    JSON.stringify({ Statement: [{ Principal: { Service: principal }, Action: 'lambda:InvokeFunction' }] });

  it.each([
    ['an API Gateway', { Policy: policy('apigateway.amazonaws.com') }, NOTHING, true],
    ['a queue', { Policy: policy('sqs.amazonaws.com') }, NOTHING, false],
    ['nobody', NOTHING, NOTHING, false],
    ['a function URL that asks for IAM and has no policy', NOTHING, { FunctionUrl: 'https://x' }, true],
  ])('%s', async (_who, policyAnswer, urlAnswer, expected) => {
    const answer = (to: typeof GetPolicyCommand | typeof GetFunctionUrlConfigCommand, what: object) =>
      what instanceof Error ? lambda.on(to as never).rejects(what) : lambda.on(to as never).resolves(what);
    answer(GetPolicyCommand, policyAnswer);
    answer(GetFunctionUrlConfigCommand, urlAnswer);
    expect(await awsInitReader().isHttp('f', 'live')).toBe(expected);
    for (const call of lambda.calls()) {
      expect(call.args[0].input).toEqual({ FunctionName: 'f', Qualifier: 'live' });
    }
  });
});

describe('target groups of a rule', () => {
  it('are those that it forwards to, at weight 0 too', async () => {
    const TargetGroups = [
      { TargetGroupArn: BLUE, Weight: 1 },
      { TargetGroupArn: GREEN, Weight: 0 },
    ];
    balancers
      .on(DescribeRulesCommand, { RuleArns: [BASE_RULE] })
      .resolves({ Rules: [{ Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups } }] }] });
    expect(await awsInitReader().targetGroups(BASE_RULE)).toEqual([BLUE, GREEN]);
  });

  it('are null for a rule that is not there', async () => {
    balancers.on(DescribeRulesCommand).rejects(named('RuleNotFoundException'));
    expect(await awsInitReader().targetGroups(BASE_RULE)).toBeNull();
  });
});

describe('alarms', () => {
  const byDimension = (name: string, Name: string, Value: string) => ({
    AlarmName: name,
    Dimensions: [{ Name, Value }],
  });
  const OF_FUNCTION: AlarmSubject = { kind: 'function', functionName: 'checkout-api' };

  it('are those whose metric, or a metric of whose formula, names the target', async () => {
    const Metric = { Dimensions: [{ Name: 'FunctionName', Value: 'checkout-api' }] };
    alarms
      .on(DescribeAlarmsCommand)
      .resolves({
        MetricAlarms: [
          byDimension('z-errors', 'FunctionName', 'checkout-api'),
          byDimension('other', 'FunctionName', 'checkout-api-2'),
        ],
        NextToken: 'more',
      })
      .on(DescribeAlarmsCommand, { NextToken: 'more' })
      .resolves({
        MetricAlarms: [
          { AlarmName: 'a-rate', Metrics: [{ Id: 'm', MetricStat: { Metric, Period: 60, Stat: 'Sum' } }] },
          { AlarmName: 'formula', Metrics: [{ Id: 'e', Expression: '1' }] },
        ],
      });
    expect(await awsInitReader().alarms(OF_FUNCTION)).toEqual({
      names: ['a-rate', 'z-errors'],
      isComplete: true,
    });
  });

  it('of a load balancer name it or one of its groups', async () => {
    alarms.on(DescribeAlarmsCommand).resolves({
      MetricAlarms: [
        byDimension('balancer', 'LoadBalancer', 'app/shop/1'),
        byDimension('group', 'TargetGroup', 'targetgroup/shop-blue/2'),
        byDimension('stranger', 'TargetGroup', 'targetgroup/else/3'),
      ],
    });
    const subject: AlarmSubject = {
      kind: 'load-balancer',
      loadBalancerId: 'app/shop/1',
      groupIds: ['targetgroup/shop-blue/2'],
    };
    expect((await awsInitReader().alarms(subject)).names).toEqual(['balancer', 'group']);
  });

  it('are not looked for without end', async () => {
    alarms.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [], NextToken: 'more' });
    expect(await awsInitReader().alarms(OF_FUNCTION)).toEqual({ names: [], isComplete: false });
    expect(alarms.calls()).toHaveLength(20);
  });
});
