// Writes a text where a person asked for it; what goes wrong is told as their problem, with a fix.
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { InvalidInputError } from '../core/errors.ts';

export interface TextFile {
  readonly cwd: string;
  /** As it was named. */
  readonly path: string;
  /** For people: «report». */
  readonly noun: string;
  /** How such a file is named: `--report report.html`. */
  readonly example: string;
}

/** Makes the file's own folder if it is missing. Throws InvalidInputError (`unwritable-file`). */
export async function writeTextFile({ cwd, path, noun, example }: TextFile, text: string): Promise<void> {
  if (path === '')
    throw unwritable(`${noun} ""`, 'it has no name', '""', 'nothing', `Name a file: ${example}`);
  const target = resolve(cwd, path);
  try {
    // not recursive: Node never returns from that on file systems such as /proc
    await mkdir(dirname(target)).catch(ignoreExisting);
    await writeFile(target, text);
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code;
    if (why === undefined) throw error;
    const reason = why === 'ENOENT' && (await isFolder(dirname(target))) ? NO_NEW_FILES : REASONS[why];
    throw unwritable(`${noun} ${path}`, reason ?? why, path, why, 'Name another file');
  }
}

function unwritable(
  name: string,
  reason: string,
  where: string,
  got: string,
  fix: string,
): InvalidInputError {
  return new InvalidInputError([
    {
      code: 'unwritable-file',
      what: `the ${name} cannot be written: ${reason}`,
      where,
      got,
      allowed: 'a file in a folder that this user may write to',
      fix,
    },
  ]);
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}

/** /proc answers like that. */
const NO_NEW_FILES = 'its folder takes no new files';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'its folder lies in a folder that does not exist',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the file system is read-only',
  EISDIR: 'it is a folder',
  ENOTDIR: 'part of its path is a file',
  ENOSPC: 'the disk is full',
};

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
