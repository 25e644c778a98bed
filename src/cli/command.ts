// What a command is and gives back: an exit code, one JSON value for tools and a text for people. Output formats live elsewhere.
import type { Command } from 'commander';

/** The exit codes are an interface: other tools branch on them. */
export const EXIT = {
  promotedOrClean: 0,
  unexpected: 1,
  invalidInput: 2,
  rolledBack: 3,
  aborted: 4,
  rejected: 5,
  conflict: 6,
  watchTimedOut: 7,
  rollbackIncomplete: 8,
  noPermission: 9,
  waitingForApproval: 10,
  detached: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface CommandResult {
  readonly code: ExitCode;
  /** Exactly one JSON value, printed by `--format json`. */
  readonly data: unknown;
  /** For people, printed by `--format text`; ends without a line break. */
  readonly text: string;
  /** What `--format ndjson` prints, one JSON value a line; without it, `data` alone. */
  readonly lines?: readonly unknown[];
}

/** Where a command runs and how it speaks while it works. */
export interface CommandContext {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Remarks and progress go to stderr, so that stdout stays data. */
  readonly remark: (line: string) => void;
  /** Colour and redrawing are wanted. */
  readonly isInteractive: boolean;
  /** Columns of the terminal that stdout is; left out when it is none. */
  readonly columns?: number;
}

/** One verb of the command line; the table of all of them is `COMMANDS` in program.ts. */
export interface CliCommand {
  readonly verb: string;
  /** One line of help. */
  readonly summary: string;
  /** Adds arguments and options; `--format` is added to every verb by the program. */
  readonly configure: (command: Command) => void;
  /** Throws InvalidInputError (exit 2) or RejectedError (exit 5) for what is the user's to mend. */
  readonly run: (
    args: readonly string[],
    options: Readonly<Record<string, unknown>>,
    context: CommandContext,
  ) => Promise<CommandResult>;
}
