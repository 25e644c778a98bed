// Writes the report of a rollout where a person asked for it.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { ReportDocument } from '../core/report-document.ts';
import { type Page, renderReportHtml } from '../report/render-report.ts';
import { writeTextFile } from './write-text-file.ts';

/** Makes the file's own folder if it is missing. Throws InvalidInputError (`unwritable-file`). */
export async function writeReport(cwd: string, path: string, document: ReportDocument): Promise<void> {
  const file = { cwd, path, noun: 'report', example: '--report report.html' };
  return writeTextFile(file, renderReportHtml(document, await reportPage()));
}

/** Read once: a process may write many reports. */
let library: Promise<Page['chartLibrary']> | undefined;

export async function reportPage(): Promise<Page> {
  library ??= readChartLibrary();
  return { chartLibrary: await library, sha256 };
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('base64');
}

async function readChartLibrary(): Promise<Page['chartLibrary']> {
  const require = createRequire(import.meta.url);
  const files = [
    require.resolve('uplot/dist/uPlot.iife.min.js'),
    require.resolve('uplot/dist/uPlot.min.css'),
    require.resolve('uplot/LICENSE'),
  ].map((path) => readFile(path, 'utf8'));
  const [script = '', style = '', licence = ''] = await Promise.all(files);
  return { script, style, licence: `uPlot, the chart library of this report.\n${licence}` };
}
