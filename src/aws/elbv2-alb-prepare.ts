// Makes the slot of the canary ready: the listener rule of the rollout at weight 0, and a healthy target behind it.
import type { Action, ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { TransientError } from '../core/errors.ts';
import { ANY_PATH, copiedConditions, freePriority, splitActions } from '../core/targets/alb-rule-listener.ts';
import { BASE_RULE_TAG, namesInRuleArn, ROLLOUT_TAG, STABLE_TAG } from '../core/targets/alb-rule-names.ts';
import type { TrafficOrder } from '../ports.ts';
import { waitForHealth } from './elbv2-alb-moves.ts';
import { albTarget, createRule, deleteRule, type ListenerLook, lookAtListener } from './elbv2-rules.ts';
import { isNamed } from './errors.ts';

type Client = ElasticLoadBalancingV2Client;

/**
 * A rule that an earlier rollout left at weight 0 is removed first: it may hold the only free priority. Only what was there
 * before the permission was asked is removed: what the next rollout made since is not in this look.
 */
export async function prepareRule(
  client: Client,
  order: TrafficOrder,
  authorise: () => Promise<void>,
  pause: (ms: number) => Promise<void>,
): Promise<string> {
  const before = await lookAtListener(client, order);
  await authorise();
  for (const { RuleArn = '' } of before.leftOver) await deleteRule(client, RuleArn);
  const ruleArn = before.own[0]?.RuleArn ?? (await makeRule(client, order, before));
  await waitForHealth(client, order, pause);
  return ruleArn;
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
      tags: {
        [ROLLOUT_TAG]: tag.rolloutId,
        [BASE_RULE_TAG]: listenerRuleArn,
        [STABLE_TAG]: stable.ref,
      },
    });
  } catch (error) {
    if (!isNamed(error, 'PriorityInUseException', 'TooManyRulesException')) throw error;
    throw new TransientError('the rule of the rollout could not be made', error);
  }
}

function anyPath() {
  return { Field: ANY_PATH.Field, PathPatternConfig: { Values: [...ANY_PATH.PathPatternConfig.Values] } };
}
