// Problems for people: code and sentence, place, the line of the file with a caret, what was got, what is allowed, the fix,
// and where the documentation says more.
import pc from 'picocolors';
import type { Problem } from '../core/errors.ts';
import { plainText } from '../core/plain-text.ts';
import { PROBLEMS, type ProblemCode } from '../core/problems/index.ts';
import { wrap } from './wrap.ts';

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

/** Widest line of an excerpt, characters; a narrower terminal has less. */
const MAX_EXCERPT_COLUMNS = 80;
/** Below that an excerpt shows too little to be found again. */
const MIN_EXCERPT_COLUMNS = 24;
/** Nobody mends more in one go, and what comes first must not scroll away. */
const MAX_SHOWN = 20;

/** @param columns of the terminal; null: unknown, and lines are as long as they are */
export function renderProblems(
  problems: readonly Problem[],
  hasColour: boolean,
  columns: number | null = null,
): string {
  const shown = problems.slice(0, MAX_SHOWN);
  const blocks = shown.map((problem, index) => {
    const isFirstOfCode = shown.findIndex(({ code }) => code === problem.code) === index;
    return renderProblem(problem, { paint: pc.createColors(hasColour), columns, isFirstOfCode });
  });
  return [...blocks, ...countLine(problems)].join('\n\n');
}

/** What is one problem alone needs no count, and where a problem says itself that there are more, a count would be wrong. */
function countLine(problems: readonly Problem[]): readonly string[] {
  if (problems.length < 2 || problems.some(({ code }) => code === 'more-problems')) return [];
  return [
    problems.length > MAX_SHOWN
      ? `${problems.length} problems, of which the first ${MAX_SHOWN} are shown`
      : `${problems.length} problems`,
  ];
}

/** The article on problems of this kind; the slug is its heading's anchor as it stands. */
function articleOn(code: ProblemCode): string {
  return `docs/errors.md#${code}`;
}

/** Not where another release tells of a problem that this one does not know. */
export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code);
}

/** What the registry says to do about a problem of which only its sentence came through: `Not started: CODE: …`. */
export function adviceOn(sentence: string): readonly string[] {
  const codes = [...sentence.matchAll(/(?:^|[:;] )([a-z0-9-]+): /g)].map(([, code = '']) => code);
  return codes
    .filter(isProblemCode)
    .flatMap((code) => [`  Fix: ${PROBLEMS[code].fix}`, `  More: ${articleOn(code)}`]);
}

/** The problem without its excerpt and with its article, as tools get it. */
export function plainProblem({ code, what, where, got, allowed, fix }: Problem) {
  return { code, what, where, got, allowed, fix, docs: articleOn(code) };
}

interface Style {
  readonly paint: ReturnType<typeof pc.createColors>;
  readonly columns: number | null;
  readonly isFirstOfCode: boolean;
}

function renderProblem(problem: Problem, { paint, columns, isFirstOfCode }: Style): string {
  const { code, what, where, got, allowed, fix } = problem;
  const labelled = (label: string, text: string) =>
    text === '' ? [] : wrapped(`${label}: ${plainText(text)}`, columns, '  ');
  const [head = '', ...restOfHead] = wrapped(`${code} ${plainText(what)}`, columns, '');
  const fixLines = fix === '' ? [] : fixWrapped(`Fix: ${plainText(fix)}`, columns);
  return [
    // the second space between code and sentence; lines leave room for it
    head.replace(code, `${paint.bold(paint.red(code))} `),
    ...restOfHead,
    `  ${plainText(where)}`,
    // past the end of the file there is no line to show
    ...(isLocated(problem) && problem.source.text !== '' ? excerpt(problem, columns) : []),
    ...labelled('Got', got),
    ...labelled('Allowed', allowed),
    ...fixLines.map((line) => line.replace(/^ {2}Fix:/, `  ${paint.bold('Fix:')}`)),
    ...(isFirstOfCode ? [`  More: ${articleOn(code)}`] : []),
  ].join('\n');
}

/** Broken at spaces, with lines after the first indented by two more. */
function wrapped(text: string, columns: number | null, indent: string): readonly string[] {
  if (columns === null || indent.length + text.length < columns) return [`${indent}${text}`];
  return wrap(text, columns - indent.length - 2).map(
    (line, index) => `${indent}${index === 0 ? '' : '  '}${line}`,
  );
}

const ENDS_IN_COMMAND = /^(.*:) ((?:stepshift|aws|npm|npx|cdk) [^;]+)$/;

/** A command stays on one line of its own, so that it can be copied. */
function fixWrapped(text: string, columns: number | null): readonly string[] {
  const [, sentence, command] = ENDS_IN_COMMAND.exec(text) ?? [];
  const fits = columns === null || text.length + 2 <= columns;
  return fits || sentence === undefined
    ? wrapped(text, columns, '  ')
    : [...wrapped(sentence, columns, '  '), `    ${command}`];
}

/** The line and a caret under the place; of a long line, the part around it. */
function excerpt({ source }: LocatedProblem, columns: number | null): readonly string[] {
  const gutter = String(source.line);
  const width = Math.max(MIN_EXCERPT_COLUMNS, Math.min(MAX_EXCERPT_COLUMNS, columns ?? MAX_EXCERPT_COLUMNS));
  // indent of two, the gutter and its bar; a caret may stand one behind the text
  const room = width - gutter.length - 6;
  const { text, column } = partAround(source.text, source.column, room);
  const shown = [...text].map((c) => plainText(c) || ' ').join('');
  const length = Math.max(1, Math.min(source.length, text.length - (column - 1)));
  return [
    `  ${gutter} │ ${shown}`,
    `  ${' '.repeat(gutter.length)} │ ${' '.repeat(column - 1)}${'^'.repeat(length)}`,
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
