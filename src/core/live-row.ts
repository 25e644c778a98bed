// Where a rollout stands, told by its record alone: for files, where no store has the row itself.
import { type AuditEntry, factsOf } from './audit/facts.ts';
import type { AuditRecord } from './audit/record.ts';
import type { liveFacts } from './live-view-facts.ts';
import type { Phase } from './phase.ts';
import { NO_SIGNALS, type Signals, withSignal } from './signals.ts';

type LiveRow = Parameters<typeof liveFacts>[0];

/** A total function of the facts that this release knows. */
export function liveRowOf({ entries, prepared }: Pick<AuditRecord, 'entries' | 'prepared'>): LiveRow {
  return {
    phase: phaseOf(entries),
    interrupt: factsOf(entries, 'latched').at(-1)?.interrupt ?? null,
    signals: factsOf(entries, 'signalled').reduce<Signals>(
      (standing, { signal }) => withSignal(standing, signal),
      NO_SIGNALS,
    ),
    acceptedAlarms: prepared?.acceptedAlarms ?? [],
    rollout: prepared,
  };
}

function phaseOf(entries: readonly AuditEntry[]): Phase {
  const has = (kind: 'reverting' | 'committed' | 'prepared') => factsOf(entries, kind).length > 0;
  const ended = factsOf(entries, 'ended').at(-1);
  if (ended !== undefined) return ended.outcome;
  if (has('reverting')) return 'REVERTING';
  if (has('committed')) return 'PROMOTING';
  const isShift = ({ action }: { readonly action: string }): boolean => action === 'shift';
  const asked = factsOf(entries, 'intent').filter(isShift).length;
  const done = factsOf(entries, 'outcome').filter(isShift).length;
  if (asked > done) return 'SHIFTING';
  if (done > 0) return 'BAKING';
  return has('prepared') ? 'PREPARED' : 'PENDING';
}
