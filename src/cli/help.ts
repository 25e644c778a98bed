// What `stepshift --help` and `stepshift VERB --help` say beside arguments and options: groups of verbs, notes, exit
// codes, command lines to copy.
import { type CliCommand, EXIT } from './command.ts';
import { shellLines } from './shell-lines.ts';
import { wrap } from './wrap.ts';

/** Help is as wide as a terminal that nobody made wider, and narrower where the terminal is. */
export const HELP_COLUMNS = 80;

/** The verbs by what somebody is up to, in the order in which a newcomer meets them. */
export const VERB_GROUPS: Readonly<Record<string, readonly string[]>> = {
  'Try it on a laptop, without AWS:': ['demo', 'simulate', 'replay', 'judge'],
  'Install and check:': ['init', 'validate', 'plan', 'doctor'],
  'Run a rollout:': ['start', 'watch', 'status', 'why'],
  'Step in:': ['pause', 'resume', 'approve', 'promote', 'abort', 'emergency-stop'],
  'Look back:': ['report', 'verify'],
};

/** A verb that is in no group stands under the heading that commander gives it. */
export function groupOf(verb: string): string {
  const found = Object.entries(VERB_GROUPS).find(([, verbs]) => verbs.includes(verb));
  return found?.[0] ?? 'Commands:';
}

/** What every verb may end with, unless it says better. */
export const COMMON_EXIT_CODES: CliCommand['exitCodes'] = {
  promotedOrClean: 'done',
  unexpected: 'an error that nobody planned for',
  invalidInput: 'the command line or a file is wrong; nothing was done',
};

export function verbHelp({ notes = [], exitCodes, examples }: CliCommand, columns: number): string {
  return [
    ...(notes.length === 0 ? [] : ['', ...notes.flatMap((line) => wrapNote(line, columns))]),
    '',
    'Exit codes:',
    ...exitCodeLines({ ...COMMON_EXIT_CODES, ...exitCodes }, columns),
    '',
    ...exampleLines(examples, columns),
  ].join('\n');
}

/** For `stepshift --help`. */
export function programHelp(columns: number): string {
  const meanings = Object.entries(EXIT_CODES_IN_SHORT) as [keyof typeof EXIT, string][];
  return [
    '',
    'Exit codes:',
    ...exitCodeLines(Object.fromEntries(meanings), columns),
    '',
    ...exampleLines(FIRST_EXAMPLES, columns),
    '',
    ...wrap('More of a verb: stepshift VERB --help', columns),
    '',
    ...wrap('In a checkout, once a shell, so that every line here can be pasted:', columns),
    IN_A_CHECKOUT,
  ].join('\n');
}

/** What `stepshift` is where no package puts it on the path. */
const IN_A_CHECKOUT = "  alias stepshift='npm run -s stepshift --'";

export const EXIT_CODES_IN_SHORT: Readonly<Record<keyof typeof EXIT, string>> = {
  promotedOrClean: 'promoted, or all is well',
  unexpected: 'an error that nobody planned for',
  invalidInput: 'the command line or a file is wrong',
  rolledBack: 'rolled back',
  aborted: 'aborted by a person',
  rejected: 'rejected: the input is fine, and something else says no; nothing shifted',
  conflict: 'conflict, or superseded',
  watchTimedOut: 'stopped watching; the rollout goes on',
  rollbackIncomplete: 'the traffic is not confirmed to be safe; a person is needed',
  noPermission: 'no credentials, no Region, or no permission',
  waitingForApproval: 'waiting for a person',
  detached: 'left by Ctrl-C; the rollout goes on',
};

export const FIRST_EXAMPLES: readonly string[] = [
  'demo',
  'simulate examples/error-spike',
  'init checkout --function checkout-api --alias live',
  'plan services/checkout.yaml --requests-per-minute 600',
  'start checkout 42 --wait',
  'abort checkout-42-1f2e3d4c -m "support sees wrong totals"',
];

function exitCodeLines(exitCodes: CliCommand['exitCodes'], columns: number): readonly string[] {
  const rows = Object.entries(exitCodes) as [keyof typeof EXIT, string][];
  return rows
    .map(([name, meaning]) => ({ code: EXIT[name], meaning }))
    .toSorted((a, b) => a.code - b.code)
    .flatMap(({ code, meaning }) => {
      const [first = '', ...more] = wrap(meaning, columns - CODE_INDENT.length);
      return [`  ${String(code).padStart(3)}  ${first}`, ...more.map((line) => `${CODE_INDENT}${line}`)];
    });
}

const CODE_INDENT = ' '.repeat('  130  '.length);

function exampleLines(examples: readonly string[], columns: number): readonly string[] {
  return [
    examples.length === 1 ? 'Example:' : 'Examples:',
    ...examples.flatMap((example) => shellLines(`stepshift ${example}`, columns, '  ')),
  ];
}

/** What continues a line stands under its first word. */
function wrapNote(line: string, columns: number): readonly string[] {
  if (line.length <= columns) return [line];
  const indent = /^ */.exec(line)?.[0] ?? '';
  return wrap(line.trimStart(), columns - indent.length).map((part) => `${indent}${part}`);
}
