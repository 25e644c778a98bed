// The real terminal behind `runCli`: this process's streams, directory and environment.
import type { CliIo } from './program.ts';

export function processIo(): CliIo {
  return {
    writeOut: (text) => void process.stdout.write(text),
    writeErr: (text) => void process.stderr.write(text),
    isTerminal: { out: process.stdout.isTTY === true, err: process.stderr.isTTY === true },
    ...(process.stdout.isTTY === true && process.stdout.columns > 0
      ? { columns: process.stdout.columns }
      : {}),
    cwd: process.cwd(),
    env: process.env,
  };
}
