// What a report takes from the audit of its rollout.
import { type AuditEntry, factsOf } from './audit/facts.ts';
import { observationsOf } from './audit/looks.ts';
import type { ReportInput } from './report-builder.ts';

/** The writes in the order in which they could take effect: one that was overtaken may be recorded last. */
export function reportEvidence(audit: readonly AuditEntry[]): Pick<ReportInput, 'observations' | 'writes'> {
  return {
    observations: observationsOf(audit),
    writes: factsOf(audit, 'outcome').toSorted((a, b) => a.epoch - b.epoch || a.seq - b.seq),
  };
}
