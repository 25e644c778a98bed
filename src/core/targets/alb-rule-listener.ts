// The rules of an ALB listener as Elastic Load Balancing describes them, and the arithmetic on their weights and
// priorities. Field names are the API's, so that what was read can be sent back whole.
import { groupName, ROLLOUT_TAG } from './alb-rule-names.ts';

interface AlbGroupWeight {
  readonly TargetGroupArn?: string | undefined;
  /** 0 to 999; left out: 1. */
  readonly Weight?: number | undefined;
}

export interface AlbAction {
  readonly Type?: string | undefined;
  readonly Order?: number | undefined;
  readonly TargetGroupArn?: string | undefined;
  readonly AuthenticateOidcConfig?:
    | { readonly ClientId?: string | undefined; readonly UseExistingClientSecret?: boolean | undefined }
    | undefined;
  readonly ForwardConfig?:
    | {
        readonly TargetGroups?: readonly AlbGroupWeight[] | undefined;
        readonly TargetGroupStickinessConfig?: { readonly Enabled?: boolean | undefined } | undefined;
      }
    | undefined;
}

export interface AlbCondition {
  readonly Field?: string | undefined;
  readonly Values?: readonly string[] | undefined;
  readonly RegexValues?: readonly string[] | undefined;
  readonly HostHeaderConfig?: object | undefined;
  readonly PathPatternConfig?: object | undefined;
}

export interface AlbRule {
  readonly RuleArn?: string | undefined;
  /** A number as text, or `default`. */
  readonly Priority?: string | undefined;
  readonly IsDefault?: boolean | undefined;
  readonly Conditions?: readonly AlbCondition[] | undefined;
  readonly Actions?: readonly AlbAction[] | undefined;
}

/** Rule priorities run from 1 to this; source: Elastic Load Balancing API, CreateRule. */
const MAX_PRIORITY = 50_000;

/** Share of each target group of the rule, percent; empty when the rule does not forward. Groups at 0 are in it. */
export function sharesOf(rule: AlbRule): ReadonlyMap<string, number> {
  const forward = forwardOf(rule.Actions ?? []);
  const groups =
    forward?.ForwardConfig?.TargetGroups ?? (forward === undefined ? [] : [{ ...forward, Weight: 1 }]);
  const total = groups.reduce((sum, { Weight = 1 }) => sum + Weight, 0);
  return new Map(
    groups.map(({ TargetGroupArn = '', Weight = 1 }) => [
      TargetGroupArn,
      // hundredths of a percent are finer than any weight that we write
      total === 0 ? 0 : Math.round((Weight / total) * 10_000) / 100,
    ]),
  );
}

/** Rules end in their routing action; what comes before authenticates. */
function forwardOf(actions: readonly AlbAction[]): AlbAction | undefined {
  return actions.findLast((action) => action.Type === 'forward');
}

/**
 * Weights for a share of the canary: tenths of a percent of 1,000, since a weight is a whole number from 0 to 999
 * (Elastic Load Balancing API, TargetGroupTuple).
 */
function weightsFor(canaryPercent: number): { readonly stable: number; readonly canary: number } {
  const canary = Math.round(canaryPercent * 10);
  return { stable: Math.min(999, 1000 - canary), canary: Math.min(999, canary) };
}

/** The actions of the base rule with its forward split between the slots. Stickiness is left out: it would pin users. */
export function splitActions<Action extends AlbAction>(
  actions: readonly Action[],
  stableArn: string,
  canaryArn: string,
  canaryPercent: number,
): (Action | SplitAction)[] {
  const { stable, canary } = weightsFor(canaryPercent);
  return replaceForward(actions, {
    TargetGroups: [
      { TargetGroupArn: stableArn, Weight: stable },
      { TargetGroupArn: canaryArn, Weight: canary },
    ],
  });
}

/** The actions of the base rule with everything forwarded to one slot. */
export function wholeActions<Action extends AlbAction>(
  actions: readonly Action[],
  groupArn: string,
): (Action | SplitAction)[] {
  return replaceForward(actions, { TargetGroups: [{ TargetGroupArn: groupArn, Weight: 1 }] });
}

export interface SplitAction {
  Type: 'forward';
  Order?: number;
  ForwardConfig: { TargetGroups: { TargetGroupArn: string; Weight: number }[] };
}

function replaceForward<Action extends AlbAction>(
  actions: readonly Action[],
  ForwardConfig: SplitAction['ForwardConfig'],
): (Action | SplitAction)[] {
  const forward = forwardOf(actions);
  return actions.map((action) => {
    if (action !== forward) return action;
    const { Order } = action;
    return { Type: 'forward', ...(Order === undefined ? {} : { Order }), ForwardConfig };
  });
}

/**
 * Conditions as CreateRule takes them: it refuses values that are given twice, which is how DescribeRules tells them. That
 * it tells regular expressions so as well is an assumption.
 */
export function copiedConditions<Condition extends AlbCondition>(
  conditions: readonly Condition[],
): (Omit<Condition, 'Values' | 'RegexValues'> | Condition)[] {
  return conditions.map((condition) => {
    if (condition.HostHeaderConfig === undefined && condition.PathPatternConfig === undefined)
      return condition;
    const { Values: _told, RegexValues: _toldToo, ...rest } = condition;
    return rest;
  });
}

/** What the default rule of a listener matches, as a condition. */
export const ANY_PATH = { Field: 'path-pattern', PathPatternConfig: { Values: ['/*'] } } as const;

/**
 * The priority right before the base rule, so that no other rule changes its place; null when there is no gap.
 * @param rules all rules of the listener but those that Stepshift would remove first
 */
export function freePriority(rules: readonly AlbRule[], base: AlbRule): number | null {
  const limit = base.IsDefault === true ? MAX_PRIORITY + 1 : Number(base.Priority);
  const taken = rules
    .filter((rule) => rule.IsDefault !== true)
    .map((rule) => Number(rule.Priority))
    .filter((priority) => priority < limit);
  const candidate = limit - 1;
  return candidate >= 1 && !taken.includes(candidate) ? candidate : null;
}

export type AlbTags = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** The rules that this rollout made. A second one can only be the late double of a create whose answer was lost. */
export function rulesOfRollout<Rule extends AlbRule>(
  rules: readonly Rule[],
  tags: AlbTags,
  rolloutId: string,
): Rule[] {
  return rules.filter(({ RuleArn = '' }) => tags[RuleArn]?.[ROLLOUT_TAG] === rolloutId);
}

/** Where the traffic of one rollout goes: by the rollout's own rule while it stands, else by the base rule. */
export interface AlbLive {
  readonly base: AlbRule;
  readonly own: AlbRule | null;
}

/** A stranger in the base rule counts even while the rollout's own rule hides it: somebody changed the service. */
export function liveShares(
  { base, own }: AlbLive,
  stableArn: string,
  canaryArn: string,
): { readonly canaryPercent: number; readonly stablePercent: number; readonly strangers: readonly string[] } {
  const shares = sharesOf(own ?? base);
  return {
    canaryPercent: shares.get(canaryArn) ?? 0,
    stablePercent: shares.get(stableArn) ?? 0,
    strangers: [
      ...new Set(
        [own, base].flatMap((rule) => (rule === null ? [] : strangersOf(rule, stableArn, canaryArn))),
      ),
    ],
  };
}

/** Names of what else the rule sends traffic to; a rule that forwards nowhere is a stranger itself. */
export function strangersOf(rule: AlbRule, stableArn: string, canaryArn: string): readonly string[] {
  const shares = sharesOf(rule);
  if (shares.size === 0) return ['no target group'];
  return [...shares]
    .filter(([arn, percent]) => percent > 0 && arn !== stableArn && arn !== canaryArn)
    .map(([arn]) => groupName(arn));
}

/** All traffic of the rule goes to this group. */
export function isAllOn(rule: AlbRule, groupArn: string): boolean {
  return sharesOf(rule).get(groupArn) === 100;
}

/** Every group of the rule, those at weight 0 too. */
export function namesGroup(rule: AlbRule, ...groupArns: readonly string[]): boolean {
  const shares = sharesOf(rule);
  return groupArns.some((arn) => shares.has(arn));
}
