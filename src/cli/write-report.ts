// Writes the report of a rollout where a person asked for it.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { InvalidInputError } from '../core/errors.ts';
import type { RolloutReport } from '../core/report.ts';
import { renderReportHtml } from '../report/render-report.ts';

/** Makes missing folders. Throws InvalidInputError (`unwritable-file`). */
export async function writeReport(cwd: string, path: string, report: RolloutReport): Promise<void> {
  const target = resolve(cwd, path);
  try {
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, renderReportHtml(report));
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code;
    if (why === undefined) throw error;
    throw new InvalidInputError([
      {
        code: 'unwritable-file',
        what: `the report ${path} cannot be written: ${why}`,
        where: path,
        got: why,
        allowed: 'a file in a folder that this user may write to',
        fix: 'Name another file',
      },
    ]);
  }
}
