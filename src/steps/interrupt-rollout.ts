// Latches a wish to stop and wakes the bake: the one path that alarms, people and the guard share.
import { rolloutEvent } from '../core/events.ts';
import type { Interrupt } from '../core/signals.ts';
import type { Ports, RolloutRow } from '../ports.ts';

/** Answers the interrupt that stands, or null when the rollout is past stopping. Idempotent. */
export async function interruptRollout(
  row: RolloutRow,
  interrupt: Interrupt,
  { store, tokens, events }: Pick<Ports, 'store' | 'tokens' | 'events'>,
): Promise<Interrupt | null> {
  const standing = await store.latch(row.rolloutId, interrupt);
  if (standing === null) return null;
  if (!isSame(row.interrupt, standing)) {
    await events.publish([
      rolloutEvent(
        { rolloutId: row.rolloutId, spec: { service: row.service } },
        'interrupt-latched',
        standing.atMs,
        standing.reason.sentence,
        { kind: standing.kind, source: standing.source },
      ),
    ]);
  }
  // Latch first, token second: the bake stores its token before it reads the latch, so one of the two sees the other.
  const fresh = await store.readRow(row.rolloutId);
  if (fresh?.token) await tokens.fail(fresh.token, 'Interrupted', standing.reason.sentence);
  return standing;
}

/** The one that stood before; an abort may have taken the place of a weaker one. */
function isSame(before: Interrupt | null, standing: Interrupt): boolean {
  return before?.kind === standing.kind && before.source === standing.source && before.atMs === standing.atMs;
}
