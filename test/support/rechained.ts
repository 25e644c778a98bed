// Somebody who changes a fact of a record and computes every hash anew.
import { headAfter, NO_CHAIN, nextEntry } from '../../src/audit-chain.ts';
import type { AuditEntry, AuditFact } from '../../src/core/audit/facts.ts';
import type { AuditRecord } from '../../src/core/audit/record.ts';

export function rechained(facts: readonly AuditFact[]): Pick<AuditRecord, 'entries' | 'head'> {
  const entries: AuditEntry[] = [];
  let head = NO_CHAIN;
  for (const fact of facts) {
    const entry = nextEntry(head, fact);
    entries.push(entry);
    head = headAfter(entry);
  }
  return { entries, head };
}
