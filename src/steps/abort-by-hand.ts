// Somebody lowered the canary's weight behind the rollout's back: latched as an abort, and told, as if they had said so.
import { loweredByHand } from '../core/by-hand.ts';
import { FencedError } from '../core/errors.ts';
import { rolloutEvent } from '../core/events.ts';
import { FORWARD_PHASES } from '../core/phase.ts';
import type { Rollout } from '../core/rollout.ts';
import type { Interrupt } from '../core/signals.ts';
import { targetLabel } from '../core/targets/index.ts';
import type { Ports } from '../ports.ts';

/**
 * Answers the interrupt that stands then. Throws FencedError when the way back or the end was begun meanwhile: the lower
 * weight is then our own, because both are on record before they move traffic.
 */
export async function abortByHand(
  rollout: Rollout,
  foundPercent: number,
  { clock, store, events }: Pick<Ports, 'clock' | 'store' | 'events'>,
): Promise<Interrupt> {
  const label = targetLabel(rollout.spec.target);
  const { weightPercent } = rollout.stage;
  const interrupt = loweredByHand(label, foundPercent, weightPercent, clock.now());
  const row = await store.readRow(rollout.rolloutId);
  const standing =
    row !== null && FORWARD_PHASES.includes(row.phase)
      ? await store.latch(rollout.rolloutId, interrupt)
      : null;
  if (standing === null) throw new FencedError(`the record says ${row?.phase ?? 'nothing'}`);
  const { kind, source, atMs, reason } = standing;
  await events.publish([
    rolloutEvent(rollout, 'interrupt-latched', atMs, reason.sentence, { kind, source, weightPercent }),
  ]);
  return standing;
}
