// Reads a text file that a person named; what goes wrong is told as their problem, with a fix.
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { closest } from '../core/closest.ts';
import { InvalidInputError, type Problem } from '../core/errors.ts';

/** Far above any file that a person writes; keeps a mistaken path from filling the memory. */
const MAX_BYTES = 1_048_576;

/**
 * UTF-8, with or without a byte-order mark. Throws InvalidInputError (`unreadable-file`).
 * @param displayName how problems name the file; the path as given unless told
 * @param maxBytes more than that is refused
 */
export async function readTextFile(path: string, displayName = path, maxBytes = MAX_BYTES): Promise<string> {
  let bytes: Uint8Array;
  try {
    const found = await stat(path);
    if (!found.isFile()) throw await notAFile(path, displayName, found.isDirectory());
    if (found.size > maxBytes) {
      throw refusal(displayName, `it has ${found.size} bytes, more than ${maxBytes}`, 'Name a smaller file');
    }
    bytes = await readFile(path);
  } catch (error) {
    if (error instanceof InvalidInputError) throw error;
    const { code = '' } = error as NodeJS.ErrnoException;
    throw refusal(displayName, REASONS[code] ?? String(error), await mendedPath(path, displayName, code));
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refusal(displayName, 'it is not UTF-8 text', 'Save it as UTF-8');
  }
}

async function notAFile(path: string, displayName: string, isFolder: boolean): Promise<InvalidInputError> {
  if (!isFolder) return refusal(displayName, 'it is not a file', 'Name a text file');
  const inside = (await namesIn(path)).find((name) => /\.(ya?ml|json)$/.test(name));
  const example = inside === undefined ? ', not its folder' : `, for example ${join(displayName, inside)}`;
  return refusal(displayName, 'it is not a file but a folder', `Name the file itself${example}`);
}

/** A file beside it whose name is nearly the same is probably the one that was meant. */
async function mendedPath(path: string, displayName: string, code: string): Promise<string> {
  if (code === 'EACCES' || code === 'EPERM') return 'Let this user read it, or name another file';
  const meant = code === 'ENOENT' ? closest(basename(path), await namesIn(dirname(path))) : undefined;
  return meant === undefined ? 'Check the path' : `Did you mean ${join(dirname(displayName), meant)}?`;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder).catch(() => [])).sort();
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'this user may not read it',
  EPERM: 'this user may not read it',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'the name is too long',
};

function refusal(path: string, got: string, fix: string): InvalidInputError {
  const problem: Problem = {
    code: 'unreadable-file',
    what: `${path} cannot be read: ${got}`,
    where: path,
    got,
    allowed: 'a text file that this user may read',
    fix,
  };
  return new InvalidInputError([problem]);
}
