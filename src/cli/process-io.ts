// The real terminal behind `runCli`: this process's streams, directory and environment.
import { emitKeypressEvents, type Key } from 'node:readline';
import type { Screen } from './command.ts';
import type { CliIo } from './program.ts';

export function processIo(): CliIo {
  const { stdout, stderr, env } = process;
  const isTerminal = { out: stdout.isTTY === true, err: stderr.isTTY === true };
  const canDraw = isTerminal.out && isTerminal.err && env['TERM'] !== 'dumb';
  return {
    writeOut: (text) => void stdout.write(text),
    writeErr: (text) => void stderr.write(text),
    isTerminal,
    ...(isTerminal.out && stdout.columns > 0 ? { columns: stdout.columns } : {}),
    ...(canDraw ? { screen: SCREEN } : {}),
    onInterrupt,
    cwd: process.cwd(),
    env,
  };
}

const SCREEN: Screen = {
  size: () => ({ columns: process.stdout.columns, rows: process.stdout.rows }),
  write: (text) => void process.stdout.write(text),
  onKey,
  onResize: (listener) => {
    process.stdout.on('resize', listener);
    return () => void process.stdout.off('resize', listener);
  },
};

/** Where nobody can type (stdin is a file or a pipe), Ctrl-C still comes as a signal. */
function onKey(listener: (key: string) => void): () => void {
  const { stdin } = process;
  if (!stdin.isTTY) return () => {};
  emitKeypressEvents(stdin);
  const hear = (character: string | undefined, { name, ctrl = false }: Key): void => {
    const key = ctrl ? `ctrl-${name}` : (name ?? character);
    if (key !== undefined) listener(key);
  };
  stdin.setRawMode(true);
  stdin.on('keypress', hear);
  stdin.resume();
  return () => {
    stdin.off('keypress', hear);
    stdin.setRawMode(false);
    stdin.pause();
  };
}

/** A reader that is gone (`stepshift watch … | head`) ends a watch like a person who leaves. */
function onInterrupt(listener: () => void): () => void {
  process.on('SIGINT', listener);
  process.stdout.on('error', listener);
  return () => {
    process.off('SIGINT', listener);
    process.stdout.off('error', listener);
  };
}
