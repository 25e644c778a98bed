// The real CDK command line against the emulators: bootstrap, synth, deploy.
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { awsEnvironment, type Places } from './aws.ts';
import { ACCOUNT, REGION, withoutAws } from './emulators.ts';
import { TICK_SECONDS } from './fast-time.ts';
import { mustRun } from './processes.ts';
import { suitEmulator } from './suit-emulator.ts';

export const TREE = fileURLToPath(new URL('../../..', import.meta.url));

export interface Cdk {
  bootstrap(): Promise<void>;
  /** Synthesises the app of a tree into a folder, which `deploy` takes, as the emulator needs it. */
  synth(tree: string, assembly: string, services: string): Promise<void>;
  /** Rejects with what the command line said. */
  deploy(assembly: string, ...stacks: readonly string[]): Promise<void>;
}

export function cdkOf(places: Places): Cdk {
  const env = {
    ...withoutAws(process.env),
    ...awsEnvironment(places),
    PATH: [join(process.execPath, '..'), process.env['PATH']].join(':'),
    CDK_DISABLE_CLI_TELEMETRY: '1',
    CI: 'true',
  };
  const cdk = async (args: readonly string[], cwd: string): Promise<void> => {
    await mustRun(process.execPath, [join(TREE, 'node_modules/aws-cdk/bin/cdk'), ...args], { env, cwd });
  };
  return {
    bootstrap: () => cdk(['bootstrap', `aws://${ACCOUNT}/${REGION}`], TREE),
    async synth(tree, assembly, services) {
      await cdk(
        [
          ...['synth', '--quiet', '--output', assembly, '-c', `services=${services}`],
          ...['-c', `tickSeconds=${TICK_SECONDS}`, '-c', 'publishMachineVersion=false'],
        ],
        tree,
      );
      suitEmulator(assembly);
    },
    deploy: (assembly, ...stacks) =>
      cdk(
        [
          ...['deploy', ...stacks, '--app', assembly, '--require-approval', 'never'],
          ...['--concurrency', '4', '--progress', 'events', '--method', 'direct'],
        ],
        TREE,
      ),
  };
}

/** A copy of what is deployed, in which a text of one file is replaced: another release, as far as AWS can see. */
export function changedTree(
  folder: string,
  { file, from, to }: { readonly file: string; readonly from: string; readonly to: string },
): string {
  mkdirSync(folder, { recursive: true });
  for (const name of ['bin', 'lib', 'src', 'lambdas', 'package.json', 'cdk.json']) {
    cpSync(join(TREE, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(TREE, 'node_modules'), join(folder, 'node_modules'));
  const path = join(folder, file);
  writeFileSync(path, replaced(readFileSync(path, 'utf8'), from, to, file));
  return folder;
}

/** A copy of an assembly in which one template is changed. */
export function changedAssembly(
  assembly: string,
  folder: string,
  stack: string,
  change: (template: string) => string,
): string {
  cpSync(assembly, folder, { recursive: true });
  const template = `${stack}.template.json`;
  const before = readFileSync(join(folder, template), 'utf8');
  const after = change(before);
  if (after === before) throw new Error(`nothing was changed in ${stack}`);
  writeFileSync(join(folder, template), after);
  // what is in the bucket under the template's old name would not be uploaded again
  const { files } = JSON.parse(readFileSync(join(folder, `${stack}.assets.json`), 'utf8'));
  const oldName = Object.keys(files).find((name) => files[name].source.path === template) ?? '';
  const newName = createHash('sha256').update(after).digest('hex');
  for (const file of [`${stack}.assets.json`, 'manifest.json']) {
    const path = join(folder, file);
    writeFileSync(path, replaced(readFileSync(path, 'utf8'), oldName, newName, file));
  }
  return folder;
}

function replaced(text: string, from: string, to: string, where: string): string {
  if (!text.includes(from)) throw new Error(`${where} does not hold ${from}`);
  return text.replaceAll(from, to);
}
