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

/** Longest excerpt shown, characters. */
const MAX_EXCERPT = 100;

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

/** The line and a caret under the place; a long line is cut around it. */
function excerpt({ source }: LocatedProblem): readonly string[] {
  const cutFrom = source.column > MAX_EXCERPT ? source.column - MAX_EXCERPT / 2 : 0;
  const text = [...source.text.slice(cutFrom, cutFrom + MAX_EXCERPT)]
    .map((c) => plainText(c) || ' ')
    .join('');
  const indent = ' '.repeat(source.column - 1 - cutFrom);
  const room = Math.max(1, text.length - indent.length);
  const gutter = String(source.line);
  return [
    `${gutter} │ ${text}`,
    `${' '.repeat(gutter.length)} │ ${indent}${'^'.repeat(Math.max(1, Math.min(source.length, room)))}`,
  ];
}

function isLocated(problem: Problem): problem is LocatedProblem {
  return 'source' in problem;
}
