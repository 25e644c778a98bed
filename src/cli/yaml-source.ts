// A YAML (or JSON) document with its positions: parsed by any schema, every mistake with file:line:column and its line.
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type * as z from 'zod';
import { InvalidInputError, messageOf, type Problem } from '../core/errors.ts';
import type { Path } from '../core/json-schema-path.ts';
import { type ExplainKey, type PlacedProblem, parseBySchema } from '../core/zod-problems.ts';
import type { LocatedProblem } from './problems.ts';
import { aliasMistakes } from './yaml-aliases.ts';
import { aliasProblem, firstAtEachPlace, type Mark, type Range, syntaxProblem } from './yaml-problems.ts';

/** One document and how to find a path in it. */
export interface YamlSource {
  readonly fileName: string;
  /** The plain value, as JSON would have it. */
  readonly value: unknown;
  /** Gives a problem found at a path of `value` its place in the file. */
  readonly locate: (problem: PlacedProblem) => LocatedProblem;
  /** From 1: the line of a key, or of the nearest one around it. */
  readonly lineOf: (path: Path) => number;
}

/** Reads the text as one YAML document. Throws InvalidInputError (`not-yaml`) with every syntax error. */
export function readYaml(text: string, fileName: string): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const mark = marker(text, lines, fileName);
  const errors = [...document.errors, ...document.warnings];
  if (errors.length > 0) {
    throw new InvalidInputError(
      firstAtEachPlace(errors).map((error) => syntaxProblem(error, mark, text, fileName)),
    );
  }
  const mistakes = aliasMistakes(document);
  if (mistakes.length > 0) {
    throw new InvalidInputError(mistakes.map((mistake) => aliasProblem(mistake, mark)));
  }
  return {
    fileName,
    value: plainValue(document, fileName),
    locate: (problem) => ({ ...problem, ...mark(rangeOf(document, problem)) }),
    lineOf: (path) => mark(rangeOf(document, { path, at: 'key' })).source.line,
  };
}

/**
 * Parses a document by a zod schema. Throws InvalidInputError with every problem at once, each with its position.
 * @param explainKey may say more about a key that the schema does not know
 */
export function parseYamlDocument<T>(
  schema: z.ZodType<T>,
  text: string,
  fileName: string,
  explainKey?: ExplainKey,
): T {
  return parseSource(schema, readYaml(text, fileName), explainKey);
}

/** The same for a document that was read before. */
export function parseSource<T>(schema: z.ZodType<T>, source: YamlSource, explainKey?: ExplainKey): T {
  const { value, problems } = parseBySchema(schema, source.value, explainKey);
  if (problems !== null) throw new InvalidInputError(problems.map(source.locate).sort(byPlace));
  return value;
}

/** As a reader goes through the file. */
function byPlace({ source: a }: LocatedProblem, { source: b }: LocatedProblem): number {
  return a.line - b.line || a.column - b.column;
}

/** Turns offsets into `file:line:column` and the line itself. */
function marker(text: string, lines: LineCounter, fileName: string): Mark {
  return ([from, to]) => {
    const { line, col } = lines.linePos(Math.min(from, text.length));
    const lineStart = lines.lineStarts[line - 1] ?? 0;
    const lineText = (text.slice(lineStart).split('\n', 1)[0] ?? '').replace(/\r$/, '');
    const length = Math.max(1, Math.min(to - from, lineText.length - (col - 1)));
    return { where: `${fileName}:${line}:${col}`, source: { line, column: col, length, text: lineText } };
  };
}

/** Aliases are resolved here; the library refuses documents that grow without bound through them. */
function plainValue(document: Document, fileName: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    const problem: Problem = {
      code: 'not-yaml',
      what: isBomb(error)
        ? 'the aliases of this file stand for more text than can be read'
        : `this YAML cannot be read: ${messageOf(error)}`,
      where: `${fileName} (as a whole: no single line is at fault)`,
      got: 'aliases that together stand for too much',
      allowed: 'aliases (*name) of anchors (&name) that come before them, in moderation',
      fix: 'Write the values out instead of repeating them by alias',
    };
    throw new InvalidInputError([problem]);
  }
}

/** The library takes it for an attack; it may be a slip. */
function isBomb(error: unknown): boolean {
  return messageOf(error).includes('Excessive alias count');
}

/** Where a path is in the text: the key for a problem with a key, the nearest parent for a place that is not there. */
function rangeOf(document: Document, { path, at }: Pick<PlacedProblem, 'path' | 'at'>): Range {
  let node: Node | null = document.contents;
  let range: Range = rangeOfNode(node) ?? [0, 1];
  for (const [index, segment] of path.entries()) {
    const step = stepInto(document, node, segment);
    if (step === undefined) return range;
    node = step.value;
    const isLast = index === path.length - 1;
    range = (isLast && at === 'key' ? undefined : rangeOfNode(node)) ?? step.key ?? range;
    // inside a map, a missing key is best shown at the key of the map
    if (!isLast && step.key !== undefined && !isScalar(node) && isMissing(document, node, path[index + 1])) {
      return step.key;
    }
  }
  return range;
}

function stepInto(
  document: Document,
  parent: Node | null,
  segment: PropertyKey,
): { readonly key: Range | undefined; readonly value: Node | null } | undefined {
  const node = isAlias(parent) ? (parent.resolve(document) ?? null) : parent;
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(segment));
    return pair && { key: rangeOfNode(pair.key as Node), value: pair.value as Node | null };
  }
  if (isSeq(node) && typeof segment === 'number' && segment < node.items.length) {
    return { key: undefined, value: node.items[segment] as Node | null };
  }
  return undefined;
}

function isMissing(document: Document, node: Node | null, segment: PropertyKey | undefined): boolean {
  return segment !== undefined && stepInto(document, node, segment) === undefined;
}

/** Empty for a value that is not written (`key:` with nothing behind it). */
function rangeOfNode(node: Node | null): Range | undefined {
  if (!node?.range || node.range[0] === node.range[1]) return undefined;
  return [node.range[0], node.range[1]];
}
