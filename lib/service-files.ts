// The folder of service files: all of them read and checked, alone and against each other.
import { readdir } from 'node:fs/promises';
import { basename, isAbsolute, join, relative, sep } from 'node:path';
import { readServiceFile } from '../src/cli/service-source.ts';
import { InvalidInputError, type Problem } from '../src/core/errors.ts';
import type { StepshiftAppProps } from './app.ts';
import { conflictOf, type TargetClaim } from './target-claims.ts';

const DEFAULT_FOLDER = 'services';

/**
 * All service files of the folder, by file name.
 * @param folder null: the default one, which may be missing or empty
 * @throws InvalidInputError with the problems of all of them: of a file, and of two that want the same name or target
 */
export async function readServiceFiles(folder: string | null): Promise<readonly TargetClaim[]> {
  const found: TargetClaim[] = [];
  const problems: Problem[] = [];
  for (const serviceFile of await listServiceFiles(folder ?? DEFAULT_FOLDER, folder === null)) {
    try {
      const { spec } = await readServiceFile(serviceFile);
      const conflict = conflictOf({ spec, serviceFile }, found);
      if (conflict !== null) problems.push(conflict);
      found.push({ spec, serviceFile });
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new InvalidInputError(problems);
  return found;
}

/** What the app takes of them. */
export function propsOfServices(
  services: readonly TargetClaim[],
  cwd: string,
): Required<Pick<StepshiftAppProps, 'specs' | 'serviceFiles'>> {
  return {
    specs: services.map(({ spec }) => spec),
    serviceFiles: new Map(
      services.map(({ spec, serviceFile }) => [spec.service, nameOfFile(serviceFile, cwd)]),
    ),
  };
}

/** How a template names the file: the same on every machine, so that it changes only with the file. */
function nameOfFile(file: string, cwd: string): string {
  const path = isAbsolute(file) ? relative(cwd, file) : file;
  return path.startsWith('..') || isAbsolute(path) ? basename(file) : path.split(sep).join('/');
}

async function listServiceFiles(folder: string, isDefault: boolean): Promise<readonly string[]> {
  let names: readonly string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    if (isDefault && code === 'ENOENT') return [];
    throw new InvalidInputError([unreadableFolder(folder, code)]);
  }
  const files = names.filter((name) => /\.ya?ml$/.test(name)).sort();
  if (files.length === 0 && !isDefault) throw new InvalidInputError([emptyFolder(folder)]);
  return files.map((name) => join(folder, name));
}

function unreadableFolder(folder: string, code: string): Problem {
  return {
    code: 'unreadable-folder',
    what: `the folder of service files cannot be read: ${code}`,
    where: folder,
    got: code === 'ENOTDIR' ? 'a file' : code,
    allowed: 'a folder that this user may read',
    fix: 'Name the folder: -c services=FOLDER',
  };
}

function emptyFolder(folder: string): Problem {
  return {
    code: 'no-service-files',
    what: `${folder} holds no service file`,
    where: folder,
    got: 'no name that ends in .yaml or .yml',
    allowed: 'a folder with at least one service file',
    fix: 'Name the folder that holds them: -c services=FOLDER',
  };
}
