// Emergency stop of a load balancer in the mode in-place: the rule of the service itself is written, so a person has to
// say which slot is the stable one; the load balancer does not know.
import type { Action, Rule } from '@aws-sdk/client-elastic-load-balancing-v2';
import { IncompleteError, InvalidInputError, RejectedError } from '../../core/errors.ts';
import type { AlbRuleTarget } from '../../core/targets/alb-rule.ts';
import { SLOT_NAMES } from '../../core/targets/alb-rule-facts.ts';
import { isAllOn, sharesOf, wholeActions } from '../../core/targets/alb-rule-listener.ts';
import { albQuarantineSeconds } from '../../core/targets/alb-rule-modes.ts';
import { groupName, namesInRuleArn, VERSION_TAG } from '../../core/targets/alb-rule-names.ts';
import { targetLabel } from '../../core/targets/index.ts';
import { formatDuration, formatPercent } from '../../core/units.ts';
import { baseOf, sharesByName } from './rules.ts';
import { attempt, type EmergencyStop, type EmergencyWays, ENGINE_FOLLOWS, regionOf } from './stop.ts';
import type { InPlaceWish } from './wish.ts';
import { writeRule, writeRuleCall } from './write-rule.ts';

/**
 * Needs DescribeRules, since ModifyRule replaces all actions of a rule and a sign-in among them must stay. Throws
 * InvalidInputError with the shares and versions of both slots when it is not said which one is stable.
 */
export async function planInPlaceStop(
  { target, stable }: InPlaceWish,
  ways: EmergencyWays,
): Promise<EmergencyStop> {
  const { listenerRuleArn, slots } = target;
  const listener = ways.listener(regionOf(listenerRuleArn));
  const { listenerArn } = namesInRuleArn(listenerRuleArn);
  const look = await listener.read(listenerArn);
  const base = baseOf(look, listenerRuleArn);
  if (base === null) throw ruleMissing(listenerRuleArn);
  if (stable === null) {
    const tags = await attempt(() => listener.readTags(Object.values(slots)));
    throw stableUnknown(target, base, tags.value ?? {});
  }
  const actions = wholeActions<Action>(base.Actions ?? [], slots[stable]);
  const call = writeRuleCall(base, actions);
  return {
    target: targetLabel(target),
    calls: [call],
    before: { value: sharesByName(base) },
    run: async () => {
      await writeRule(listener, base, actions);
      const after = await attempt(() => listener.glance(listenerArn));
      if (after.value === null) return after;
      const now = baseOf(after.value, listenerRuleArn);
      if (now !== null && isAllOn(now, slots[stable])) return { value: sharesByName(now) };
      throw new IncompleteError(`the rule still shares its traffic after ${call.call}`);
    },
    sentence: `All traffic of the rule goes to ${groupName(slots[stable])}.`,
    afterwards: [ENGINE_FOLLOWS, lateWrites()],
  };
}

function lateWrites(): string {
  const wait = formatDuration(albQuarantineSeconds('in-place', 'restored'));
  return `A load balancer cannot refuse a write that was on its way: the engine looks again for ${wait}. Where no engine runs, run this command a second time after ${wait}.`;
}

function ruleMissing(ruleArn: string): RejectedError {
  return new RejectedError([
    {
      code: 'base-rule-missing',
      what: 'the rule of the service is gone: there is nothing to write',
      where: ruleArn,
      got: 'no such rule on its listener',
      allowed: 'the rule that the service file names',
      fix: 'Make the rule again, or name the right one in the service file',
    },
  ]);
}

function stableUnknown(
  { slots, listenerRuleArn }: AlbRuleTarget,
  base: Rule,
  tags: Readonly<Record<string, Readonly<Record<string, string>>>>,
): InvalidInputError {
  const shares = sharesOf(base);
  const got = SLOT_NAMES.map((name) => {
    const arn = slots[name];
    const version = tags[arn]?.[VERSION_TAG] ?? 'unknown';
    return `${name} is version ${version} and has ${formatPercent(shares.get(arn) ?? 0)}`;
  });
  return new InvalidInputError([
    {
      code: 'stable-unknown',
      what: 'in the mode in-place the load balancer does not know which slot is the stable one',
      where: listenerRuleArn,
      got: got.join(', '),
      allowed: '--stable blue or --stable green',
      fix: 'Name the slot that is to take all traffic, for example: --stable blue',
    },
  ]);
}
