// Output formats: how a result or a failure is printed as text, as one JSON value, or as one JSON value a line.
import type { CommandResult, Format } from './command.ts';
import type { Failure } from './failures.ts';
import { plainProblem, renderProblems } from './problems.ts';

export function formatResult(result: CommandResult, format: Format): string {
  switch (format) {
    case 'text':
      return result.text === '' ? '' : `${result.text}\n`;
    case 'json':
      return `${JSON.stringify(result.data, null, 2)}\n`;
    case 'ndjson':
      return (result.lines ?? [result.data]).map(formatLine).join('');
  }
}

/** One line of `--format ndjson`. */
export function formatLine(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}

/** Problems are data only for tools; for a person they are a remark, so that a piped stdout stays empty. */
export function formatFailure(
  failure: Failure,
  format: Format,
  hasColour: boolean,
  columns: number | null,
): { readonly out: string; readonly err: string } {
  const stack = failure.stack === null ? '' : `${failure.stack}\n`;
  const value = { error: { problems: failure.problems.map(plainProblem) } };
  switch (format) {
    case 'text':
      return { out: '', err: `${renderProblems(failure.problems, hasColour, columns)}\n${stack}` };
    case 'json':
      return { out: `${JSON.stringify(value, null, 2)}\n`, err: stack };
    case 'ndjson':
      return { out: formatLine(value), err: stack };
  }
}
