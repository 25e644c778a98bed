// The report of a rollout that is known by its record alone, without the engine that ran it.
import { factsOf } from '../core/audit/facts.ts';
import type { AuditRecord } from '../core/audit/record.ts';
import type { GateResult } from '../core/gates.ts';
import type { RolloutReport } from '../core/report.ts';
import { buildReport, type ReportRow } from '../core/report-builder.ts';
import { reportEvidence } from '../core/report-evidence.ts';
import { knownPart } from './audit-record.ts';

export interface RecordReport {
  readonly report: RolloutReport;
  /** null where the record has no opening. */
  readonly executionArn: string | null;
  /** Entries and events of another release, which were left out. */
  readonly unknown: number;
}

/** @param row what the store knows beside the record; null: nothing, and the record itself has to do */
export function reportOfRecord(
  record: AuditRecord,
  row: (ReportRow & { executionArn: string }) | null,
): RecordReport {
  const { entries, events, unknown } = knownPart(record);
  const known = { ...record, entries, events };
  return {
    report: buildReport({ row: row ?? rowOf(known), events, ...reportEvidence(entries) }),
    executionArn: row?.executionArn ?? factsOf(entries, 'opened')[0]?.executionArn ?? null,
    unknown,
  };
}

function rowOf({ rolloutId, entries, events, prepared }: AuditRecord): ReportRow {
  const [opened] = factsOf(entries, 'opened');
  const [ended] = factsOf(entries, 'ended');
  return {
    rolloutId,
    service: opened?.service ?? prepared?.spec.service ?? 'unknown',
    version: opened?.version ?? prepared?.canary.version ?? 'unknown',
    specDigest: opened?.specDigest ?? prepared?.specDigest ?? '',
    targetId: opened?.targetId ?? 'unknown',
    startedAtMs: prepared?.startedAtMs ?? opened?.atMs ?? events[0]?.atMs ?? 0,
    rollout: prepared,
    gates: factsOf(entries, 'gated')[0]?.gates.map(gateOf) ?? null,
    outcome: ended?.outcome ?? null,
    reason: ended?.reason ?? null,
    endedAtMs: ended?.atMs ?? null,
  };
}

/** What a gate found is not in the record, only whether it was open. */
function gateOf({
  gate,
  open,
  waivedBecause,
}: Pick<GateResult, 'gate' | 'open' | 'waivedBecause'>): GateResult {
  return { gate, open, waivedBecause, problem: null, finding: open ? 'Open.' : 'Shut.' };
}
