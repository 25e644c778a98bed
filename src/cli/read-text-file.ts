// Reads a text file that a person named; what goes wrong is told as their problem, with a fix.
import { readFile, stat } from 'node:fs/promises';
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
    if (!found.isFile())
      throw refusal(displayName, 'it is not a file', 'Name the file itself, not its folder');
    if (found.size > maxBytes) {
      throw refusal(displayName, `it has ${found.size} bytes, more than ${maxBytes}`, 'Name a smaller file');
    }
    bytes = await readFile(path);
  } catch (error) {
    if (error instanceof InvalidInputError) throw error;
    throw refusal(
      displayName,
      REASONS[(error as NodeJS.ErrnoException).code ?? ''] ?? String(error),
      'Check the path',
    );
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refusal(displayName, 'it is not UTF-8 text', 'Save it as UTF-8');
  }
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
