// The real terminal behind `runCli`: this process's streams, directory and environment.
import { emitKeypressEvents, type Key } from 'node:readline';
import type { Problem } from '../core/errors.ts';
import { askOn } from './ask.ts';
import { EXIT, type Screen } from './command.ts';
import { renderProblems } from './problems.ts';
import type { CliIo } from './program.ts';

export function processIo(): CliIo {
  const { stdout, stderr, env } = process;
  const isTerminal = { out: stdout.isTTY === true, err: stderr.isTTY === true };
  const canDraw = isTerminal.out && isTerminal.err && env['TERM'] !== 'dumb';
  stdout.on('error', onUnwritten);
  // where nobody can be told, the exit code still tells how the verb ended
  stderr.on('error', () => {});
  return {
    writeOut: (text) => void stdout.write(text),
    writeErr: (text) => void stderr.write(text),
    isTerminal,
    ...(isTerminal.out && stdout.columns > 0 ? { columns: stdout.columns } : {}),
    ...(canDraw ? { screen: SCREEN } : {}),
    ...(process.stdin.isTTY && isTerminal.err ? { ask } : {}),
    onInterrupt,
    cwd: process.cwd(),
    env,
  };
}

const ask = askOn(process.stdin, process.stderr);

let isToldUnwritten = false;

/**
 * What was printed and did not arrive. A reader that is gone (`… | head -1`) has what it wanted: the exit code still tells
 * how the verb ended. Anything else (a full disk) is a failure, even where the verb itself did well.
 */
function onUnwritten(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE' || isToldUnwritten) return;
  isToldUnwritten = true;
  process.stderr.write(`${renderProblems([outputLost(error.message)], false)}\n`);
  process.on('exit', () => {
    process.exitCode = EXIT.unexpected;
  });
}

function outputLost(got: string): Problem {
  return {
    code: 'output-lost',
    what: 'the output could not be written',
    where: 'stdout',
    got,
    allowed: 'a terminal, a pipe or a file that takes it',
    fix: 'Make room, or write it elsewhere, and run it again',
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
  const hear = (character: string | undefined, key: Key): void => {
    const name = keyName(character, key);
    if (name !== undefined) listener(name);
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

/** What can be seen stands for itself, so that what is typed keeps its capitals; other keys have names. */
function keyName(character: string | undefined, { name, ctrl = false }: Key): string | undefined {
  if (ctrl) return `ctrl-${name}`;
  return character !== undefined && /^\P{C}+$/u.test(character) ? character : name;
}

/** Whoever closes the terminal or ends the process leaves like one who presses Ctrl-C: the terminal is put in order. */
const LEAVING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A reader that is gone (`stepshift watch … | head`) ends a watch like a person who leaves. */
function onInterrupt(listener: () => void): () => void {
  for (const signal of LEAVING) process.on(signal, listener);
  process.stdout.on('error', listener);
  return () => {
    for (const signal of LEAVING) process.off(signal, listener);
    process.stdout.off('error', listener);
  };
}
