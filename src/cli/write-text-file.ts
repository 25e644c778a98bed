// Writes a text where a person asked for it; what goes wrong is told as their problem, with a fix.
import { randomBytes } from 'node:crypto';
import { access, constants, mkdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { InvalidInputError } from '../core/errors.ts';
import { shellWord } from './shell-lines.ts';

export interface TextFile {
  readonly cwd: string;
  /** As it was named. */
  readonly path: string;
  /** For people: «report». */
  readonly noun: string;
  /** How such a file is named: `--report report.html`. */
  readonly example: string;
}

/**
 * Makes the file's own folder if it is missing. The file is whole or not there: whoever breaks off leaves the one that was
 * there before. Throws InvalidInputError (`unwritable-file`).
 */
export async function writeTextFile({ cwd, path, noun, example }: TextFile, text: string): Promise<void> {
  if (path === '')
    throw unwritable(`${noun} ""`, 'it has no name', '""', 'nothing', `Name a file: ${example}`);
  const target = resolve(cwd, path);
  try {
    // not recursive: Node never returns from that on file systems such as /proc
    await mkdir(dirname(target)).catch(ignoreExisting);
    await writeWhole(target, text);
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code;
    if (why === undefined) throw error;
    const reason = why === 'ENOENT' && (await isFolder(dirname(target))) ? NO_NEW_FILES : REASONS[why];
    throw unwritable(`${noun} ${path}`, reason ?? why, path, why, fixFor(why, reason, path));
  }
}

function fixFor(why: string, reason: string | undefined, path: string): string {
  if (why === 'ENOENT' && reason !== NO_NEW_FILES) {
    return `Name another file, or make its folder first: mkdir -p ${shellWord(dirname(path))}`;
  }
  const isAllowed = reason !== NO_NEW_FILES && !['EACCES', 'EPERM', 'EROFS'].includes(why);
  return isAllowed
    ? 'Name another file'
    : 'Name a file in a folder where you may write, or run this in such a one';
}

async function writeWhole(target: string, text: string): Promise<void> {
  const found = await stat(target).catch(() => null);
  // a device (`--report /dev/stdout`) takes text and no other name; a folder refuses it with the right reason
  if (found !== null && !found.isFile()) return writeFile(target, text);
  // a link stays one: what it leads to is written
  const file = found === null ? target : await realpath(target);
  // a rename asks for the folder's leave alone, and would write over a file that is protected
  if (found !== null) await access(file, constants.W_OK);
  const draft = join(dirname(file), `.${basename(file).slice(0, 100)}.${randomBytes(6).toString('hex')}`);
  try {
    await writeFile(draft, text, { flag: 'wx', mode: found === null ? 0o666 : found.mode });
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
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
