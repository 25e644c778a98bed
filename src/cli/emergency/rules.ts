// Emergency stop of a load balancer where each rollout has a rule of its own: deleting that rule is the stop, and the
// rule of the service serves again. A rule that no rollout made is never touched unless a person answers for it.
import type { ListenerGlance } from '../../aws/emergency-stop.ts';
import { IncompleteError, type Problem, RejectedError } from '../../core/errors.ts';
import { type AlbRule, sharesOf } from '../../core/targets/alb-rule-listener.ts';
import { BASE_RULE_TAG, groupName, namesInRuleArn, ROLLOUT_TAG } from '../../core/targets/alb-rule-names.ts';
import { targetLabel } from '../../core/targets/index.ts';
import { isWithoutCredentials } from '../failures.ts';
import {
  attempt,
  type EmergencyStop,
  type EmergencyWays,
  ENGINE_FOLLOWS,
  type Reading,
  type Shares,
  type StopCall,
} from './stop.ts';
import { baseRuleRefusal, type OwnRulesWish, type RuleWish } from './wish.ts';

export function deleteRuleCall(ruleArn: string): StopCall {
  const aws = `aws elbv2 delete-rule --region ${regionOf(ruleArn)} --rule-arn ${ruleArn}`;
  return { call: 'DeleteRule', on: ruleArn, aws };
}

/** The Region is part of every ARN. */
export function regionOf(arn: string): string {
  return arn.split(':')[3] ?? '';
}

/**
 * One rule by its ARN; with `--yes` it needs the right to DeleteRule alone. Throws RejectedError and InvalidInputError
 * for a rule that must not be deleted.
 */
export async function planRuleStop(
  { ruleArn, isConfirmed }: RuleWish,
  ways: EmergencyWays,
): Promise<EmergencyStop> {
  const listener = ways.listener(regionOf(ruleArn));
  const { listenerArn, loadBalancerName } = namesInRuleArn(ruleArn);
  const look = await attempt(() => listener.glance(listenerArn));
  const tags =
    look.value === null
      ? await attempt(async () => (await listener.readTags([ruleArn]))[ruleArn] ?? {})
      : { value: look.value.tags[ruleArn] ?? {} };
  const rule = look.value?.rules.find(({ RuleArn }) => RuleArn === ruleArn);
  if (look.value !== null) assertNoBaseRule(ruleArn, look.value);
  const isGone = look.value !== null && rule === undefined;
  if (!isGone && !isConfirmed) assertOurs(ruleArn, tags);
  return {
    target: `${loadBalancerName} rule ${ruleArn.slice(ruleArn.lastIndexOf('/') + 1)}`,
    calls: isGone ? [] : [deleteRuleCall(ruleArn)],
    before: rule === undefined ? whyUnread(look) : { value: sharesByName(rule) },
    run: async () => {
      await listener.deleteRule(ruleArn);
      return { value: null, why: 'the rule is gone; what comes after it on the listener serves now' };
    },
    sentence: isGone
      ? 'There is no such rule any more: nothing is left to take back.'
      : 'The rule is deleted: its traffic falls to the rule of the service again.',
    afterwards: [ENGINE_FOLLOWS, COMMITTED],
  };
}

/** Finds the rules by their tags. Throws what the reads throw: without them nobody knows which rule to delete. */
export async function planOwnRulesStop(
  { target, isConfirmed }: OwnRulesWish,
  ways: EmergencyWays,
): Promise<EmergencyStop> {
  const { listenerRuleArn } = target;
  const listener = ways.listener(regionOf(listenerRuleArn));
  const { listenerArn } = namesInRuleArn(listenerRuleArn);
  const look = await listener.read(listenerArn);
  const own = ownRules(look, listenerRuleArn);
  const base = baseOf(look, listenerRuleArn);
  if (base === null && own.length > 0 && !isConfirmed) throw baseMissing(listenerRuleArn);
  const serving = own[0] ?? base;
  return {
    target: targetLabel(target),
    calls: own.map(({ RuleArn = '' }) => deleteRuleCall(RuleArn)),
    before: serving === null ? unread(BASE_GONE) : { value: sharesByName(serving) },
    run: async () => {
      for (const { RuleArn = '' } of own) await listener.deleteRule(RuleArn);
      const after = await attempt(() => listener.glance(listenerArn));
      if (after.value === null) return after;
      if (ownRules(after.value, listenerRuleArn).length > 0) throw stillThere();
      const now = baseOf(after.value, listenerRuleArn);
      return now === null ? unread(BASE_GONE) : { value: sharesByName(now) };
    },
    sentence:
      own.length === 0
        ? 'No rule of a rollout stands before the rule of the service: nothing is left to take back.'
        : 'The rule of the rollout is deleted: the rule of the service serves alone.',
    afterwards: [ENGINE_FOLLOWS, COMMITTED],
  };
}

const COMMITTED =
  'If the rule of the service forwards to the bad version, that one was promoted before: point that rule at the other target group by hand.';

const BASE_GONE = 'the rule of the service is gone';

function stillThere(): IncompleteError {
  return new IncompleteError('DeleteRule was accepted and the rule of the rollout is still there');
}

export function baseOf<Rule extends AlbRule>(
  { rules }: { readonly rules: readonly Rule[] },
  baseRuleArn: string,
): Rule | null {
  return rules.find(({ RuleArn }) => RuleArn === baseRuleArn) ?? null;
}

export function sharesByName(rule: AlbRule): Shares {
  return Object.fromEntries([...sharesOf(rule)].map(([arn, percent]) => [groupName(arn), percent]));
}

function ownRules({ rules, tags }: ListenerGlance, baseRuleArn: string) {
  return rules.filter(({ RuleArn = '' }) => {
    const its = tags[RuleArn] ?? {};
    return its[ROLLOUT_TAG] !== undefined && its[BASE_RULE_TAG] === baseRuleArn;
  });
}

function unread(why: string): Reading<Shares> {
  return { value: null, why };
}

function whyUnread(look: Reading<ListenerGlance>): Reading<Shares> {
  return unread('why' in look ? look.why : 'the rule is gone');
}

/** Whatever the person says: a rule that others stand before, or the default one, is what serves in the end. */
function assertNoBaseRule(ruleArn: string, { rules, tags }: ListenerGlance): void {
  const isDefault = rules.some(({ RuleArn, IsDefault }) => RuleArn === ruleArn && IsDefault === true);
  const isBase = Object.values(tags).some((its) => its[BASE_RULE_TAG] === ruleArn);
  if (isDefault || isBase) throw baseRuleRefusal(ruleArn);
}

function assertOurs(ruleArn: string, tags: Reading<Readonly<Record<string, string>>>): void {
  if (tags.value?.[ROLLOUT_TAG] !== undefined) return;
  // a person who answers for the rule would only be refused by the next call
  if (tags.value === null && isWithoutCredentials(tags.error)) throw tags.error;
  const problem: Problem = {
    code: tags.value === null ? 'tags-unread' : 'rule-not-ours',
    what:
      tags.value === null
        ? 'it is not known whether a rollout made this rule: its tags could not be read'
        : 'no rollout made this rule',
    where: ruleArn,
    got: tags.value === null ? tags.why : `no tag ${ROLLOUT_TAG}`,
    allowed: `a rule with the tag ${ROLLOUT_TAG}`,
    fix: 'Look at the rule. If it is the one to delete, say so: repeat the command with --yes',
  };
  throw new RejectedError([problem]);
}

function baseMissing(baseRuleArn: string): RejectedError {
  return new RejectedError([
    {
      code: 'base-rule-missing',
      what: 'the rule of the service is gone, so the rule of the rollout may be all that serves',
      where: baseRuleArn,
      got: 'no such rule on its listener',
      allowed: 'the rule that the service file names',
      fix: 'Make the rule of the service again, or repeat the command with --yes to let the next rule serve',
    },
  ]);
}
