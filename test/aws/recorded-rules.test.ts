// Listener rules and the health of targets as they stand on the wire: AWS query requests, XML answers, and how they fail.
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { describe, expect, it } from 'vitest';
import { elbv2AlbRouter } from '../../src/aws/elbv2-alb-router.ts';
import { PermissionError, TransientError } from '../../src/core/errors.ts';
import { albAccess, albOrder, BASE_RULE, BLUE, GREEN, LISTENER, ruleArn } from '../contracts/alb-driver.ts';
import { allowed } from '../contracts/traffic-router-scene.ts';
import { replay, type Script, type SentRequest } from './recorded/replay.ts';

const OWN_RULE = ruleArn('0a1b2c3d4e5f6071');

function routing(script: Script) {
  const names = Object.entries(script).map(([call, answers]): [string, readonly string[]] => [
    call,
    answers.map((answer) => `elbv2/${answer}`),
  ]);
  const elbv2 = replay(Object.fromEntries(names));
  const client = new ElasticLoadBalancingV2Client(elbv2.config);
  return { ...elbv2, router: elbv2AlbRouter({ clientFor: () => client, pause: async () => {} }) };
}

/** What was sent under one name, as its parameters. */
function paramsOf(sent: readonly SentRequest[], call: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(sent.find((one) => one.call === call)?.body));
}

describe('DescribeRules', () => {
  it('is a form with action and version; the listener is named, not the rule', async () => {
    const { router, sent } = routing({
      DescribeRules: ['describe-rules.untouched'],
      DescribeTags: ['describe-tags.base'],
    });
    await router.verify(albOrder(1));
    expect(sent[0]).toMatchObject({
      method: 'POST',
      host: 'elasticloadbalancing.eu-west-2.amazonaws.com',
      path: '/',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(paramsOf(sent, 'DescribeRules')).toEqual({
      Action: 'DescribeRules',
      Version: '2015-12-01',
      ListenerArn: LISTENER,
    });
    expect(paramsOf(sent, 'DescribeTags')).toEqual({
      Action: 'DescribeTags',
      Version: '2015-12-01',
      'ResourceArns.member.1': BASE_RULE,
    });
  });

  it('tells where the traffic goes by the weights of the rollout’s own rule, found by its tag', async () => {
    const { router } = routing({
      DescribeRules: ['describe-rules.split', 'describe-rules.attached', 'describe-rules.untouched'],
      DescribeTags: ['describe-tags.own-and-base', 'describe-tags.own-and-base', 'describe-tags.base'],
    });
    const none = { strangers: [], writtenBy: null };
    expect(await router.verify(albOrder(1))).toEqual({ canaryPercent: 5, stablePercent: 95, ...none });
    expect(await router.verify(albOrder(1))).toEqual({ canaryPercent: 0, stablePercent: 100, ...none });
    expect(await router.verify(albOrder(1))).toEqual({ canaryPercent: 0, stablePercent: 100, ...none });
  });

  // XML has no null: what ends the pages may be an empty element, and the first page was then asked for again, for ever
  it('ends with an empty marker as it does without one', async () => {
    const { router, sent } = routing({
      DescribeRules: ['describe-rules.page-1', 'describe-rules.page-2-with-empty-marker'],
      DescribeTags: ['describe-tags.base'],
    });
    expect(await router.verify(albOrder(1))).toMatchObject({ stablePercent: 100, strangers: [] });
    const [first, second, ...more] = sent.filter(({ call }) => call === 'DescribeRules');
    expect(more).toEqual([]);
    expect(second?.body).toBe(`${first?.body}&Marker=AAAAAkEyMzQ1Njc4OTA%3D`);
  });

  it.each([
    ['throttling', TransientError, 'Throttling: Rate exceeded'],
    ['access-denied', PermissionError, 'not authorized to perform: elasticloadbalancing:DescribeRules'],
  ])('%s is an error of its kind', async (name, kind, words) => {
    const failing = () => routing({ DescribeRules: [name] }).router.verify(albOrder(1));
    await expect(failing()).rejects.toThrow(kind);
    await expect(failing()).rejects.toThrow(words);
  });

  it('keeps the name of a listener that is gone, and makes rules that vanish under way transient', async () => {
    const gone = routing({ DescribeRules: ['describe-rules.listener-not-found'] });
    await expect(gone.router.verify(albOrder(1))).rejects.toMatchObject({
      name: 'ListenerNotFoundException',
    });
    const vanishing = routing({ DescribeRules: ['describe-rules.split'], DescribeTags: ['rule-not-found'] });
    await expect(vanishing.router.verify(albOrder(1))).rejects.toThrow(TransientError);
  });
});

describe('the rule of a rollout', () => {
  it('is made from what was read: conditions once, the sign-in first, weights and tags as the API takes them', async () => {
    const { router, sent } = routing({
      DescribeRules: ['describe-rules.page-1', 'describe-rules.page-2-with-empty-marker'],
      DescribeTags: ['describe-tags.base'],
      CreateRule: ['create-rule.made'],
      DescribeTargetHealth: ['describe-target-health.healthy'],
    });
    expect(await router.prepare(albOrder(0), allowed)).toEqual({ ruleArn: OWN_RULE });
    const groups = 'Actions.member.2.ForwardConfig.TargetGroups.member';
    const cognito = 'Actions.member.1.AuthenticateCognitoConfig';
    expect(paramsOf(sent, 'CreateRule')).toEqual({
      Action: 'CreateRule',
      Version: '2015-12-01',
      ListenerArn: LISTENER,
      Priority: '9',
      'Conditions.member.1.Field': 'host-header',
      'Conditions.member.1.HostHeaderConfig.Values.member.1': 'shop.example.com',
      'Conditions.member.1.HostHeaderConfig.Values.member.2': '*.shop.example.com',
      'Conditions.member.2.Field': 'query-string',
      'Conditions.member.2.QueryStringConfig.Values.member.1.Key': 'ref',
      'Conditions.member.2.QueryStringConfig.Values.member.1.Value': 'a&b',
      'Actions.member.1.Type': 'authenticate-cognito',
      'Actions.member.1.Order': '1',
      [`${cognito}.UserPoolArn`]: 'arn:aws:cognito-idp:eu-west-2:123456789012:userpool/eu-west-2_AbCdEfGhI',
      [`${cognito}.UserPoolClientId`]: '1example23456789',
      [`${cognito}.UserPoolDomain`]: 'shop',
      [`${cognito}.SessionCookieName`]: 'AWSELBAuthSessionCookie',
      [`${cognito}.Scope`]: 'openid',
      [`${cognito}.SessionTimeout`]: '604800',
      [`${cognito}.OnUnauthenticatedRequest`]: 'authenticate',
      'Actions.member.2.Type': 'forward',
      'Actions.member.2.Order': '2',
      [`${groups}.1.TargetGroupArn`]: BLUE,
      [`${groups}.1.Weight`]: '999',
      [`${groups}.2.TargetGroupArn`]: GREEN,
      [`${groups}.2.Weight`]: '0',
      'Tags.member.1.Key': 'stepshift:rollout',
      'Tags.member.1.Value': 'shop-42',
      'Tags.member.2.Key': 'stepshift:base-rule',
      'Tags.member.2.Value': BASE_RULE,
      'Tags.member.3.Key': 'stepshift:stable',
      'Tags.member.3.Value': BLUE,
    });
  });

  it('waits for the next try where somebody took its priority', async () => {
    const { router } = routing({
      DescribeRules: ['describe-rules.untouched'],
      DescribeTags: ['describe-tags.base'],
      CreateRule: ['create-rule.priority-in-use'],
    });
    await expect(router.prepare(albOrder(0), allowed)).rejects.toThrow(
      'the rule of the rollout could not be made',
    );
  });

  it('is changed by its ARN, and read back', async () => {
    const { router, sent, unused } = routing({
      DescribeRules: ['describe-rules.attached', 'describe-rules.split'],
      DescribeTags: ['describe-tags.own-and-base', 'describe-tags.own-and-base'],
      DescribeTargetHealth: ['describe-target-health.healthy'],
      ModifyRule: ['modify-rule.changed'],
    });
    const live = await router.shift(albOrder(1), { expectedPercent: 0, weightPercent: 5 }, allowed);
    expect(live).toMatchObject({ canaryPercent: 5, stablePercent: 95 });
    expect(paramsOf(sent, 'ModifyRule')).toMatchObject({
      RuleArn: OWN_RULE,
      'Actions.member.1.ForwardConfig.TargetGroups.member.1.Weight': '950',
      'Actions.member.1.ForwardConfig.TargetGroups.member.2.Weight': '50',
    });
    expect(unused()).toEqual([]);
  });

  it.each(['delete-rule.deleted', 'rule-not-found'])(
    'is taken away, and gone already is fine (%s)',
    async (name) => {
      const { router, sent } = routing({
        DescribeRules: ['describe-rules.split', 'describe-rules.untouched'],
        DescribeTags: ['describe-tags.own-and-base', 'describe-tags.base'],
        DeleteRule: [name],
      });
      const { found, live } = await router.restore(albOrder(2), allowed);
      expect([found.canaryPercent, live.canaryPercent]).toEqual([5, 0]);
      expect(paramsOf(sent, 'DeleteRule')).toEqual({
        Action: 'DeleteRule',
        Version: '2015-12-01',
        RuleArn: OWN_RULE,
      });
    },
  );
});

describe('DescribeTargetHealth', () => {
  const health = (...names: readonly string[]) => {
    const script = { DescribeTargetHealth: names.map((name) => `describe-target-health.${name}`) };
    const { router, ...elbv2 } = routing(script);
    return { ...elbv2, answer: router.health(albOrder(1)) };
  };

  it('counts every state: new and unused ones are pending, leaving ones are none', async () => {
    const { sent, answer } = health('healthy', 'every-state');
    expect(await answer).toEqual({
      stable: { healthy: 2, unhealthy: 0, pending: 0 },
      canary: { healthy: 1, unhealthy: 3, pending: 4 },
    });
    expect(sent.map(({ body }) => new URLSearchParams(body).get('TargetGroupArn'))).toEqual([BLUE, GREEN]);
  });

  it.each([
    ['unused', { healthy: 0, unhealthy: 0, pending: 1 }],
    ['unchecked', { healthy: 1, unhealthy: 0, pending: 0 }],
    ['no-targets', { healthy: 0, unhealthy: 0, pending: 0 }],
    ['target-group-not-found', { healthy: 0, unhealthy: 0, pending: 0 }],
  ])('%s', async (name, canary) => {
    expect(await health('healthy', name).answer).toMatchObject({ canary });
  });

  it('that is unavailable is trouble that passes, and no sick slot', async () => {
    await expect(health('healthy', 'health-unavailable').answer).rejects.toThrow(TransientError);
  });
});

describe('the facts for the gates', () => {
  it('are put together from seven calls', async () => {
    const { router, sent, unused } = routing({
      DescribeListeners: ['describe-listeners.one'],
      DescribeRules: ['describe-rules.untouched'],
      DescribeTargetHealth: ['describe-target-health.healthy', 'describe-target-health.unused'],
      DescribeTargetGroupAttributes: [
        'describe-target-group-attributes.plain',
        'describe-target-group-attributes.sticky',
      ],
      DescribeAccountLimits: ['describe-account-limits.page-1', 'describe-account-limits.page-2'],
      DescribeTags: ['describe-tags.everything'],
      DescribeLoadBalancerAttributes: ['describe-load-balancer-attributes.idle-120'],
    });
    expect(await router.describe(albAccess(), '42')).toEqual({
      kind: 'alb-rule',
      rule: {
        actionTypes: ['forward'],
        shares: { 'shop-blue': 100 },
        liveSlot: 'blue',
        controllerTags: ['elbv2.k8s.aws/cluster'],
        freePriority: 9,
        leftOver: null,
      },
      slots: {
        blue: {
          arn: BLUE,
          version: '041',
          health: { healthy: 2, unhealthy: 0, pending: 0 },
          isSticky: false,
          otherRules: [],
        },
        green: {
          arn: GREEN,
          version: '42',
          health: { healthy: 0, unhealthy: 0, pending: 1 },
          isSticky: true,
          otherRules: [],
        },
      },
      ruleQuota: { used: 1, limit: 100 },
      idleTimeoutSeconds: 120,
    });
    expect(unused()).toEqual([]);
    expect(new Set(sent.map(({ body }) => new URLSearchParams(body).get('Version')))).toEqual(
      new Set(['2015-12-01']),
    );
  });
});
