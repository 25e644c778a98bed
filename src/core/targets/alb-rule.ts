// The ALB listener rule with two slots as a target: its shape in a service file and who takes part in a rollout.
import * as z from 'zod';
import type { IssueParams } from '../issue-words.ts';
import type { AlbRuleFacts, AlbSlotFacts } from './alb-rule-facts.ts';
import { albRuleGates, idleSlotOf } from './alb-rule-gates.ts';
import { ALB_MODES, albPromises, albQuarantineSeconds } from './alb-rule-modes.ts';
import { GROUP_ARN_PATTERN, namesInRuleArn, RULE_ARN_PATTERN } from './alb-rule-names.ts';
import type { Participants, Side, TargetKind } from './target.ts';

const groupArn = z.string().regex(GROUP_ARN_PATTERN);

const WrittenSchema = z
  .strictObject({
    listenerRule: z
      .string()
      .regex(RULE_ARN_PATTERN)
      .describe(
        'ARN of the listener rule that forwards to the live slot; the default rule of a listener is fine',
      ),
    slots: z
      .strictObject({
        blue: groupArn.describe('ARN of a target group; one slot is live, the other one idle'),
        green: groupArn.describe('ARN of the other target group'),
      })
      .refine(({ blue, green }) => blue !== green, {
        path: ['green'],
        error: 'the slots are two target groups, and blue and green name the same one',
        params: {
          code: 'slots-are-one',
          allowed: 'another target group than blue',
          fix: 'Make a second target group and name it here',
        } satisfies IssueParams,
      })
      .describe('The two target groups that take turns in serving'),
    mode: z
      .enum(ALB_MODES)
      .default('rule-per-rollout')
      .describe(
        'rule-per-rollout: each rollout makes one listener rule of its own and removes it at its end; in-place: the rule itself is changed, where no other can be made, and a rollback takes minutes to be final',
      ),
  })
  .describe('A rule of an Application Load Balancer that forwards to one of two target groups');
type Written = z.infer<typeof WrittenSchema>;

const TargetSchema = z.strictObject({
  kind: z.literal('alb-rule'),
  listenerRuleArn: z.string().regex(RULE_ARN_PATTERN),
  slots: z.strictObject({ blue: groupArn, green: groupArn }),
  // documents and records from before there was a choice name none
  mode: z.enum(ALB_MODES).default('rule-per-rollout'),
});
export type AlbRuleTarget = z.infer<typeof TargetSchema>;

/** `checkout-lb rule 9683b2d02a6cabee`. */
function label({ listenerRuleArn }: AlbRuleTarget): string {
  const ruleId = listenerRuleArn.slice(listenerRuleArn.lastIndexOf('/') + 1);
  return `${namesInRuleArn(listenerRuleArn).loadBalancerName} rule ${ruleId}`;
}

function sideOf(slot: AlbSlotFacts | null): Side {
  return { version: slot?.version ?? 'unknown', ref: slot?.arn ?? '' };
}

export const albRule: TargetKind<Written, typeof TargetSchema, AlbRuleFacts> = {
  kind: 'alb-rule',
  key: 'alb',
  writtenSchema: WrittenSchema,
  schema: TargetSchema,
  fromWritten: ({ listenerRule, slots, mode }) => ({
    kind: 'alb-rule',
    listenerRuleArn: listenerRule,
    slots,
    mode,
  }),
  id: ({ listenerRuleArn }) => `alb-rule/${listenerRuleArn.slice(listenerRuleArn.indexOf('/') + 1)}`,
  label,
  weightStepPercent: 0.1,
  // requests, four classes of answers, refused connections
  metricsPerLook: ({ latencies }) => 2 * (6 + latencies),
  gates: (target, facts, request) =>
    albRuleGates({ where: label(target), mode: target.mode }, facts, request),
  quarantineSeconds: ({ mode }, left) => albQuarantineSeconds(mode, left),
  promises: ({ mode }) => albPromises(mode),
  participants: (_target, facts, { version }): Participants => {
    const live = facts.rule?.liveSlot ?? null;
    return {
      stable: sideOf(live === null ? null : facts.slots[live]),
      canary: { ...sideOf(idleSlotOf(facts)), version },
      // the load balancer gives a silent request up after the idle time-out
      maxRequestSeconds: facts.idleTimeoutSeconds,
    };
  },
};
