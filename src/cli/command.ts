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

export const FORMATS = ['text', 'json', 'ndjson'] as const;
export type Format = (typeof FORMATS)[number];

export interface CommandResult {
  readonly code: ExitCode;
  /** Exactly one JSON value, printed by `--format json`. */
  readonly data: unknown;
  /** For people, printed by `--format text`; ends without a line break. */
  readonly text: string;
  /** What `--format ndjson` prints at the end, one JSON value a line; without it, `data` alone. */
  readonly lines?: readonly unknown[];
}

/** A terminal that a person looks at and types into: it can be drawn on again and again. */
export interface Screen {
  readonly size: () => { readonly columns: number; readonly rows: number };
  readonly write: (text: string) => void;
  /** Calls back with every key (`a`, `enter`, `ctrl-c`) while it listens; the answer stops that. */
  readonly onKey: (listener: (key: string) => void) => () => void;
  readonly onResize: (listener: () => void) => () => void;
}

/** Asks a person to choose; null: they would not. */
export type Ask = (question: string, choices: readonly string[]) => Promise<string | null>;

/** Where a command runs and how it speaks while it works. */
export interface CommandContext {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly format: Format;
  /** Remarks and progress go to stderr, so that stdout stays data. */
  readonly remark: (line: string) => void;
  /** With `--format text`: prints a line to stdout now, before the text of the result. Other formats drop it. */
  readonly print: (line: string) => void;
  /** With `--format ndjson`: prints one value now, before the lines of the result. Other formats drop it. */
  readonly emit: (value: unknown) => void;
  readonly hasColour: boolean;
  /** Columns of the terminal that stdout is; left out when it is none. */
  readonly columns?: number;
  /** null: output is piped, not text, or the terminal cannot move its cursor. */
  readonly screen: Screen | null;
  /** Left out where nobody can answer: no terminal, or output for tools. */
  readonly ask?: Ask;
  /** Calls back at Ctrl-C, and when nobody reads stdout any more, instead of ending the process; the answer stops that. */
  readonly onInterrupt: (listener: () => void) => () => void;
}

/** One verb of the command line; the table of all of them is `COMMANDS` in program.ts. */
export interface CliCommand {
  readonly verb: string;
  /** One line of help. */
  readonly summary: string;
  /** What the summary leaves open, for `--help`: sentences, each a line. */
  readonly notes?: readonly string[];
  /** Command lines to copy, without the program's name, the commonest first. */
  readonly examples: readonly string[];
  /** What it may end with, and what that means for this verb; 0, 1 and 2 only where there is more to say than for every verb. */
  readonly exitCodes: Readonly<Partial<Record<keyof typeof EXIT, string>>>;
  /** Adds arguments and options; `--format` is added to every verb by the program. */
  readonly configure: (command: Command) => void;
  /** Throws InvalidInputError (exit 2) or RejectedError (exit 5) for what is the user's to mend. */
  readonly run: (
    args: readonly string[],
    options: Readonly<Record<string, unknown>>,
    context: CommandContext,
  ) => Promise<CommandResult>;
}
