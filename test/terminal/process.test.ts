// The command line as a process of its own: pipes that break, a full disk, Ctrl-C, an empty environment. Everything else is
// tested in memory, since each process costs half a second.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const FULL_DISK = '/dev/full';

interface Streams {
  readonly stdin?: 'ignore' | 'pipe';
  readonly stdout?: number | 'pipe';
  readonly stderr?: number | 'pipe';
}

function start(
  argv: readonly string[],
  { stdin = 'ignore', stdout = 'pipe', stderr = 'pipe' }: Streams = {},
) {
  const command = [join(ROOT, 'bin/stepshift.ts'), ...argv];
  // nothing of this machine: no HOME, no terminal, no Region
  return spawn(process.execPath, command, { cwd: ROOT, env: {}, stdio: [stdin, stdout, stderr] });
}

async function endOf(child: ChildProcess) {
  let err = '';
  child.stderr?.on('data', (chunk) => {
    err += String(chunk);
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { code, signal, err };
}

const SPIKE = ['simulate', 'examples/error-spike'];

describe('a process', () => {
  it('whose reader is gone ends as it would have, without a word about the pipe', async () => {
    const child = start(SPIKE);
    child.stdout?.destroy();
    const { code, err } = await endOf(child);
    expect(code).toBe(3);
    expect(err).not.toMatch(/EPIPE|\n\s+at |output-lost/);
  });

  it('whose remarks nobody reads ends as it would have', async () => {
    const child = start(SPIKE);
    child.stderr?.destroy();
    child.stdout?.resume();
    expect((await endOf(child)).code).toBe(3);
  });

  it.skipIf(!existsSync(FULL_DISK))(
    'whose output does not fit on the disk says so, and ends with 1',
    async () => {
      const { code, err } = await endOf(start(SPIKE, { stdout: openSync(FULL_DISK, 'w') }));
      expect(code).toBe(1);
      expect(err).toMatch(/^output-lost {2}/m);
      expect(err).not.toMatch(/\n\s+at /);
    },
  );

  it.skipIf(!existsSync(FULL_DISK))(
    'that cannot even say what is wrong has the right exit code',
    async () => {
      expect((await endOf(start(['fly'], { stderr: openSync(FULL_DISK, 'w') }))).code).toBe(2);
    },
  );

  it('that waits for input ends at Ctrl-C, without a stack trace', async () => {
    const child = start(['judge'], { stdin: 'pipe' });
    child.stdin?.write(readFileSync(join(ROOT, 'examples/replay/line-protocol.jsonl')));
    await once(child.stdout as NodeJS.ReadableStream, 'data');
    child.kill('SIGINT');
    const { signal, err } = await endOf(child);
    expect(signal).toBe('SIGINT');
    expect(err).not.toMatch(/\n\s+at /);
  });

  it('needs nothing of its environment', async () => {
    const child = start(['validate', 'services/checkout.yaml', '--format', 'json']);
    const out = text(child.stdout as NodeJS.ReadableStream);
    expect(await endOf(child)).toEqual({ code: 0, signal: null, err: '' });
    expect(JSON.parse(await out)).toMatchObject({ valid: true });
  });
});
