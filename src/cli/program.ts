// The command line: the table of verbs, how arguments become a run, how a run becomes output and an exit code.
import { Command, CommanderError, Option } from 'commander';
import {
  type Ask,
  type CliCommand,
  type CommandContext,
  EXIT,
  type ExitCode,
  FORMATS,
  type Format,
  type Screen,
} from './command.ts';
import { demoCommand } from './commands/demo.ts';
import { doctorCommand } from './commands/doctor.ts';
import { emergencyStopCommand } from './commands/emergency-stop.ts';
import { initCommand } from './commands/init.ts';
import { judgeCommand } from './commands/judge.ts';
import { planCommand } from './commands/plan.ts';
import { replayCommand } from './commands/replay.ts';
import { reportCommand } from './commands/report.ts';
import { signalCommands } from './commands/signals.ts';
import { simulateCommand } from './commands/simulate.ts';
import { startCommand } from './commands/start.ts';
import { statusCommand } from './commands/status.ts';
import { validateCommand } from './commands/validate.ts';
import { verifyCommand } from './commands/verify.ts';
import { watchCommand } from './commands/watch.ts';
import { whyCommand } from './commands/why.ts';
import { type Failure, failureOf, usageFailure } from './failures.ts';
import { groupOf, HELP_COLUMNS, programHelp, verbHelp } from './help.ts';
import { formatFailure, formatLine, formatResult } from './output.ts';
import { emptyArgument } from './usage-problem.ts';

export const COMMANDS: readonly CliCommand[] = [
  demoCommand,
  initCommand,
  validateCommand,
  planCommand,
  simulateCommand,
  replayCommand,
  judgeCommand,
  startCommand,
  watchCommand,
  statusCommand,
  whyCommand,
  ...signalCommands,
  emergencyStopCommand,
  reportCommand,
  verifyCommand,
  doctorCommand,
];

/** What a run of the command line may touch; tests give their own. */
export interface CliIo {
  readonly writeOut: (text: string) => void;
  readonly writeErr: (text: string) => void;
  /** Whether a person looks at it. */
  readonly isTerminal: { readonly out: boolean; readonly err: boolean };
  /** Width of the terminal that stdout is; left out when it is none. */
  readonly columns?: number;
  /** The terminal to draw on; left out where stdout or stderr is none, or where its cursor cannot be moved. */
  readonly screen?: Screen;
  readonly onInterrupt?: CommandContext['onInterrupt'];
  readonly ask?: Ask;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Runs one command line and answers its exit code; never throws and never ends the process.
 * @param argv the arguments after the program's name
 */
export async function runCli(
  argv: readonly string[],
  io: CliIo,
  commands: readonly CliCommand[] = COMMANDS,
): Promise<ExitCode> {
  const format = formatAsked(argv);
  const mayColour = !io.env['NO_COLOR'];
  const columns = columnsOf(io);
  const context: CommandContext = {
    ...(columns === undefined ? {} : { columns }),
    cwd: io.cwd,
    env: io.env,
    format,
    remark: (line) => io.writeErr(`${line}\n`),
    print: (line) => {
      if (format === 'text') io.writeOut(`${line}\n`);
    },
    emit: (value) => {
      if (format === 'ndjson') io.writeOut(formatLine(value));
    },
    hasColour: mayColour && format === 'text' && io.isTerminal.out && io.isTerminal.err,
    screen: format === 'text' ? (io.screen ?? null) : null,
    ...(io.ask === undefined || format !== 'text' ? {} : { ask: io.ask }),
    onInterrupt: io.onInterrupt ?? (() => () => {}),
  };
  try {
    return await parseAndRun(argv, io, commands, context);
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.promotedOrClean;
    const failure =
      error instanceof CommanderError ? usageFailure(error, argv, commands) : failureOf(error, io.env);
    report(failure, format, mayColour && io.isTerminal.err, io);
    return failure.code;
  }
}

/** Narrower terminals break the lines themselves: nothing that is made for fewer columns could still be read. */
const MIN_COLUMNS = 20;

function columnsOf({ columns }: CliIo): number | undefined {
  return columns === undefined ? undefined : Math.max(MIN_COLUMNS, columns);
}

async function parseAndRun(
  argv: readonly string[],
  io: CliIo,
  commands: readonly CliCommand[],
  context: CommandContext,
): Promise<ExitCode> {
  let code: ExitCode = EXIT.promotedOrClean;
  const program = buildProgram(io, commands, async (command, args, { format, ...options }) => {
    if (args.includes('')) throw emptyArgument(command.verb);
    const result = await command.run(args, options, context);
    io.writeOut(formatResult(result, format as Format));
    code = result.code;
  });
  if (argv.length === 0) {
    program.outputHelp({ error: true });
    return EXIT.invalidInput;
  }
  await program.parseAsync(withKnownHelp(argv, commands), { from: 'user' });
  return code;
}

/** Commander answers `help` of a verb that there is not with everything there is; so the verb alone is asked for, and refused. */
function withKnownHelp(argv: readonly string[], commands: readonly CliCommand[]): readonly string[] {
  const [first, verb] = argv;
  const isUnknown =
    first === 'help' && verb !== undefined && !commands.some((command) => command.verb === verb);
  return isUnknown && verb !== 'help' && !verb.startsWith('-') ? [verb] : argv;
}

type Run = (
  command: CliCommand,
  args: readonly string[],
  options: Readonly<Record<string, unknown>>,
) => Promise<void>;

function buildProgram(io: CliIo, commands: readonly CliCommand[], run: Run): Command {
  const columns = Math.min(columnsOf(io) ?? HELP_COLUMNS, HELP_COLUMNS);
  const program = new Command('stepshift')
    .description('Moves live traffic to a new version in stages, judges it, takes it back when it is worse.')
    .exitOverride()
    .commandsGroup('Help:')
    .helpCommand(true)
    // commander's own 40 would leave descriptions in one line where options are long
    .configureHelp({ subcommandTerm: (command) => command.name(), minWidthToWrap: 16 })
    // commander's own words about a wrong command line are dropped: it is reported like every other problem
    .configureOutput({
      writeOut: io.writeOut,
      writeErr: io.writeErr,
      outputError: () => {},
      getOutHelpWidth: () => columns,
      getErrHelpWidth: () => columns,
    })
    .addHelpText('after', programHelp(columns));
  for (const command of commands) {
    const sub = program.command(command.verb).description(command.summary).helpGroup(groupOf(command.verb));
    command.configure(sub);
    sub.addHelpText('after', verbHelp(command, columns));
    sub.addOption(
      new Option('--format <format>', 'how the result is printed').choices(FORMATS).default('text'),
    );
    sub.action(() => run(command, sub.args, sub.opts()));
  }
  return program;
}

/** Read before commander does, because a wrong command line is reported in the format asked for, too. */
function formatAsked(argv: readonly string[]): Format {
  const index = argv.findIndex((argument) => argument === '--format' || argument.startsWith('--format='));
  const asked = argv[index]?.includes('=') ? argv[index]?.split('=')[1] : argv[index + 1];
  return index >= 0 ? (FORMATS.find((format) => format === asked) ?? 'text') : 'text';
}

function report(failure: Failure, format: Format, hasColour: boolean, io: CliIo): void {
  const { out, err } = formatFailure(
    failure,
    format,
    hasColour,
    io.isTerminal.err ? (io.columns ?? null) : null,
  );
  if (out !== '') io.writeOut(out);
  if (err !== '') io.writeErr(err);
}
