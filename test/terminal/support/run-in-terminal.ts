// A command line in a real pseudo-terminal, and what a person sees of it: the bytes go to a terminal emulator.
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Terminal } from '@xterm/headless';

const DRIVER = join(import.meta.dirname, 'in_terminal.py');
const ROOT = join(import.meta.dirname, '../../..');

/** Why no pseudo-terminal can be made here; null: it can. */
export function whyNoTerminal(): string | null {
  const { status } = spawnSync('python3', ['-c', 'import pty, termios, fcntl']);
  return status === 0 ? null : 'python3 with its module pty is missing';
}

export interface TerminalRun {
  /** The rows of the screen and of what was scrolled off it. */
  readonly lines: () => readonly string[];
  /** The rows that are on the screen. */
  readonly screen: () => readonly string[];
  /** Everything that was written, as it came. */
  readonly raw: () => string;
  readonly type: (text: string) => void;
  readonly resize: (columns: number, rows: number) => void;
  readonly terminate: () => void;
  /** Resolves when the screen shows it; rejects when the command ends before. */
  readonly until: (pattern: RegExp) => Promise<void>;
  /** The exit code. */
  readonly ended: Promise<number>;
}

export interface TerminalSetting {
  readonly columns: number;
  readonly rows: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** `stepshift …` from the sources, with this Node. */
export function runInTerminal(argv: readonly string[], setting: TerminalSetting): TerminalRun {
  const { columns, rows, env = {} } = setting;
  const terminal = new Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 5000 });
  const command = [process.execPath, join(ROOT, 'bin/stepshift.ts'), ...argv];
  const driver = spawn('python3', [DRIVER, String(columns), String(rows), ...command], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], TERM: 'xterm-256color', ...env },
  });
  const listeners = new Set<() => void>();
  let raw = '';
  const lines = (): readonly string[] => rowsOf(terminal, 0, terminal.buffer.active.length);
  const ended = readDriver(driver, async (data) => {
    raw += data.toString('utf8');
    await new Promise<void>((resolve) => terminal.write(data, resolve));
    for (const listener of listeners) listener();
  });
  return {
    lines,
    screen: () => rowsOf(terminal, terminal.buffer.active.baseY, terminal.rows),
    raw: () => raw,
    type: (text) => void driver.stdin.write(`i ${Buffer.from(text).toString('base64')}\n`),
    resize: (toColumns, toRows) => {
      terminal.resize(toColumns, toRows);
      driver.stdin.write(`r ${toColumns} ${toRows}\n`);
    },
    terminate: () => void driver.stdin.write('k\n'),
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!pattern.test(lines().join('\n'))) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        ended.then(() => reject(new Error(`it ended without ${pattern}:\n${lines().join('\n')}`)), reject);
        look();
      }),
    ended,
  };
}

async function readDriver(
  driver: ChildProcessWithoutNullStreams,
  onData: (data: Buffer) => Promise<void>,
): Promise<number> {
  let errors = '';
  driver.stderr.on('data', (data) => {
    errors += String(data);
  });
  for await (const line of createInterface({ input: driver.stdout })) {
    const [word, value = ''] = line.split(' ');
    if (word === 'x') return Number(value);
    await onData(Buffer.from(value, 'base64'));
  }
  throw new Error(`the pseudo-terminal ended without an exit code: ${errors}`);
}

function rowsOf(terminal: Terminal, from: number, count: number): readonly string[] {
  const { active } = terminal.buffer;
  return Array.from({ length: count }, (_, row) => active.getLine(from + row)?.translateToString(true) ?? '');
}
