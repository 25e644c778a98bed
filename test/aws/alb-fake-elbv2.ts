// A mocked Elastic Load Balancing client over the in-memory control plane: the wire shapes, the pages and the errors of
// the API, the behaviour of the plane.
import {
  CreateRuleCommand,
  DeleteRuleCommand,
  DescribeAccountLimitsCommand,
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  LoadBalancerNotFoundException,
  ModifyListenerCommand,
  ModifyRuleCommand,
  TargetGroupNotFoundException,
  type TargetHealth,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { mockClient } from 'aws-sdk-client-mock';
import type { AlbControlPlane } from '../../src/sim/memory-alb.ts';

const LIMITS = [
  { Name: 'target-groups', Max: '3000' },
  { Name: 'application-load-balancers', Max: '50' },
];
const MAX_ARNS_PER_CALL = 20;

export function fakeElbv2(plane: AlbControlPlane): ElasticLoadBalancingV2Client {
  const client = new ElasticLoadBalancingV2Client({ region: 'eu-west-2' });
  const mock = mockClient(client);
  mockReads(mock as unknown as LooseMock, plane);
  mock.on(CreateRuleCommand).callsFake(async (input) => {
    const rule = await plane.createRule({
      listenerArn: input.ListenerArn,
      priority: input.Priority,
      conditions: input.Conditions,
      actions: input.Actions,
      tags: fromPairs(input.Tags),
    });
    return { Rules: [rule] };
  });
  mock.on(ModifyRuleCommand).callsFake((input) => plane.modifyRule(input.RuleArn, input.Actions));
  mock
    .on(ModifyListenerCommand)
    .callsFake((input) => plane.modifyListener(input.ListenerArn, input.DefaultActions));
  mock.on(DeleteRuleCommand).callsFake((input) => plane.deleteRule(input.RuleArn));
  return client;
}

/** aws-sdk-client-mock, without the types of inputs and outputs that it would infer for each command. */
interface LooseMock {
  on(command: unknown): { callsFake(fake: (input: never) => unknown): void };
}

function mockReads(mock: LooseMock, plane: AlbControlPlane): void {
  mock
    .on(DescribeListenersCommand)
    .callsFake(({ LoadBalancerArn, Marker }: { LoadBalancerArn: string; Marker?: string }) => {
      const arns = plane
        .describeListenerArns()
        .filter((arn) => arn.replace(':listener/', ':loadbalancer/').startsWith(LoadBalancerArn));
      if (arns.length === 0) throw new LoadBalancerNotFoundException({ message: 'none', $metadata: {} });
      return onePerPage(
        arns.map((ListenerArn) => ({ ListenerArn })),
        Marker,
        'Listeners',
      );
    });
  mock
    .on(DescribeRulesCommand)
    .callsFake(async ({ ListenerArn, Marker }: { ListenerArn: string; Marker?: string }) =>
      onePerPage(await plane.describeRules(ListenerArn), Marker, 'Rules'),
    );
  mock.on(DescribeTagsCommand).callsFake(async ({ ResourceArns }: { ResourceArns: string[] }) => {
    if (ResourceArns.length > MAX_ARNS_PER_CALL) throw new Error('too many ARNs in one call');
    const tags = await plane.describeTags(ResourceArns);
    return {
      TagDescriptions: Object.entries(tags).map(([ResourceArn, pairs]) => ({
        ResourceArn,
        Tags: Object.entries(pairs).map(([Key, Value]) => ({ Key, Value })),
      })),
    };
  });
  mock.on(DescribeTargetHealthCommand).callsFake(async ({ TargetGroupArn }: { TargetGroupArn: string }) => {
    const health = await plane.describeHealth(TargetGroupArn);
    if (health === null) throw new TargetGroupNotFoundException({ message: 'none', $metadata: {} });
    const { healthy, unhealthy, pending } = health;
    const targets: [number, TargetHealth][] = [
      [healthy, { State: 'healthy' }],
      [unhealthy, { State: 'unhealthy', Reason: 'Target.FailedHealthChecks' }],
      [pending, { State: 'unused', Reason: 'Target.NotInUse' }],
      [1, { State: 'draining' }],
      [1, { State: 'unhealthy.draining' }],
    ];
    return {
      TargetHealthDescriptions: targets.flatMap(([count, health]) =>
        Array.from({ length: count }, () => ({ TargetHealth: health })),
      ),
    };
  });
  mock
    .on(DescribeTargetGroupAttributesCommand)
    .callsFake(async ({ TargetGroupArn }: { TargetGroupArn: string }) => ({
      Attributes: [{ Key: 'stickiness.enabled', Value: String(await plane.isSticky(TargetGroupArn)) }],
    }));
  mock.on(DescribeLoadBalancerAttributesCommand).callsFake(async () => ({
    Attributes: [{ Key: 'idle_timeout.timeout_seconds', Value: String(await plane.idleTimeoutSeconds()) }],
  }));
  mock.on(DescribeAccountLimitsCommand).callsFake(async ({ Marker }: { Marker?: string }) => {
    const Max = String(await plane.ruleLimit());
    return onePerPage([...LIMITS, { Name: 'rules-per-application-load-balancer', Max }], Marker, 'Limits');
  });
}

/** Pages of one, so that a reader who forgets the second page is found out. */
function onePerPage(all: readonly object[], marker: string | undefined, key: string) {
  const index = Number(marker ?? 0);
  return {
    [key]: all.slice(index, index + 1),
    ...(index + 1 < all.length ? { NextMarker: String(index + 1) } : {}),
  };
}

function fromPairs(tags: readonly { Key?: string; Value?: string }[] = []): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}
