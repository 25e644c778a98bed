// Doorway for the CDK command line: the engine, and one stack per service file. Context values: docs/install.md.
import { App } from 'aws-cdk-lib';
import { addStacks } from '../lib/app.ts';
import { readContext } from '../lib/context.ts';
import { propsOfServices, readServiceFiles } from '../lib/service-files.ts';
import { renderProblems } from '../src/cli/problems.ts';
import { InvalidInputError } from '../src/core/errors.ts';

const app = new App({ autoSynth: false });
try {
  const { servicesFolder, ...options } = readContext(app.node);
  const services = propsOfServices(await readServiceFiles(servicesFolder), process.cwd());
  addStacks(app, { ...options, ...services });
  app.synth();
} catch (error) {
  if (!(error instanceof InvalidInputError)) throw error;
  process.stderr.write(`\n${renderProblems(error.problems, process.stderr.isTTY === true)}\n\n`);
  process.exitCode = 1;
}
