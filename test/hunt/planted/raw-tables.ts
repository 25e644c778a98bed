// What planted bugs of the store do to its tables, past all that the store itself refuses.
import { headAfter, NO_CHAIN, nextEntry } from '../../../src/audit-chain.ts';
import type { AuditFact } from '../../../src/core/audit/facts.ts';
import { evidenceOf, type Tables } from '../../../src/sim/memory-store-tables.ts';

export { changeRow } from '../../../src/sim/memory-store-tables.ts';

/** Appends a fact although one of its key stands already. */
export function appendAgain(tables: Tables, rolloutId: string, fact: AuditFact): void {
  const { audit } = evidenceOf(tables, rolloutId);
  const last = audit.at(-1);
  const entry = nextEntry(last === undefined ? NO_CHAIN : headAfter(last), fact);
  audit.push(entry);
  tables.onEntry(rolloutId, entry);
}
