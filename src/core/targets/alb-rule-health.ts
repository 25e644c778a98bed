// When the targets of a slot are good enough to take traffic, asked by the gates and again once the slot is attached.
import type { Problem } from '../errors.ts';
import { type GateResult, openGate, shutGate } from '../gates.ts';
import type { SideHealth } from '../live-traffic.ts';
import type { AlbSlotFacts } from './alb-rule-facts.ts';
import { groupName } from './alb-rule-names.ts';

/**
 * A slot that no rule names is not checked («unused»), so its health is unknown here: `prepare` attaches it at weight 0
 * and waits. What is known to be bad is refused at once.
 */
export function healthGate(side: 'stable' | 'canary', { arn, health }: AlbSlotFacts): GateResult {
  const gate = `${side}-healthy`;
  if (health.healthy > 0) return openGate(gate, `${groupName(arn)}: ${healthText(health)}`);
  if (side === 'canary' && health.pending > 0) {
    return openGate(
      gate,
      `${groupName(arn)}: ${healthText(health)}; checked once it is attached at weight 0`,
    );
  }
  return shutGate(gate, unhealthySlot(arn, health));
}

function unhealthySlot(arn: string, health: SideHealth): Problem {
  return {
    code: 'slot-unhealthy',
    what: `no target of the slot ${groupName(arn)} is healthy`,
    where: groupName(arn),
    got: healthText(health),
    allowed: 'at least one healthy target',
    fix: `Start again when a target is healthy; see why none is: aws elbv2 describe-target-health --target-group-arn ${arn}`,
  };
}

export function healthText({ healthy, unhealthy, pending }: SideHealth): string {
  const registered = healthy + unhealthy + pending;
  if (registered === 0) return 'no targets are registered';
  return `${healthy} of ${registered} targets healthy${pending > 0 ? `, ${pending} not checked yet` : ''}`;
}
