// The rollout document after a shift that was read back: the next stage begins, and its weight is known from then on.
import { EVENTS_PER_SHIFT } from './budget.ts';
import type { Rollout } from './rollout.ts';

export function afterShift(
  rollout: Rollout,
  {
    seq,
    weightPercent,
    atMs,
  }: { readonly seq: number; readonly weightPercent: number; readonly atMs: number },
): Rollout {
  return {
    ...rollout,
    writes: seq,
    stage: {
      index: rollout.stage.index + 1,
      enteredAtMs: atMs,
      weightPercent,
      heldSinceMs: null,
      askedAtMs: null,
      approvedBeforeMs: null,
    },
    shifts: [...rollout.shifts, { atMs, weightPercent }],
    historyEvents: rollout.historyEvents + EVENTS_PER_SHIFT,
    next: 'bake',
  };
}
