// Where a rollout stands in the record, and from where which end may be reached.
import type { Outcome } from './rollout.ts';

/** An end that the record can carry: an unfinished rollback is no end. */
export type End = Exclude<Outcome, 'ROLLBACK_INCOMPLETE'>;

export type Phase = 'PENDING' | 'PREPARED' | 'SHIFTING' | 'BAKING' | 'PROMOTING' | 'REVERTING' | End;

/** Phases from which a rollout may go on, turn back or commit. */
export const FORWARD_PHASES: readonly Phase[] = ['PENDING', 'PREPARED', 'SHIFTING', 'BAKING'];

/**
 * What was prepared or moved is taken back or promoted before a rollout may end; neither can end as the other. Who read the
 * row right before it was prepared may not close it either: something of it may be on the target by now.
 */
const ENDS_FROM: Readonly<Record<End, readonly Phase[]>> = {
  PROMOTED: ['PROMOTING'],
  ROLLED_BACK: ['REVERTING'],
  ABORTED: ['REVERTING'],
  SUPERSEDED: ['REVERTING', 'PROMOTING'],
  REJECTED: ['PENDING', 'REVERTING'],
};

export function isTerminal(phase: Phase): phase is End {
  return Object.hasOwn(ENDS_FROM, phase);
}

export function mayEnd(phase: Phase, end: End): boolean {
  return ENDS_FROM[end].includes(phase);
}
