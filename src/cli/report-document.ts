// What goes into the file of a report, put together from what is known of a rollout.
import { gzipSync } from 'node:zlib';
import type { AuditRecord } from '../core/audit/record.ts';
import type { RolloutReport } from '../core/report.ts';
import type { ReportDocument } from '../core/report-document.ts';
import { examine } from './examination.ts';

export interface KnownRollout extends Pick<ReportDocument, 'isSimulated' | 'executionArn'> {
  readonly report: RolloutReport;
  /** null: there is none. */
  readonly record: AuditRecord | null;
}

export function reportDocument({ record, ...known }: KnownRollout): ReportDocument {
  const hasEntries = record !== null && record.entries.length > 0;
  return {
    ...known,
    serviceFile: null,
    examination: hasEntries ? examine(record, `the record of ${record.rolloutId}`) : null,
    whatIf: [],
    record: hasEntries ? gzipSync(JSON.stringify(record)).toString('base64') : null,
  };
}
