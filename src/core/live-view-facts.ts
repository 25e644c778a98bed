// What the live view needs of a rollout beside its report: where it stands now, what its newest look saw, how long writes take.
import { type AuditEntry, factsOf, type JudgedFact } from './audit/facts.ts';
import { looksOf } from './audit/looks.ts';
import type { Phase } from './phase.ts';
import type { AcceptedAlarm } from './rollout.ts';
import type { ServiceSpec } from './service-spec.ts';
import type { Interrupt, Signals } from './signals.ts';

/** The store's row, as far as the live view needs it. */
interface LiveRow {
  readonly phase: Phase;
  readonly interrupt: Interrupt | null;
  readonly signals: Signals;
  readonly acceptedAlarms: readonly AcceptedAlarm[];
  readonly rollout: { readonly spec: Pick<ServiceSpec, 'maxHoldSeconds' | 'onInconclusive'> } | null;
}

export interface LiveFacts {
  readonly phase: Phase;
  readonly interrupt: Interrupt | null;
  readonly signals: Signals;
  /** Names of the alarms that a person accepted at the start. */
  readonly acceptedAlarms: readonly string[];
  /** null: it never got a document. */
  readonly policy: Pick<ServiceSpec, 'maxHoldSeconds' | 'onInconclusive'> | null;
  /** null: nothing was looked at yet. */
  readonly look: Pick<JudgedFact, 'atMs' | 'stageIndex' | 'verdict' | 'doubts' | 'alarms' | 'next'> | null;
  /** Longest time from the permission of a shift until it was read back; null: none was. */
  readonly shiftMs: number | null;
}

export function liveFacts(row: LiveRow, audit: readonly AuditEntry[]): LiveFacts {
  return {
    phase: row.phase,
    interrupt: row.interrupt,
    signals: row.signals,
    acceptedAlarms: row.acceptedAlarms.map(({ name }) => name),
    policy: row.rollout?.spec ?? null,
    look: looksOf(audit).reduce<JudgedFact | null>(newer, null),
    shiftMs: longestShiftMs(audit),
  };
}

function newer(one: JudgedFact | null, other: JudgedFact): JudgedFact {
  return one === null || other.atMs >= one.atMs ? other : one;
}

function longestShiftMs(audit: readonly AuditEntry[]): number | null {
  const intents = new Map(factsOf(audit, 'intent').map(({ epoch, seq, atMs }) => [`${epoch} ${seq}`, atMs]));
  const spans = factsOf(audit, 'outcome').flatMap(({ action, epoch, seq, atMs }) => {
    const sinceMs = intents.get(`${epoch} ${seq}`);
    return action === 'shift' && sinceMs !== undefined ? [atMs - sinceMs] : [];
  });
  return spans.length === 0 ? null : Math.max(0, ...spans);
}
