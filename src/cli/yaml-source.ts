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
import { InvalidInputError, messageOf, type Problem } from '../core/errors.ts';
import { showValue } from '../core/value-words.ts';
import { type ExplainKey, type PlacedProblem, parseBySchema } from '../core/zod-problems.ts';
import type { LocatedProblem } from './problems.ts';
import { type AliasMistake, aliasMistakes } from './yaml-aliases.ts';

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
  if (errors.length > 0) {
    throw new InvalidInputError(firstAtEachPlace(errors).map((error) => syntaxProblem(error, mark, text)));
  }
  const mistakes = aliasMistakes(document);
  if (mistakes.length > 0) {
    throw new InvalidInputError(mistakes.map((mistake) => aliasProblem(mistake, mark)));
  }
  return {
    fileName,
    value: plainValue(document, fileName),
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

/** Where several brackets are left open, each of them is an error at the same place; mending one mends the others. */
function firstAtEachPlace(errors: readonly YAMLError[]): readonly YAMLError[] {
  return errors.filter((error, index) => errors.findIndex(({ pos }) => pos[0] === error.pos[0]) === index);
}

function syntaxProblem(error: YAMLError, mark: Mark, text: string): LocatedProblem {
  const place = { ...mark(error.pos), got: foundAt(error.pos, text) };
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

/** What stands there: the marked text, or the whole word where only its first character is marked. */
function foundAt([from, to]: Range, text: string): string {
  if (text[from] === '\t') return 'a tab';
  const rest = text.slice(from);
  if (rest.trim() === '') return 'the end of the file';
  const [line = ''] = rest.split(/\r?\n/, 1);
  const marked = line.slice(0, to - from);
  const word = to - from > 1 ? marked : (/^[^:,{}[\]]+/.exec(line)?.[0] ?? marked);
  return showValue(word.trim() || 'the end of the line');
}

function aliasProblem({ alias, isCircle, range }: AliasMistake, mark: Mark): LocatedProblem {
  return {
    code: 'not-yaml',
    what: isCircle
      ? `the alias *${alias} lies inside of what it stands for, which has no end`
      : `the alias *${alias} has no anchor &${alias} before it`,
    ...mark(range),
    got: `*${alias}`,
    allowed: 'aliases (*name) of anchors (&name) that are complete before them',
    fix: isCircle
      ? 'Write the value out'
      : 'Write the value out, or put quotes around a text that starts with *',
  };
}

/** Aliases are resolved here; the library refuses documents that grow without bound through them. */
function plainValue(document: Document, fileName: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    const problem: Problem = {
      code: 'not-yaml',
      what: `this YAML cannot be read: ${messageOf(error)}`,
      where: `${fileName} (as a whole: no single line is at fault)`,
      got: 'aliases that together stand for too much',
      allowed: 'aliases (*name) of anchors (&name) that come before them, in moderation',
      fix: 'Write the values out instead of repeating them by alias',
    };
    throw new InvalidInputError([problem]);
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
