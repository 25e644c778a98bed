// Runs a command line in memory: what was printed where, and the exit code.
import type { Ask, CliCommand, CommandContext, Screen } from '../../src/cli/command.ts';
import { COMMANDS, runCli } from '../../src/cli/program.ts';

export interface CliRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface CliWorld {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly isTerminal?: boolean;
  readonly columns?: number;
  readonly commands?: readonly CliCommand[];
  readonly screen?: Screen;
  readonly ask?: Ask;
  readonly onInterrupt?: CommandContext['onInterrupt'];
}

export async function runInMemory(argv: readonly string[], world: CliWorld = {}): Promise<CliRun> {
  let out = '';
  let err = '';
  const isTerminal = world.isTerminal ?? false;
  const code = await runCli(
    argv,
    {
      writeOut: (text) => {
        out += text;
      },
      writeErr: (text) => {
        err += text;
      },
      isTerminal: { out: isTerminal, err: isTerminal },
      ...(world.columns === undefined ? {} : { columns: world.columns }),
      ...(world.ask === undefined ? {} : { ask: world.ask }),
      ...(world.screen === undefined ? {} : { screen: world.screen }),
      ...(world.onInterrupt === undefined ? {} : { onInterrupt: world.onInterrupt }),
      cwd: world.cwd ?? process.cwd(),
      env: world.env ?? {},
    },
    world.commands ?? COMMANDS,
  );
  return { code, out, err };
}
