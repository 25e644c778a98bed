// Emergency stop of a load balancer where each rollout has a rule of its own: deleting that rule is the stop, and the
// rule of the service serves again. A rule that no rollout made is never touched unless a person answers for it.
import type { Action, Rule } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ListenerGlance } from '../../aws/emergency-stop.ts';
import { IncompleteError, type Problem, RejectedError } from '../../core/errors.ts';
import { type AlbRule, isAllOn, sharesOf, wholeActions } from '../../core/targets/alb-rule-listener.ts';
import {
  BASE_RULE_TAG,
  groupName,
  namesInRuleArn,
  ROLLOUT_TAG,
  STABLE_TAG,
} from '../../core/targets/alb-rule-names.ts';
import { targetLabel } from '../../core/targets/index.ts';
import { isWithoutCredentials } from '../failures.ts';
import {
  attempt,
  type EmergencyStop,
  type EmergencyWays,
  ENGINE_FOLLOWS,
  type Reading,
  regionOf,
  type Shares,
  type StopCall,
} from './stop.ts';
import { baseRuleRefusal, type OwnRulesWish, type RuleWish } from './wish.ts';
import { writeRule, writeRuleCall } from './write-rule.ts';

export function deleteRuleCall(ruleArn: string): StopCall {
  const aws = `aws elbv2 delete-rule --region ${regionOf(ruleArn)} --rule-arn ${ruleArn}`;
  return { call: 'DeleteRule', on: ruleArn, aws };
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
  if (!isGone && !isConfirmed) {
    assertOurs(ruleArn, tags);
    const base = look.value === null ? null : baseOf(look.value, tags.value?.[BASE_RULE_TAG] ?? '');
    const back = rule === undefined ? null : wayBackUnder(rule, base, tags.value ?? {});
    if (back !== null) throw promotionUnderWay(ruleArn, back);
  }
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
  const [first] = own;
  const back = first === undefined ? null : wayBackUnder(first, base, look.tags[first.RuleArn ?? '']);
  return {
    target: targetLabel(target),
    calls: [
      ...(back === null ? [] : [writeRuleCall(back.base, back.actions)]),
      ...own.map(({ RuleArn = '' }) => deleteRuleCall(RuleArn)),
    ],
    before: serving === null ? unread(BASE_GONE) : { value: sharesByName(serving) },
    run: async () => {
      if (back !== null) await writeRule(listener, back.base, back.actions);
      for (const { RuleArn = '' } of own) await listener.deleteRule(RuleArn);
      const after = await attempt(() => listener.glance(listenerArn));
      if (after.value === null) return after;
      if (ownRules(after.value, listenerRuleArn).length > 0) throw stillThere();
      const now = baseOf(after.value, listenerRuleArn);
      return now === null ? unread(BASE_GONE) : { value: sharesByName(now) };
    },
    sentence: sentenceOf(own.length > 0, back),
    afterwards: [ENGINE_FOLLOWS, COMMITTED],
  };
}

function sentenceOf(isThere: boolean, back: WayBack | null): string {
  if (!isThere)
    return 'No rule of a rollout stands before the rule of the service: nothing is left to take back.';
  const served = 'The rule of the rollout is deleted: the rule of the service serves alone';
  return back === null
    ? `${served}.`
    : `${served}, and was pointed back at ${groupName(back.stableArn)} first.`;
}

interface WayBack {
  readonly base: Rule;
  readonly stableArn: string;
  readonly actions: Action[];
}

/**
 * A promotion points the rule of the service at the new version first and deletes the rule of the rollout last. Between the
 * two only that rule keeps traffic on stable: deleting it alone would give everything to the new version.
 * null: the rule of the service does not point there, or nobody knows which group is the stable one.
 * @param own the rule of the rollout, and its tags
 */
function wayBackUnder(
  own: AlbRule,
  base: Rule | null,
  tags: Readonly<Record<string, string>> | undefined,
): WayBack | null {
  const stableArn = tags?.[STABLE_TAG];
  const canaryArn = [...sharesOf(own).keys()].find((arn) => arn !== stableArn);
  if (base === null || stableArn === undefined || canaryArn === undefined) return null;
  if (!isAllOn(base, canaryArn)) return null;
  return { base, stableArn, actions: wholeActions<Action>(base.Actions ?? [], stableArn) };
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

function promotionUnderWay(ruleArn: string, { base, stableArn, actions }: WayBack): RejectedError {
  return new RejectedError([
    {
      code: 'promotion-under-way',
      what: 'the rule of the service points at the new version already, so deleting this rule would give it all traffic',
      where: ruleArn,
      got: `a promotion between its last two writes; ${groupName(stableArn)} is the old version`,
      allowed: 'a rule under which the rule of the service points at the old version',
      fix: `Point it back first, then repeat the command: ${writeRuleCall(base, actions).aws}`,
    },
  ]);
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
