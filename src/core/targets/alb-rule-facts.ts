// What the gates of an ALB rule look at, put together from what the router read.
import type { SideHealth } from '../live-traffic.ts';
import { type AlbRule, type AlbTags, freePriority, namesGroup, sharesOf } from './alb-rule-listener.ts';
import { BASE_RULE_TAG, groupName, ROLLOUT_TAG, VERSION_TAG } from './alb-rule-names.ts';

export type SlotName = 'blue' | 'green';
export const SLOT_NAMES: readonly SlotName[] = ['blue', 'green'];

export interface AlbSlotFacts {
  readonly arn: string;
  /** Tag `stepshift:version`; null: not tagged. */
  readonly version: string | null;
  readonly health: SideHealth;
  /** Cookies pin users to a target, and Elastic Load Balancing then demands that they pin them to a group too. */
  readonly isSticky: boolean;
  /** Rules of the load balancer, other than the base rule, that send it traffic. */
  readonly otherRules: readonly string[];
}

export interface AlbRuleFacts {
  readonly kind: 'alb-rule';
  /** null: the rule does not exist. */
  readonly rule: {
    readonly actionTypes: readonly string[];
    /** Name of target group → share, percent, of those above 0. */
    readonly shares: Readonly<Record<string, number>>;
    /** The slot that takes all traffic; null when none does. */
    readonly liveSlot: SlotName | null;
    /** Tags of a controller that would delete rules it does not know, for example `elbv2.k8s.aws/cluster`. */
    readonly controllerTags: readonly string[];
    /** Right before the base rule; null: taken. */
    readonly freePriority: number | null;
    /** Another rollout left its rule there, and it gives traffic to the idle slot. */
    readonly leftOver: string | null;
  } | null;
  /** null: the target group does not exist. */
  readonly slots: Readonly<Record<SlotName, AlbSlotFacts | null>>;
  /** Rules of the load balancer without default ones, and how many the account allows; null: unknown. */
  readonly ruleQuota: { readonly used: number; readonly limit: number | null };
  readonly idleTimeoutSeconds: number;
}

/** As read from the load balancer. */
export interface AlbReading {
  readonly baseRuleArn: string;
  /** Rules of the base rule's listener. */
  readonly listenerRules: readonly AlbRule[];
  /** Rules of the other listeners of the same load balancer. */
  readonly otherRules: readonly AlbRule[];
  /** ARN → its tags: the load balancer, the listener, the slots, and every rule that names a slot. */
  readonly tags: AlbTags;
  /** Also the ARNs whose tags say who else manages this place: base rule, listener, load balancer. */
  readonly managedArns: readonly string[];
  readonly slots: Readonly<Record<SlotName, Pick<AlbSlotFacts, 'arn' | 'health' | 'isSticky'> | null>>;
  readonly ruleLimit: number | null;
  readonly idleTimeoutSeconds: number;
}

/** The tags that the AWS Load Balancer Controller and its kin leave on what they manage. */
const CONTROLLER_TAG = /^(elbv2|ingress|service|gateway)\.k8s\.aws\//;

export function albRuleFacts(reading: AlbReading): AlbRuleFacts {
  const { baseRuleArn, listenerRules, otherRules, ruleLimit, idleTimeoutSeconds } = reading;
  const base = listenerRules.find(({ RuleArn }) => RuleArn === baseRuleArn);
  const all = [...listenerRules, ...otherRules];
  const own = all.filter((rule) => isOurs(rule, reading));
  const counted = all.filter((rule) => rule.IsDefault !== true && !own.includes(rule));
  return {
    kind: 'alb-rule',
    rule: base === undefined ? null : ruleFacts(base, own, reading),
    slots: { blue: slotFacts('blue', own, reading), green: slotFacts('green', own, reading) },
    ruleQuota: { used: counted.length, limit: ruleLimit },
    idleTimeoutSeconds,
  };
}

/** Made by a rollout of this target. The lease allows one rollout, so it is this one's or a left-over to be removed. */
function isOurs({ RuleArn = '' }: AlbRule, { tags, baseRuleArn }: AlbReading): boolean {
  return tags[RuleArn]?.[BASE_RULE_TAG] === baseRuleArn;
}

function ruleFacts(
  base: AlbRule,
  own: readonly AlbRule[],
  { listenerRules, slots, tags, managedArns }: AlbReading,
): NonNullable<AlbRuleFacts['rule']> {
  const shares = [...sharesOf(base)].filter(([, percent]) => percent > 0);
  const [only, ...more] = shares;
  const liveSlot = SLOT_NAMES.find((name) => more.length === 0 && slots[name]?.arn === only?.[0]) ?? null;
  const liveArn = liveSlot === null ? undefined : slots[liveSlot]?.arn;
  const hiding = own.find((rule) =>
    [...sharesOf(rule)].some(([arn, percent]) => percent > 0 && arn !== liveArn),
  );
  return {
    actionTypes: (base.Actions ?? []).map(({ Type = '' }) => Type),
    shares: Object.fromEntries(shares.map(([arn, percent]) => [groupName(arn), percent])),
    liveSlot,
    controllerTags: managedArns.flatMap((arn) =>
      Object.keys(tags[arn] ?? {}).filter((key) => CONTROLLER_TAG.test(key)),
    ),
    freePriority: freePriority(
      listenerRules.filter((rule) => !own.includes(rule)),
      base,
    ),
    leftOver: hiding === undefined ? null : (tags[hiding.RuleArn ?? '']?.[ROLLOUT_TAG] ?? 'unknown'),
  };
}

function slotFacts(name: SlotName, own: readonly AlbRule[], reading: AlbReading): AlbSlotFacts | null {
  const slot = reading.slots[name];
  if (slot === null) return null;
  const others = [...reading.listenerRules, ...reading.otherRules].filter(
    (rule) => rule.RuleArn !== reading.baseRuleArn && !own.includes(rule),
  );
  return {
    ...slot,
    version: reading.tags[slot.arn]?.[VERSION_TAG] ?? null,
    otherRules: others
      .filter((rule) => (sharesOf(rule).get(slot.arn) ?? 0) > 0)
      .map(({ RuleArn = '' }) => RuleArn),
  };
}

/** The rules whose tags a reading must have: those that name a slot. */
export function rulesToTag(rules: readonly AlbRule[], slotArns: readonly string[]): string[] {
  return rules.flatMap((rule) =>
    rule.IsDefault !== true && rule.RuleArn !== undefined && namesGroup(rule, ...slotArns)
      ? [rule.RuleArn]
      : [],
  );
}
