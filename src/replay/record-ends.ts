// Ends of a rollout that no look decided: a wish to stop, a step that failed for good, a third version on the target.
import { type AuditEntry, type AuditFact, factsOf } from '../core/audit/facts.ts';
import type { ReplayOutcome } from '../core/report-document.ts';
import type { Reason } from '../core/verdict.ts';

export interface OutsideEnd {
  readonly atMs: number;
  /** null: nothing spoke against the canary, and the recording ends here. */
  readonly outcome: Extract<ReplayOutcome, 'ROLLED_BACK'> | null;
  /** null: nothing beside the last verdict. */
  readonly reason: Reason | null;
}

/**
 * Whether the rollout was ended by the entry at this place.
 * @param alarms that the service file names: another one would have stopped nothing
 */
export function endFromOutside(
  entries: readonly AuditEntry[],
  index: number,
  alarms: readonly string[],
): OutsideEnd | null {
  const fact = entries[index]?.fact;
  switch (fact?.kind) {
    case 'latched': {
      const { kind, source, atMs, reason } = fact.interrupt;
      // people stop a rollout for reasons of their own, whatever the checks say
      if (kind === 'abort') return { atMs, outcome: null, reason };
      const isKnown = kind !== 'alarm' || alarms.includes(source);
      return isKnown ? { atMs, outcome: 'ROLLED_BACK', reason } : { atMs, outcome: null, reason: null };
    }
    case 'reverting':
      return isDecided(entries.slice(0, index))
        ? null
        : reverted(entries.slice(index + 1).map(({ fact: next }) => next));
    default:
      return null;
  }
}

/** A look had asked for it. */
function isDecided(before: readonly AuditEntry[]): boolean {
  return factsOf(before, 'judged').at(-1)?.next === 'roll-back';
}

function reverted(after: readonly AuditFact[]): OutsideEnd | null {
  const [end] = after.flatMap((fact) => (fact.kind === 'ended' ? [fact] : []));
  if (end === undefined) return null;
  const [write] = after.flatMap((fact) => (fact.kind === 'intent' ? [fact] : []));
  const outcome = end.outcome === 'ROLLED_BACK' ? 'ROLLED_BACK' : null;
  return { atMs: write?.atMs ?? end.atMs, outcome, reason: end.reason };
}
