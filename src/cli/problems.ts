// Problems for people: code and sentence, place, the line of the file with a caret, what was got, what is allowed, the fix.
import pc from 'picocolors';
import type { Problem } from '../core/errors.ts';
import { plainText } from '../core/plain-text.ts';

/** A problem in a file that was read: carries the line it is in, so that the line can be shown. */
export interface LocatedProblem extends Problem {
  readonly source: {
    /** From 1. */
    readonly line: number;
    /** From 1. */
    readonly column: number;
    /** Characters to underline. */
    readonly length: number;
    /** The whole line. */
    readonly text: string;
  };
}

/** Widest line of an excerpt, characters. */
const MAX_COLUMNS = 80;

export function renderProblems(problems: readonly Problem[], hasColour: boolean): string {
  return problems.map((problem) => renderProblem(problem, hasColour)).join('\n\n');
}

/** The problem without its excerpt, as tools get it. */
export function plainProblem({ code, what, where, got, allowed, fix }: Problem): Problem {
  return { code, what, where, got, allowed, fix };
}

function renderProblem(problem: Problem, hasColour: boolean): string {
  const paint = pc.createColors(hasColour);
  const lines = [
    `${paint.bold(paint.red(problem.code))}  ${plainText(problem.what)}`,
    `  ${plainText(problem.where)}`,
  ];
  // past the end of the file there is no line to show
  if (isLocated(problem) && problem.source.text !== '')
    lines.push(...excerpt(problem).map((line) => `  ${line}`));
  if (problem.got !== '') lines.push(`  Got: ${plainText(problem.got)}`);
  if (problem.allowed !== '') lines.push(`  Allowed: ${plainText(problem.allowed)}`);
  if (problem.fix !== '') lines.push(`  ${paint.bold('Fix:')} ${plainText(problem.fix)}`);
  return lines.join('\n');
}

/** The line and a caret under the place; of a long line, the part around it. */
function excerpt({ source }: LocatedProblem): readonly string[] {
  const gutter = String(source.line);
  // indent of two, the gutter and its bar; a caret may stand one behind the text
  const room = MAX_COLUMNS - gutter.length - 6;
  const { text, column } = partAround(source.text, source.column, room);
  const shown = [...text].map((c) => plainText(c) || ' ').join('');
  const length = Math.max(1, Math.min(source.length, text.length - (column - 1)));
  return [
    `${gutter} │ ${shown}`,
    `${' '.repeat(gutter.length)} │ ${' '.repeat(column - 1)}${'^'.repeat(length)}`,
  ];
}

/** At most `room` characters of the line with the column in them; … stands for what is left out. */
function partAround(line: string, column: number, room: number): { text: string; column: number } {
  if (line.length <= room) return { text: line, column };
  const before = Math.max(0, Math.min(column - 1 - Math.floor(room / 3), line.length - room));
  const part = line.slice(before, before + room);
  const start = before > 0 ? `…${part.slice(1)}` : part;
  const text = before + room < line.length ? `${start.slice(0, -1)}…` : start;
  return { text, column: column - before };
}

function isLocated(problem: Problem): problem is LocatedProblem {
  return 'source' in problem;
}
