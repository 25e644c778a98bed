// The calls of an emergency stop on the wire: one write each, nothing that a refused read could hold up.
import {
  DeleteRuleCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
  ModifyRuleCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetAliasCommand, LambdaClient, UpdateAliasCommand } from '@aws-sdk/client-lambda';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { aliasEmergency, listenerEmergency, readCaller } from '../../src/aws/emergency-stop.ts';
import { PermissionError, TransientError } from '../../src/core/errors.ts';
import { BASE_RULE, LISTENER, ruleArn } from '../contracts/alb-driver.ts';

const lambda = mockClient(LambdaClient);
const elb = mockClient(ElasticLoadBalancingV2Client);
const sts = mockClient(STSClient);

// modules are shared with the tests that follow in this worker
afterAll(() => {
  for (const mock of [lambda, elb, sts]) mock.restore();
});
const DENIED = { name: 'AccessDeniedException', message: 'not authorized' };

beforeEach(() => {
  for (const mock of [lambda, elb, sts]) mock.reset();
});

describe('an alias', () => {
  it('loses its weights by one UpdateAlias that names them as empty and asks for no revision', async () => {
    lambda.on(UpdateAliasCommand).resolves({ FunctionVersion: '41' });
    expect(await aliasEmergency().clearWeights('checkout-api', 'live', 'who and when')).toEqual({ 41: 100 });
    expect(lambda.calls().map(({ args }) => args[0].input)).toEqual([
      {
        FunctionName: 'checkout-api',
        Name: 'live',
        RoutingConfig: { AdditionalVersionWeights: {} },
        Description: 'who and when',
      },
    ]);
  });

  it('is told by the shares of its versions', async () => {
    lambda.on(GetAliasCommand).resolves({
      FunctionVersion: '41',
      RoutingConfig: { AdditionalVersionWeights: { 42: 0.07 } },
    });
    expect(await aliasEmergency().read('checkout-api', 'live')).toEqual({ 41: 93, 42: 7 });
  });

  it('names the call that was refused', async () => {
    lambda.on(UpdateAliasCommand).rejects(DENIED);
    const stopped = aliasEmergency().clearWeights('checkout-api', 'live', '');
    await expect(stopped).rejects.toThrow(PermissionError);
    await expect(stopped).rejects.toThrow(/^UpdateAlias checkout-api:live: AccessDeniedException/);
  });

  it('is read in one try and written in many', async () => {
    lambda.on(GetAliasCommand).resolves({});
    lambda.on(UpdateAliasCommand).resolves({});
    await aliasEmergency().read('f', 'live');
    await aliasEmergency().clearWeights('f', 'live', '');
    const attempts = lambda.calls().map(({ thisValue }) => (thisValue as LambdaClient).config.maxAttempts());
    expect(await Promise.all(attempts)).toEqual([1, 10]);
  });
});

describe('a listener', () => {
  const OWN = ruleArn('00000000000000aa');
  const tagged = {
    TagDescriptions: [{ ResourceArn: OWN, Tags: [{ Key: 'stepshift:rollout', Value: 'r1' }] }],
  };

  it('is read with the tags of all rules but the default one, which can have none of ours', async () => {
    elb
      .on(DescribeRulesCommand, { ListenerArn: LISTENER })
      .resolves({ Rules: [{ RuleArn: OWN }, { RuleArn: BASE_RULE, IsDefault: true }] });
    elb.on(DescribeTagsCommand, { ResourceArns: [OWN] }).resolves(tagged);
    for (const way of ['read', 'glance'] as const) {
      const { rules, tags } = await listenerEmergency('eu-west-2')[way](LISTENER);
      expect(rules).toHaveLength(2);
      expect(tags).toEqual({ [OWN]: { 'stepshift:rollout': 'r1' } });
    }
  });

  it('is asked in the Region of its ARN, wherever the caller is', async () => {
    elb.on(DeleteRuleCommand).resolves({});
    await listenerEmergency('ap-south-1').deleteRule(OWN);
    const { thisValue, args } = elb.call(0);
    expect(await (thisValue as ElasticLoadBalancingV2Client).config.region()).toBe('ap-south-1');
    expect(args[0].input).toEqual({ RuleArn: OWN });
  });

  it('takes a rule that is gone for deleted', async () => {
    elb.on(DeleteRuleCommand).rejects({ name: 'RuleNotFoundException', message: 'gone' });
    await expect(listenerEmergency('eu-west-2').deleteRule(OWN)).resolves.toBeUndefined();
  });

  it('is written with whole lists of actions', async () => {
    elb.on(ModifyRuleCommand).resolves({}).on(ModifyListenerCommand).resolves({});
    const actions = [{ Type: 'forward' as const, TargetGroupArn: 'group' }];
    await listenerEmergency('eu-west-2').modifyRule(BASE_RULE, actions);
    await listenerEmergency('eu-west-2').modifyListener(LISTENER, actions);
    expect(elb.calls().map(({ args }) => args[0].input)).toEqual([
      { RuleArn: BASE_RULE, Actions: actions },
      { ListenerArn: LISTENER, DefaultActions: actions },
    ]);
  });

  it('reads the tags of what it is asked for', async () => {
    elb.on(DescribeTagsCommand, { ResourceArns: [OWN] }).resolves(tagged);
    expect(await listenerEmergency('eu-west-2').readTags([OWN])).toEqual({
      [OWN]: { 'stepshift:rollout': 'r1' },
    });
  });

  it('passes throttling on as something to try again', async () => {
    elb.on(DeleteRuleCommand).rejects({ name: 'ThrottlingException', message: 'slow down' });
    await expect(listenerEmergency('eu-west-2').deleteRule(OWN)).rejects.toThrow(TransientError);
  });
});

it('asks AWS for the name of the caller', async () => {
  sts.on(GetCallerIdentityCommand).resolves({ Arn: 'arn:aws:sts::123456789012:assumed-role/dev/ana' });
  expect(await readCaller()).toBe('arn:aws:sts::123456789012:assumed-role/dev/ana');
});
