// What goes into the file of a report, put together from what is known of a rollout.
import { gzipSync } from 'node:zlib';
import { stringify } from 'yaml';
import type { Examination } from '../core/audit/examination.ts';
import type { AuditRecord } from '../core/audit/record.ts';
import { InvalidDocumentError, InvalidInputError } from '../core/errors.ts';
import type { RolloutReport } from '../core/report.ts';
import type { ReportDocument, WhatIfRow } from '../core/report-document.ts';
import type { ServiceSpec } from '../core/service-spec.ts';
import { writeOut } from '../core/written-service.ts';
import { isJudged } from '../replay/record-replay.ts';
import { whatIfRows } from '../replay/record-what-if.ts';
import { examine } from './examination.ts';

export interface KnownRollout extends Pick<ReportDocument, 'isSimulated' | 'executionArn'> {
  readonly report: RolloutReport;
  /** null: there is none. */
  readonly record: AuditRecord | null;
}

export function reportDocument({ record: given, ...known }: KnownRollout): ReportDocument {
  const record = given !== null && given.entries.length > 0 ? given : null;
  const examined = record === null ? { examination: null } : examinedOrNot(record);
  const spec = given?.prepared?.spec ?? null;
  return {
    ...known,
    serviceFile: spec === null ? null : serviceFileText(spec),
    ...examined,
    whatIf: record === null ? [] : rowsOf(record, examined.examination),
    record: record === null ? null : gzipSync(JSON.stringify(record)).toString('base64'),
  };
}

/** As `plan --write-out` prints it. */
function serviceFileText(spec: ServiceSpec): string {
  return stringify({ service: spec.service, ...writeOut(spec) });
}

/** A report is wanted most when something went wrong: a record of another release does not keep it back. */
function examinedOrNot(record: AuditRecord): Pick<ReportDocument, 'examination' | 'examinationNote'> {
  try {
    return { examination: examine(record, `the record of ${record.rolloutId}`) };
  } catch (error) {
    if (!isOfAnotherRelease(error)) throw error;
    return { examination: null, examinationNote: NOT_EXAMINED };
  }
}

const NOT_EXAMINED =
  'The record was not examined: another release wrote it, and this one does not know all that is in it. Verify it with that release.';

/** Facts that are not known, and documents that the judge of this release cannot go on from. */
function isOfAnotherRelease(error: unknown): boolean {
  return error instanceof InvalidInputError || error instanceof InvalidDocumentError;
}

/** What is not as it was written, or not understood, is not decided again. */
function rowsOf(record: AuditRecord, examination: Examination | null): readonly WhatIfRow[] {
  if (examination === null || examination.firstBad !== null || !isJudged(record)) return [];
  try {
    return whatIfRows(record);
  } catch (error) {
    if (!isOfAnotherRelease(error)) throw error;
    return [];
  }
}
