// A virtual environment with the emulators, outside of the tree, made once for each list of versions.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './processes.ts';

const REQUIREMENTS = fileURLToPath(new URL('../requirements.txt', import.meta.url));

/** Downloads may be slow. */
const INSTALL_MS = 300_000;

export type PythonHome = { readonly bin: string } | { readonly missing: string };

/** Answers the folder of its programs, or in one sentence why there is none. */
export async function pythonHome(): Promise<PythonHome> {
  const digest = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12);
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'stepshift');
  const folder = join(cache, `e2e-${digest}`);
  const bin = join(folder, 'bin');
  if ((await run(join(bin, 'python'), ['-c', 'import ministack, moto'])).code === 0) return { bin };

  mkdirSync(cache, { recursive: true });
  if ((await run('openssl', ['version'])).code !== 0) return { missing: 'there is no openssl' };
  const python = await run('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))']);
  if (python.code !== 0) return { missing: 'there is no Python 3.10 or newer (python3)' };
  // in its own place, since a virtual environment knows its path; what an earlier try left is replaced
  rmSync(folder, { recursive: true, force: true });
  for (const [command, ...args] of [
    ['python3', '-m', 'venv', folder],
    [join(bin, 'python'), '-m', 'pip', 'install', '--quiet', '--no-input', '-r', REQUIREMENTS],
  ]) {
    const { code, output } = await run(command ?? '', args, { timeoutMs: INSTALL_MS });
    if (code === 0) continue;
    rmSync(folder, { recursive: true, force: true });
    return { missing: `the virtual environment cannot be made: ${output.trim().split('\n').at(-1) ?? ''}` };
  }
  return { bin };
}
