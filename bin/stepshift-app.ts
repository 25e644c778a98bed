// Doorway for the CDK command line: the engine, and one stack per service file. Context values: docs/install.md.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { addStacks } from '../lib/app.ts';
import { readContext } from '../lib/context.ts';
import { renderProblems } from '../src/cli/problems.ts';
import { readServiceFile } from '../src/cli/service-source.ts';
import { InvalidInputError, type Problem } from '../src/core/errors.ts';
import type { ServiceSpec } from '../src/core/service-spec.ts';

const DEFAULT_FOLDER = 'services';

const app = new App({ autoSynth: false });
try {
  const { engineName, servicesFolder, engine } = readContext(app.node);
  addStacks(app, { engineName, specs: await readServices(servicesFolder), engine });
  app.synth();
} catch (error) {
  if (!(error instanceof InvalidInputError)) throw error;
  process.stderr.write(`\n${renderProblems(error.problems, process.stderr.isTTY === true)}\n\n`);
  process.exitCode = 1;
}

/** All service files of the folder, by name; throws InvalidInputError with the problems of all of them. */
async function readServices(folder: string | null): Promise<readonly ServiceSpec[]> {
  const specs = new Map<string, ServiceSpec>();
  const problems: Problem[] = [];
  for (const path of await listServiceFiles(folder ?? DEFAULT_FOLDER, folder === null)) {
    try {
      const { spec } = await readServiceFile(path);
      if (specs.has(spec.service)) problems.push(duplicateService(spec.service, path));
      specs.set(spec.service, spec);
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new InvalidInputError(problems);
  return [...specs.values()];
}

async function listServiceFiles(folder: string, mayBeMissing: boolean): Promise<readonly string[]> {
  try {
    const names = await readdir(folder);
    return names
      .filter((name) => /\.ya?ml$/.test(name))
      .sort()
      .map((name) => join(folder, name));
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    if (mayBeMissing && code === 'ENOENT') return [];
    throw new InvalidInputError([
      {
        code: 'unreadable-folder',
        what: `the folder of service files cannot be read: ${code}`,
        where: folder,
        got: code,
        allowed: 'a folder that this user may read',
        fix: 'Name the folder: -c services=FOLDER',
      },
    ]);
  }
}

function duplicateService(service: string, path: string): Problem {
  return {
    code: 'duplicate-service',
    what: `another file of this folder registers ${service} already`,
    where: path,
    got: service,
    allowed: 'one file a service',
    fix: 'Give one of them another name, or remove it',
  };
}
