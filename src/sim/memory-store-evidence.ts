// The part of the in-memory store that keeps evidence: the audit of each rollout, and its published story.
import { type ChainHead, headAfter, NO_CHAIN, nextEntry } from '../audit-chain.ts';
import { type AuditEntry, type AuditFact, factKey } from '../core/audit/facts.ts';
import { FencedError } from '../core/errors.ts';
import { isTerminal } from '../core/phase.ts';
import type { RolloutStore } from '../ports.ts';
import { evidenceOf, frozenCopy, requireRow, type Tables } from './memory-store-tables.ts';

type EvidenceMethods = Pick<
  RolloutStore,
  'recordFact' | 'readAudit' | 'readAuditHead' | 'recordEvent' | 'readEvents'
>;

export function evidenceMethods(tables: Tables): EvidenceMethods {
  return {
    recordFact: async (rolloutId, fact) => {
      const row = requireRow(tables, rolloutId);
      if (fact.kind === 'intent' && isTerminal(row.phase)) {
        throw new FencedError(`${rolloutId} has ended (${row.phase}) and announces no more writes`);
      }
      append(tables, rolloutId, fact);
    },
    readAudit: async (rolloutId) => [...evidenceOf(tables, rolloutId).audit],
    readAuditHead: async (rolloutId) => headOf(evidenceOf(tables, rolloutId).audit),
    recordEvent: async (event) => {
      const { events } = evidenceOf(tables, event.rolloutId);
      const key = `${event.atMs} ${event.event}`;
      if (!events.has(key)) events.set(key, frozenCopy(event));
    },
    readEvents: async (rolloutId) =>
      [...evidenceOf(tables, rolloutId).events.values()].sort((a, b) => a.atMs - b.atMs),
  };
}

export function isOnRecord(tables: Tables, rolloutId: string, fact: AuditFact): boolean {
  return evidenceOf(tables, rolloutId).factKeys.has(factKey(fact));
}

/** False when a fact of that key stands already. */
export function append(tables: Tables, rolloutId: string, fact: AuditFact): boolean {
  const { audit, factKeys } = evidenceOf(tables, rolloutId);
  if (isOnRecord(tables, rolloutId, fact)) return false;
  factKeys.add(factKey(fact));
  const entry = frozenCopy(nextEntry(headOf(audit), fact));
  audit.push(entry);
  tables.onEntry(rolloutId, entry);
  return true;
}

function headOf(audit: readonly AuditEntry[]): ChainHead {
  const last = audit.at(-1);
  return last === undefined ? NO_CHAIN : headAfter(last);
}
