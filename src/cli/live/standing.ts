// How a rollout stands, read from a store again and again with as few reads as that takes.
import type { AuditEntry } from '../../core/audit/facts.ts';
import { type LiveFacts, liveFacts } from '../../core/live-view-facts.ts';
import type { RolloutReport } from '../../core/report.ts';
import { buildReport } from '../../core/report-builder.ts';
import { reportEvidence } from '../../core/report-evidence.ts';
import type { RolloutStore } from '../../ports.ts';

export interface Standing {
  readonly report: RolloutReport;
  readonly facts: LiveFacts;
}

export type StandingStore = Pick<RolloutStore, 'readRow' | 'readAudit' | 'readAuditHead' | 'readEvents'>;

/** Answers null as long as there is no record. The audit, which grows large, is read only when it grew. */
export function standingReader(store: StandingStore, rolloutId: string): () => Promise<Standing | null> {
  let audit: readonly AuditEntry[] = [];
  let knownHash = '';
  let known: { readonly seen: string; readonly standing: Standing } | null = null;
  return async () => {
    const row = await store.readRow(rolloutId);
    if (row === null) return null;
    const [events, head] = await Promise.all([store.readEvents(rolloutId), store.readAuditHead(rolloutId)]);
    if (head.hash !== knownHash) {
      audit = await store.readAudit(rolloutId);
      knownHash = head.hash;
    }
    // a report over a day of looks is work, and most reads find nothing new
    const found = `${head.hash} ${events.length} ${JSON.stringify(row)}`;
    if (known?.seen === found) return known.standing;
    const report = buildReport({ row, events, ...reportEvidence(audit) });
    const standing = { report, facts: liveFacts(row, audit) };
    known = { seen: found, standing };
    return standing;
  };
}
