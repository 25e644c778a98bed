// Starts programs for the suite, ends them by their process id, and finds ports that are free.
import { type ChildProcess, spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Finished {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a program to its end, for so long at the most; never rejects for what the program says. */
export function run(
  command: string,
  args: readonly string[],
  { env, cwd, timeoutMs = 240_000 }: { env?: NodeJS.ProcessEnv; cwd?: string; timeoutMs?: number } = {},
): Promise<Finished> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env: env ?? process.env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const said: string[] = [];
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    const end = (code: number | null, why = ''): void => {
      clearTimeout(timer);
      resolve({ code, output: said.join('') + why });
    };
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => said.push(String(data)));
    child.on('error', (error) => end(null, error.message));
    child.on('close', (code) => end(code));
  });
}

/** Runs a program that must succeed; rejects with the end of what it said. */
export async function mustRun(...given: Parameters<typeof run>): Promise<string> {
  const { code, output } = await run(...given);
  if (code === 0) return output;
  throw new Error(`${given[0]} ${given[1].join(' ')} ended with ${code}:\n${output.slice(-3000)}`);
}

export interface Server extends AsyncDisposable {
  readonly url: string;
}

interface ServerStart {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly url: string;
  readonly logFile: string;
  /** Whether it answers yet. */
  readonly isReady: () => Promise<boolean>;
}

const PATIENCE_MS = 30_000;

/** Rejects, with nothing left running, when it does not answer in time. */
export async function startServer({
  command,
  args,
  env,
  url,
  logFile,
  isReady,
}: ServerStart): Promise<Server> {
  const log = openSync(logFile, 'a');
  // a group of its own, so that functions which it starts at the last moment end with it
  const child = spawn(command, args, { env, stdio: ['ignore', log, log], detached: true });
  process.once('exit', () => killGroup(child));
  const server = { url, [Symbol.asyncDispose]: () => stop(child) };
  const untilMs = Date.now() + PATIENCE_MS;
  while (!(await isReady().catch(() => false))) {
    if (child.exitCode !== null || Date.now() > untilMs) {
      await server[Symbol.asyncDispose]();
      throw new Error(`${command} ${args.join(' ')} does not answer at ${url}; see ${logFile}`);
    }
    await sleep(100);
  }
  return server;
}

/** By its own process id: first politely, so that it ends its own children, then whatever is left of its group. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(timer);
  }
  killGroup(child);
}

function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // nothing of it is left
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
    probe.on('error', reject);
  });
}
