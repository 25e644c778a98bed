// Makes the slot of the canary ready: the listener rule of the rollout at weight 0, and a healthy target behind it.
import type { Action, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { TransientError } from '../core/errors.ts';
import { healthText } from '../core/targets/alb-rule-health.ts';
import { ANY_PATH, copiedConditions, freePriority, splitActions } from '../core/targets/alb-rule-listener.ts';
import { BASE_RULE_TAG, groupName, namesInRuleArn, ROLLOUT_TAG } from '../core/targets/alb-rule-names.ts';
import type { TrafficOrder } from '../ports.ts';
import { readHealth } from './elbv2-alb-facts.ts';
import { albTarget, createRule, deleteRule, type ListenerLook, lookAtListener } from './elbv2-rules.ts';
import { isNamed } from './errors.ts';

type Client = ElasticLoadBalancingV2Client;

/**
 * How long one call waits for the slot that it has just attached, and how often it looks. A new target is healthy after
 * one passed check, which by default comes within 30 s; the step's own retry (under a minute of pauses) repeats the
 * wait up to four times, so a slot has about five minutes.
 */
const HEALTH_WAIT_MS = 60_000;
const HEALTH_LOOK_MS = 5_000;

/** A rule that an earlier rollout left at weight 0 is removed first: it may hold the only free priority. */
export async function prepareRule(
  client: Client,
  order: TrafficOrder,
  pause: (ms: number) => Promise<void>,
): Promise<string> {
  const before = await lookAtListener(client, order);
  for (const { RuleArn = '' } of before.leftOver) await deleteRule(client, RuleArn);
  const ruleArn = before.own[0]?.RuleArn ?? (await makeRule(client, order, before));
  for (let waitedMs = 0; ; waitedMs += HEALTH_LOOK_MS) {
    const trouble = await healthTrouble(client, order);
    if (trouble === null) return ruleArn;
    if (waitedMs >= HEALTH_WAIT_MS) throw new TransientError(`${trouble}, attached at weight 0`);
    await pause(HEALTH_LOOK_MS);
  }
}

/** Whoever took the place between the gates and here is found by the gates of the next try. */
async function makeRule(
  client: Client,
  { target, stable, canary, tag }: TrafficOrder,
  { rules, base, leftOver }: ListenerLook,
): Promise<string> {
  const { listenerRuleArn } = albTarget(target);
  if (base === null) throw new TransientError('the base rule is gone');
  const priority = freePriority(
    rules.filter((rule) => !leftOver.includes(rule)),
    base,
  );
  if (priority === null) throw new TransientError('no priority is free right before the base rule');
  try {
    return await createRule(client, {
      listenerArn: namesInRuleArn(listenerRuleArn).listenerArn,
      priority,
      like: base,
      conditions: base.IsDefault === true ? [anyPath()] : copiedConditions(base.Conditions ?? []),
      actions: splitActions<Action>(base.Actions ?? [], stable.ref, canary.ref, 0),
      tags: { [ROLLOUT_TAG]: tag.rolloutId, [BASE_RULE_TAG]: listenerRuleArn },
    });
  } catch (error) {
    if (!isNamed(error, 'PriorityInUseException', 'TooManyRulesException')) throw error;
    throw new TransientError('the rule of the rollout could not be made', error);
  }
}

function anyPath() {
  return { Field: ANY_PATH.Field, PathPatternConfig: { Values: [...ANY_PATH.PathPatternConfig.Values] } };
}

/** null: at least one target of the canary's slot is healthy. */
export async function healthTrouble(client: Client, { canary }: TrafficOrder): Promise<string | null> {
  const health = await readHealth(client, canary.ref);
  if (health !== null && health.healthy > 0) return null;
  const found = health === null ? 'the target group is gone' : healthText(health);
  return `the slot ${groupName(canary.ref)} has no healthy target: ${found}`;
}
