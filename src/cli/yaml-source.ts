// A YAML (or JSON) document with its positions: parsed by any schema, every mistake with file:line:column and its line.
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLError,
} from 'yaml';
import type * as z from 'zod';
import { InvalidInputError } from '../core/errors.ts';
import { type ExplainKey, type PlacedProblem, parseBySchema } from '../core/zod-problems.ts';
import type { LocatedProblem } from './problems.ts';

/** One document and how to find a path in it. */
export interface YamlSource {
  readonly fileName: string;
  /** The plain value, as JSON would have it. */
  readonly value: unknown;
  /** Gives a problem found at a path of `value` its place in the file. */
  readonly locate: (problem: PlacedProblem) => LocatedProblem;
}

/** Reads the text as one YAML document. Throws InvalidInputError (`not-yaml`) with every syntax error. */
export function readYaml(text: string, fileName: string): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const mark = marker(text, lines, fileName);
  const errors = [...document.errors, ...document.warnings];
  if (errors.length > 0) throw new InvalidInputError(errors.map((error) => syntaxProblem(error, mark)));
  return {
    fileName,
    value: plainValue(document, mark),
    locate: (problem) => ({ ...problem, ...mark(rangeOf(document, problem)) }),
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
  if (problems !== null) throw new InvalidInputError(problems.map(source.locate));
  return value;
}

type Range = readonly [from: number, to: number];
type Mark = (range: Range) => Pick<LocatedProblem, 'where' | 'source'>;

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

function syntaxProblem(error: YAMLError, mark: Mark): LocatedProblem {
  const place = { ...mark(error.pos), got: '' };
  switch (error.code) {
    case 'DUPLICATE_KEY':
      return {
        ...place,
        code: 'duplicate-key',
        what: 'a key is there twice',
        allowed: 'each key once',
        fix: 'Remove one of the two',
      };
    case 'MULTIPLE_DOCS':
      return {
        ...place,
        code: 'not-yaml',
        what: 'the file holds more than one document',
        allowed: 'one YAML or JSON document',
        fix: 'Put every document (separated by ---) into a file of its own',
      };
    default:
      return {
        ...place,
        code: 'not-yaml',
        what: `this is not YAML: ${error.message}`,
        allowed: 'one YAML or JSON document',
        fix: 'Correct the line: spaces (never tabs) indent, and a colon with a space follows a key',
      };
  }
}

/** Aliases are resolved here; the library refuses documents that grow without bound through them. */
function plainValue(document: Document, mark: Mark): unknown {
  try {
    return document.toJS();
  } catch (error) {
    throw new InvalidInputError([
      {
        code: 'not-yaml',
        what: `this YAML cannot be read: ${error instanceof Error ? error.message : String(error)}`,
        ...mark([0, 1]),
        got: '',
        allowed: 'aliases (*name) of anchors (&name) that come before them, in moderation',
        fix: 'Write the values out instead of repeating them by alias',
      },
    ]);
  }
}

/** Where a path is in the text: the key for a problem with a key, the nearest parent for a place that is not there. */
function rangeOf(document: Document, { path, at }: PlacedProblem): Range {
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
