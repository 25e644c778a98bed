// The rules of a load balancer through its API: read with their tags, made, changed, deleted.
import {
  type Action,
  CreateRuleCommand,
  DeleteRuleCommand,
  DescribeRulesCommand,
  DescribeTagsCommand,
  type ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
  ModifyRuleCommand,
  type Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { PermissionError, TransientError } from '../core/errors.ts';
import type { LiveTraffic } from '../core/live-traffic.ts';
import type { AlbRuleTarget } from '../core/targets/alb-rule.ts';
import { rulesToTag } from '../core/targets/alb-rule-facts.ts';
import { type AlbTags, liveShares, rulesOfRollout } from '../core/targets/alb-rule-listener.ts';
import { BASE_RULE_TAG, namesInRuleArn } from '../core/targets/alb-rule-names.ts';
import type { Target } from '../core/targets/index.ts';
import type { TrafficOrder } from '../ports.ts';
import { awsCall, isNamed } from './errors.ts';
import { pageToken } from './page-token.ts';

type Client = ElasticLoadBalancingV2Client;

/** DescribeTags takes so many ARNs in one call; source: Elastic Load Balancing API reference. */
const MAX_ARNS_PER_CALL = 20;

export function albTarget(target: Target): AlbRuleTarget {
  if (target.kind === 'alb-rule') return target;
  throw new TypeError('this router moves ALB rules only');
}

/** What stands on the listener: the base rule, the rules of this rollout, and those of others on the same base rule. */
export interface ListenerLook {
  readonly rules: readonly Rule[];
  readonly base: Rule | null;
  readonly own: readonly Rule[];
  readonly leftOver: readonly Rule[];
}

export async function lookAtListener(client: Client, order: TrafficOrder): Promise<ListenerLook> {
  const { listenerRuleArn, slots } = albTarget(order.target);
  const rules = await readRules(client, namesInRuleArn(listenerRuleArn).listenerArn);
  const tags = await readTags(client, rulesToTag(rules, Object.values(slots)));
  const ours = rulesOfRollout(rules, tags, order.tag.rolloutId);
  // a rule that somebody pointed elsewhere is still ours, though it names no slot any more
  const own = rules.filter((rule) => rule.RuleArn === order.handle['ruleArn'] || ours.includes(rule));
  return {
    rules,
    base: rules.find((rule) => rule.RuleArn === listenerRuleArn) ?? null,
    own,
    leftOver: rules.filter(
      (rule) => tags[rule.RuleArn ?? '']?.[BASE_RULE_TAG] === listenerRuleArn && !own.includes(rule),
    ),
  };
}

/** A rule carries no tag of its last writer: tags and weights cannot be written in one call. */
export function liveTraffic({ base, own }: ListenerLook, { stable, canary }: TrafficOrder): LiveTraffic {
  if (base === null) {
    return { canaryPercent: 0, stablePercent: 0, strangers: ['no base rule'], writtenBy: null };
  }
  return { ...liveShares({ base, own: own[0] ?? null }, stable.ref, canary.ref), writtenBy: null };
}

/** null: somebody deleted it. */
export async function readBase(client: Client, { target }: TrafficOrder): Promise<Rule | null> {
  const { listenerRuleArn } = albTarget(target);
  const rules = await readRules(client, namesInRuleArn(listenerRuleArn).listenerArn);
  return rules.find((rule) => rule.RuleArn === listenerRuleArn) ?? null;
}

/** Where the base rule sends the traffic, whatever other rules there are. */
export function sharesInBase(base: Rule | null, order: TrafficOrder): LiveTraffic {
  return liveTraffic({ rules: [], base, own: [], leftOver: [] }, order);
}

/** All pages. A missing listener throws ListenerNotFoundException. */
export async function readRules(client: Client, listenerArn: string): Promise<Rule[]> {
  const rules: Rule[] = [];
  let marker: string | undefined;
  do {
    const command = new DescribeRulesCommand({
      ListenerArn: listenerArn,
      ...(marker === undefined ? {} : { Marker: marker }),
    });
    const page = await awsCall(`DescribeRules ${listenerArn}`, () => client.send(command));
    rules.push(...(page.Rules ?? []));
    marker = pageToken(page.NextMarker);
  } while (marker !== undefined);
  return rules;
}

export async function readTags(client: Client, arns: readonly string[]): Promise<AlbTags> {
  const tags: Record<string, Record<string, string>> = {};
  for (let from = 0; from < arns.length; from += MAX_ARNS_PER_CALL) {
    const ResourceArns = arns.slice(from, from + MAX_ARNS_PER_CALL);
    const command = new DescribeTagsCommand({ ResourceArns });
    const { TagDescriptions = [] } = await awsCall('DescribeTags', () => client.send(command)).catch(
      readAgain,
    );
    for (const { ResourceArn = '', Tags = [] } of TagDescriptions) {
      tags[ResourceArn] = Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));
    }
  }
  return tags;
}

/** One rule that was deleted since it was listed fails the call for all of them. */
function readAgain(error: unknown): never {
  if (!isNamed(error, 'RuleNotFoundException')) throw error;
  throw new TransientError('a rule was deleted while its tags were read', error);
}

export interface NewRule {
  readonly listenerArn: string;
  readonly priority: number;
  /** Conditions and transforms are copied from it. */
  readonly like: Rule;
  readonly conditions: Rule['Conditions'];
  readonly actions: Action[];
  readonly tags: Readonly<Record<string, string>>;
}

/** Rejects with PriorityInUseException and TooManyRulesException under their own names. */
export async function createRule(client: Client, rule: NewRule): Promise<string> {
  const { Transforms = [] } = rule.like;
  const command = new CreateRuleCommand({
    ListenerArn: rule.listenerArn,
    Priority: rule.priority,
    Conditions: rule.conditions,
    Actions: rule.actions,
    Tags: Object.entries(rule.tags).map(([Key, Value]) => ({ Key, Value })),
    ...(Transforms.length === 0 ? {} : { Transforms }),
  });
  const { Rules = [] } = await awsCall(`CreateRule on ${rule.listenerArn}`, () => client.send(command));
  return Rules[0]?.RuleArn ?? '';
}

/** Sends the whole list of actions, since ModifyRule replaces it. Rejects with RuleNotFoundException. */
export async function modifyRule(client: Client, ruleArn: string, actions: Action[]): Promise<void> {
  const command = new ModifyRuleCommand({ RuleArn: ruleArn, Actions: actions });
  await awsCall(`ModifyRule ${ruleArn}`, () => client.send(command));
}

/** The default rule of a listener is changed through the listener. */
export async function modifyListener(client: Client, listenerArn: string, actions: Action[]): Promise<void> {
  const command = new ModifyListenerCommand({ ListenerArn: listenerArn, DefaultActions: actions });
  await awsCall(`ModifyListener ${listenerArn}`, () => client.send(command));
}

/** A rule that is gone already is fine. */
export async function deleteRule(client: Client, ruleArn: string): Promise<void> {
  const command = new DeleteRuleCommand({ RuleArn: ruleArn });
  try {
    await awsCall(`DeleteRule ${ruleArn}`, () => client.send(command));
  } catch (error) {
    if (isNamed(error, 'RuleNotFoundException')) return;
    // the right to delete is bound to the tags of the rule, and a rule that is gone has none: a delete whose answer was lost
    // and that the SDK sent once more is denied
    if (error instanceof PermissionError && (await isGone(client, ruleArn))) return;
    throw error;
  }
}

/** False when it stands, and when nobody may look. */
async function isGone(client: Client, ruleArn: string): Promise<boolean> {
  const command = new DescribeRulesCommand({ RuleArns: [ruleArn] });
  try {
    await awsCall(`DescribeRules ${ruleArn}`, () => client.send(command));
    return false;
  } catch (error) {
    return isNamed(error, 'RuleNotFoundException');
  }
}
