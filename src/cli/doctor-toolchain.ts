// Which Node and which CDK command line this project would run: read from disk, nothing is started.
import { readFile, realpath } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import * as z from 'zod';
import type { Toolchain } from '../core/doctor-reader.ts';

const PackageSchema = z.looseObject({ name: z.string(), version: z.string() });

/** The project's own CDK before one that is on the PATH, as npx chooses. */
export async function readToolchain(
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
  nodeVersion: string = process.versions.node,
): Promise<Toolchain> {
  return { nodeVersion, cdk: (await installedCdk(cwd)) ?? (await cdkOnPath(env['PATH'] ?? '')) };
}

async function installedCdk(cwd: string): Promise<Toolchain['cdk']> {
  for (const folder of upwards(cwd)) {
    const found = await cdkIn(join(folder, 'node_modules', 'aws-cdk'));
    if (found !== null) return found;
  }
  return null;
}

async function cdkOnPath(path: string): Promise<Toolchain['cdk']> {
  for (const folder of path.split(delimiter).filter((entry) => entry !== '')) {
    const file = await realpath(join(folder, 'cdk')).catch(() => null);
    if (file === null) continue;
    for (const above of upwards(dirname(file))) {
      const found = await cdkIn(above);
      if (found !== null) return found;
    }
  }
  return null;
}

/** null: this folder holds no aws-cdk. */
async function cdkIn(folder: string): Promise<Toolchain['cdk']> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => null);
  if (text === null) return null;
  const parsed = PackageSchema.safeParse(jsonOf(text));
  if (!parsed.success || parsed.data.name !== 'aws-cdk') return null;
  return { version: parsed.data.version, path: folder };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The folder and all above it. */
function upwards(folder: string): readonly string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...upwards(above)];
}
