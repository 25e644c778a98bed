// Reads the facts about an ALB rule and its slots that the gates look at. Writes nothing; what is missing is a fact.
import {
  DescribeAccountLimitsCommand,
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  type TargetHealth,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { SideHealth } from '../core/live-traffic.ts';
import type { AlbRuleTarget } from '../core/targets/alb-rule.ts';
import {
  type AlbReading,
  type AlbRuleFacts,
  albRuleFacts,
  rulesToTag,
} from '../core/targets/alb-rule-facts.ts';
import { namesInRuleArn } from '../core/targets/alb-rule-names.ts';
import { readRules, readTags } from './elbv2-rules.ts';
import { awsCall, isNamed } from './errors.ts';
import { pageToken } from './page-token.ts';

type Client = ElasticLoadBalancingV2Client;

/** Default of Elastic Load Balancing, also where the attribute cannot be read. */
const DEFAULT_IDLE_TIMEOUT_SECONDS = 60;

export async function describeAlbRule(client: Client, target: AlbRuleTarget): Promise<AlbRuleFacts> {
  const { listenerArn, loadBalancerArn } = namesInRuleArn(target.listenerRuleArn);
  const listenerArns = (await readListenerArns(client, loadBalancerArn)) ?? [];
  const [listenerRules, otherRules, blue, green, ruleLimit] = await Promise.all([
    listenerArns.includes(listenerArn) ? readRules(client, listenerArn) : [],
    readAllRules(
      client,
      listenerArns.filter((arn) => arn !== listenerArn),
    ),
    readSlot(client, target.slots.blue),
    readSlot(client, target.slots.green),
    readRuleLimit(client),
  ]);
  const isThere = listenerRules.some((rule) => rule.RuleArn === target.listenerRuleArn);
  const managedArns = isThere ? [target.listenerRuleArn, listenerArn, loadBalancerArn] : [];
  const slotArns = [blue, green].flatMap((slot) => (slot === null ? [] : [slot.arn]));
  // one ARN that does not exist fails the whole call, so only what was found is asked for
  const ruleArns = rulesToTag([...listenerRules, ...otherRules], slotArns);
  const tagged = [...new Set([...slotArns, ...managedArns, ...ruleArns])];
  return albRuleFacts({
    baseRuleArn: target.listenerRuleArn,
    listenerRules,
    otherRules,
    tags: await readTags(client, tagged),
    managedArns,
    slots: { blue, green },
    ruleLimit,
    idleTimeoutSeconds: isThere
      ? await readIdleTimeout(client, loadBalancerArn)
      : DEFAULT_IDLE_TIMEOUT_SECONDS,
  });
}

/** null: no such load balancer. */
async function readListenerArns(client: Client, LoadBalancerArn: string): Promise<string[] | null> {
  const arns: string[] = [];
  let Marker: string | undefined;
  do {
    const command = new DescribeListenersCommand({
      LoadBalancerArn,
      ...(Marker === undefined ? {} : { Marker }),
    });
    const page = await unlessMissing(`DescribeListeners ${LoadBalancerArn}`, () => client.send(command));
    if (page === null) return null;
    arns.push(...(page.Listeners ?? []).flatMap(({ ListenerArn }) => ListenerArn ?? []));
    Marker = pageToken(page.NextMarker);
  } while (Marker !== undefined);
  return arns;
}

async function readAllRules(client: Client, listenerArns: readonly string[]) {
  const rules = [];
  for (const arn of listenerArns) rules.push(...(await readRules(client, arn)));
  return rules;
}

async function readSlot(client: Client, arn: string): Promise<AlbReading['slots']['blue']> {
  const health = await readHealth(client, arn);
  if (health === null) return null;
  const command = new DescribeTargetGroupAttributesCommand({ TargetGroupArn: arn });
  const { Attributes = [] } = await awsCall(`DescribeTargetGroupAttributes ${arn}`, () =>
    client.send(command),
  );
  const isSticky = Attributes.some(({ Key, Value }) => Key === 'stickiness.enabled' && Value === 'true');
  return { arn, health, isSticky };
}

/** null: no such target group. Targets that are leaving do not count. */
export async function readHealth(client: Client, groupArn: string): Promise<SideHealth | null> {
  const command = new DescribeTargetHealthCommand({ TargetGroupArn: groupArn });
  const found = await unlessMissing(`DescribeTargetHealth ${groupArn}`, () => client.send(command));
  if (found === null) return null;
  const states = (found.TargetHealthDescriptions ?? []).map(({ TargetHealth = {} }) => stateOf(TargetHealth));
  const count = (state: keyof SideHealth): number => states.filter((one) => one === state).length;
  return { healthy: count('healthy'), unhealthy: count('unhealthy'), pending: count('pending') };
}

/** A target without health checks serves like a healthy one. */
function stateOf({ State, Reason }: TargetHealth): keyof SideHealth | 'leaving' {
  if (State === 'healthy' || Reason === 'Target.HealthCheckDisabled') return 'healthy';
  if (State === 'draining' || State === 'unhealthy.draining') return 'leaving';
  return State === 'unhealthy' ? 'unhealthy' : 'pending';
}

/** null: the account does not tell. */
async function readRuleLimit(client: Client): Promise<number | null> {
  let Marker: string | undefined;
  do {
    const command = new DescribeAccountLimitsCommand(Marker === undefined ? {} : { Marker });
    const page = await awsCall('DescribeAccountLimits', () => client.send(command));
    const limit = page.Limits?.find(({ Name }) => Name === 'rules-per-application-load-balancer');
    if (limit !== undefined) return Number(limit.Max);
    Marker = pageToken(page.NextMarker);
  } while (Marker !== undefined);
  return null;
}

async function readIdleTimeout(client: Client, LoadBalancerArn: string): Promise<number> {
  const command = new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn });
  const { Attributes = [] } = await awsCall(`DescribeLoadBalancerAttributes ${LoadBalancerArn}`, () =>
    client.send(command),
  );
  const found = Attributes.find(({ Key }) => Key === 'idle_timeout.timeout_seconds')?.Value;
  return found === undefined ? DEFAULT_IDLE_TIMEOUT_SECONDS : Number(found);
}

async function unlessMissing<T>(doing: string, call: () => Promise<T>): Promise<T | null> {
  try {
    return await awsCall(doing, call);
  } catch (error) {
    if (isNamed(error, 'LoadBalancerNotFoundException', 'TargetGroupNotFoundException')) return null;
    throw error;
  }
}
