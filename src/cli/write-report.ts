// Writes the report of a rollout where a person asked for it.
import type { ReportDocument } from '../core/report-document.ts';
import { renderReportHtml } from '../report/render-report.ts';
import { writeTextFile } from './write-text-file.ts';

/** Makes the file's own folder if it is missing. Throws InvalidInputError (`unwritable-file`). */
export function writeReport(cwd: string, path: string, document: ReportDocument): Promise<void> {
  const file = { cwd, path, noun: 'report', example: '--report report.html' };
  return writeTextFile(file, renderReportHtml(document.report));
}
