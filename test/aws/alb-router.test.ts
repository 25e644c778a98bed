// The ALB router under the contract of all routers and under that of its kind, over the wire shapes of the real API.
import {
  DeleteRuleCommand,
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
  RuleNotFoundException,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { elbv2AlbRouter } from '../../src/aws/elbv2-alb-router.ts';
import { deleteRule } from '../../src/aws/elbv2-rules.ts';
import { PermissionError } from '../../src/core/errors.ts';
import { ALB_MODES } from '../../src/core/targets/alb-rule-modes.ts';
import type { TrafficRouter } from '../../src/ports.ts';
import { type AlbControlPlane, albControlPlane } from '../../src/sim/memory-alb.ts';
import {
  albAccess,
  albDriver,
  albOrder,
  albSetup,
  albTraits,
  BASE_RULE,
  BLUE,
  GREEN,
  inPlaceOrder,
  LISTENER,
  rule,
  ruleArn,
} from '../contracts/alb-driver.ts';
import { albRouterContract } from '../contracts/alb-router.contract.ts';
import { trafficRouterContract } from '../contracts/traffic-router.contract.ts';
import { allowed } from '../contracts/traffic-router-scene.ts';
import { fakeElbv2 } from './alb-fake-elbv2.ts';
import { wire } from './on-the-wire.ts';

function named(name: string, message: string, httpStatusCode: number): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });
}

const troubles = {
  throttled: () => named('ThrottlingException', 'Rate exceeded', 400),
  denied: (api: string) =>
    named('AccessDenied', `not authorized to perform elasticloadbalancing:${api}`, 403),
  lost: () => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }),
};

/** One answer to every call: the base rule with all traffic on blue, and nothing else. */
const RULES = `<DescribeRulesResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"><DescribeRulesResult><Rules><member>
  <RuleArn>${BASE_RULE}</RuleArn><Priority>10</Priority><IsDefault>false</IsDefault>
  <Actions><member><Type>forward</Type><TargetGroupArn>${BLUE}</TargetGroupArn></member></Actions>
</member></Rules></DescribeRulesResult></DescribeRulesResponse>`;

/** Waits without waiting. */
const makeRouter = (plane: AlbControlPlane): TrafficRouter => {
  const client = fakeElbv2(plane);
  return elbv2AlbRouter({ clientFor: () => client, pause: async () => {} });
};

describe.each(ALB_MODES)('%s', (mode) => {
  trafficRouterContract('the ALB router', async () => albDriver(makeRouter, troubles, mode), albTraits(mode));
});
albRouterContract('the ALB router', makeRouter);

describe('the ALB router', () => {
  it('waits up to a minute for the slot that it attached', async () => {
    const plane = albControlPlane(albSetup());
    const client = fakeElbv2(plane);
    plane.setHealth(GREEN, { healthy: 0, unhealthy: 2 });
    const pauses: number[] = [];
    const pause = async (ms: number): Promise<void> => {
      pauses.push(ms);
      if (pauses.length === 4) plane.setHealth(GREEN, { healthy: 1, unhealthy: 1 });
    };
    const router = elbv2AlbRouter({ clientFor: () => client, pause });
    await router.prepare(albOrder(0), allowed);
    expect(pauses).toEqual([5000, 5000, 5000, 5000]);

    plane.setHealth(GREEN, { healthy: 0, unhealthy: 2 });
    pauses.length = 4;
    await expect(router.prepare(albOrder(0), allowed)).rejects.toThrow(
      'no healthy target: 0 of 2 targets healthy',
    );
    expect(pauses.slice(4).reduce((sum, ms) => sum + ms, 0)).toBe(60_000);
  });

  it('asks for the tags of twenty resources at a time', async () => {
    const many = Array.from({ length: 45 }, (_, index) => rule(`e${index}`, String(100 + index)));
    const setup = albSetup({ listeners: { [LISTENER]: [rule('9683b2d02a6cabee', '10'), ...many] } });
    const facts = await makeRouter(albControlPlane(setup)).describe(albAccess(), '42');
    expect(facts).toMatchObject({ slots: { blue: { version: '41' } }, ruleQuota: { used: 46 } });
  });

  it('takes a load balancer that does not exist for a missing rule', async () => {
    const nowhere = BASE_RULE.replace('50dc6c495c0c9188', 'dead');
    const facts = await makeRouter(albControlPlane(albSetup())).describe(albAccess(nowhere), '42');
    expect(facts).toMatchObject({ rule: null, slots: { blue: { version: '41' } } });
    expect(ruleArn('9683b2d02a6cabee')).toBe(BASE_RULE);
  });
});

describe('deleting a rule', () => {
  function mockedClient() {
    const client = new ElasticLoadBalancingV2Client({ region: 'eu-west-2' });
    const mock = mockClient(client);
    // the right to delete is bound to tags, which a rule that is gone has no more
    mock.on(DeleteRuleCommand).rejects(troubles.denied('DeleteRule'));
    return { client, mock };
  }

  it('is done when the client sent it twice and the second was denied', async () => {
    const { client, mock } = mockedClient();
    const gone = new RuleNotFoundException({ message: 'none', $metadata: {} });
    mock.on(DescribeRulesCommand, { RuleArns: [BASE_RULE] }).rejects(gone);
    await expect(deleteRule(client, BASE_RULE)).resolves.toBeUndefined();
  });

  it('is denied when the rule stands', async () => {
    const { client, mock } = mockedClient();
    mock.on(DescribeRulesCommand).resolves({ Rules: [{ RuleArn: BASE_RULE }] });
    await expect(deleteRule(client, BASE_RULE)).rejects.toThrow(PermissionError);
  });

  it('is denied when nobody may look either, and names what was asked for', async () => {
    const { client, mock } = mockedClient();
    mock.on(DescribeRulesCommand).rejects(troubles.denied('DescribeRules'));
    await expect(deleteRule(client, BASE_RULE)).rejects.toThrow(/not authorized.*:DeleteRule/);
  });
});

describe('bugs that others paid for', () => {
  // Argo Rollouts #491, on a load balancer: a group without its weight counts as 1 and not as 0
  it('zero-is-serialised', async () => {
    const { bodies, config } = wire(() => RULES);
    const client = new ElasticLoadBalancingV2Client(config);
    const router = elbv2AlbRouter({ clientFor: () => client, pause: async () => {} });
    await expect(router.prepare(inPlaceOrder(0), allowed)).rejects.toThrow('no healthy target');
    const write = new URLSearchParams(bodies.find((body) => body.includes('Action=ModifyRule')));
    const groups = 'Actions.member.1.ForwardConfig.TargetGroups.member';
    expect(write.get(`${groups}.1.TargetGroupArn`)).toBe(BLUE);
    expect(write.get(`${groups}.1.Weight`)).toBe('999');
    expect(write.get(`${groups}.2.TargetGroupArn`)).toBe(GREEN);
    expect(write.get(`${groups}.2.Weight`)).toBe('0');
  });
});
