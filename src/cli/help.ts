// What `stepshift VERB --help` says after arguments and options: notes, exit codes, command lines to copy.
import { type CliCommand, EXIT } from './command.ts';

/** The empty string for a verb that says nothing more. */
export function verbHelp({ notes = [], exitCodes, examples = [] }: CliCommand): string {
  return [
    ...(notes.length === 0 ? [] : ['', ...notes]),
    ...exitCodeLines(exitCodes),
    ...(examples.length === 0
      ? []
      : [
          '',
          examples.length === 1 ? 'Example:' : 'Examples:',
          ...examples.map((line) => `  stepshift ${line}`),
        ]),
  ].join('\n');
}

function exitCodeLines(exitCodes: CliCommand['exitCodes']): readonly string[] {
  const rows = Object.entries(exitCodes ?? {}) as [keyof typeof EXIT, string][];
  if (rows.length === 0) return [];
  const lines = rows
    .map(([name, meaning]) => ({ code: EXIT[name], meaning }))
    .toSorted((a, b) => a.code - b.code)
    .map(({ code, meaning }) => `  ${String(code).padStart(3)}  ${meaning}`);
  return ['', 'Exit codes:', ...lines];
}
