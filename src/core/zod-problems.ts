// Turns what a zod schema refuses into problems a person can act on: what, where, got, allowed, fix.
import type * as z from 'zod';
import { closest } from './closest.ts';
import type { Problem } from './errors.ts';
import { type Issue, issueWords, missingWords, type Spot } from './issue-words.ts';
import { type JsonSchema, type Path, placeIn, writtenJsonSchema } from './json-schema-path.ts';
import { showValue } from './value-words.ts';

/** A problem and its place in the document; `where` is that place in words, for who has no file. */
export interface PlacedProblem extends Problem {
  readonly path: Path;
  /** Whether the key itself is wrong (an unknown one) or its value. */
  readonly at: 'key' | 'value';
}

/**
 * Explains a key that a schema does not know, for example because it is not supported yet.
 * @param parent what has the key
 */
export type ExplainKey = (
  path: Path,
  value: unknown,
  parent: unknown,
) => Pick<Problem, 'code' | 'what' | 'allowed' | 'fix'> | undefined;

/** Nobody mends more in one go, and a file that is something else altogether would have thousands. */
const MAX_PROBLEMS = 100;

export type Parsed<T> =
  | { readonly value: T; readonly problems: null }
  | { readonly value: null; readonly problems: readonly PlacedProblem[] };

/** Parses by a schema; answers every problem at once (the first 100). Throws nothing. */
export function parseBySchema<T>(schema: z.ZodType<T>, written: unknown, explainKey?: ExplainKey): Parsed<T> {
  const result = schema.safeParse(written);
  if (result.success) return { value: result.data, problems: null };
  const translate = translator(writtenJsonSchema(schema), written, explainKey ?? (() => undefined));
  return {
    value: null,
    problems: toldOnce(result.error.issues.flatMap((issue) => translate(issue, []))).slice(0, MAX_PROBLEMS),
  };
}

/** A key that is missing because it is misspelt is told as the slip alone. */
function toldOnce(problems: readonly PlacedProblem[]): readonly PlacedProblem[] {
  const unknown = problems.filter(({ code }) => code === 'unknown-key').slice(0, MAX_PROBLEMS);
  const isSlipOf = (missing: PlacedProblem) => (slip: PlacedProblem) =>
    pathText(slip.path.slice(0, -1)) === pathText(missing.path.slice(0, -1)) &&
    closest(String(slip.path.at(-1)), [String(missing.path.at(-1))]) !== undefined;
  return problems.filter((problem) => problem.code !== 'missing-key' || !unknown.some(isSlipOf(problem)));
}

/** `['stages', 0, 'bake']` → `stages[0].bake`; a key that is no plain word is quoted: `checks["a b"]`. */
export function pathText(path: Path): string {
  if (path.length === 0) return 'the document';
  return path.map(segmentText).join('').replace(/^\./, '');
}

function segmentText(segment: PropertyKey): string {
  if (typeof segment === 'number') return `[${segment}]`;
  const key = String(segment);
  return /^[\w-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

type Translate = (issue: Issue, base: Path) => readonly PlacedProblem[];

function translator(schema: JsonSchema, written: unknown, explainKey: ExplainKey): Translate {
  const translate: Translate = (issue, base) => {
    const path = [...base, ...issue.path];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => unknownKey(schema, [...path, key], valueAt(written, path), explainKey));
    }
    if (issue.code === 'invalid_union') {
      const branch = meantBranch(issue.errors, valueAt(written, path));
      if (branch.length > 0) return branch.flatMap((inner) => translate(inner, path));
    }
    if (issue.code === 'invalid_key') return [wrongKey(schema, path, issue)];
    return [wrongValue(schema, path, valueAt(written, path), issue)];
  };
  return translate;
}

/** Of a union's branches, the one that got furthest: a complaint about the inside beats one about the kind of value. */
function meantBranch(branches: readonly (readonly Issue[])[], value: unknown): readonly Issue[] {
  const isAboutKind = (issue: Issue): boolean =>
    issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value');
  const inside = branches.filter((issues) => !issues.every(isAboutKind));
  if (inside.length > 0) return inside[0] ?? [];
  // an unknown word is worth a «did you mean»; otherwise the description of the whole place says it best
  if (typeof value !== 'string') return [];
  return branches.find((issues) => issues.some((issue) => issue.code === 'invalid_value')) ?? [];
}

function unknownKey(
  schema: JsonSchema,
  path: Path,
  parentValue: unknown,
  explainKey: ExplainKey,
): PlacedProblem {
  const key = String(path.at(-1));
  const parent = path.slice(0, -1);
  const { keys } = placeIn(schema, parent);
  const meant = closest(key, keys);
  const place = parent.length === 0 ? '' : ` under ${pathText(parent)}`;
  return {
    code: 'unknown-key',
    what: `there is no key ${showValue(key)}${place}`,
    allowed: keys.join(', '),
    fix: meant === undefined ? 'Remove it, or use one of the allowed keys' : `Did you mean ${meant}?`,
    ...explainKey(path, valueAt(parentValue, path.slice(-1)), parentValue),
    where: pathText(path),
    got: showValue(key),
    path,
    at: 'key',
  };
}

function wrongKey(schema: JsonSchema, path: Path, issue: z.core.$ZodIssueInvalidKey): PlacedProblem {
  const { description } = placeIn(schema, path.slice(0, -1));
  return {
    code: 'wrong-key',
    what: `${pathText(path)} is not a key that is allowed here`,
    where: pathText(path),
    got: showValue(path.at(-1)),
    allowed: description || (issue.issues[0]?.message ?? ''),
    fix: 'Rename the key',
    path,
    at: 'key',
  };
}

/** A map that is shown whole. */
const MAX_MAP_CHARACTERS = 80;

/** Issues that a value which is not there at all can raise. */
const KINDS_OF_MISSING: readonly string[] = ['invalid_type', 'invalid_union', 'invalid_value'];

function wrongValue(schema: JsonSchema, path: Path, value: unknown, issue: Issue): PlacedProblem {
  const { description, example, pattern } = placeIn(schema, path);
  const place: Spot = {
    name: pathText(path),
    value,
    description,
    pattern,
    example: example === undefined ? '' : `, for example ${showValue(example)}`,
  };
  const isMissing = value === undefined && path.length > 0 && KINDS_OF_MISSING.includes(issue.code);
  return {
    ...(isMissing ? missingWords(place, String(path.at(-1))) : issueWords(issue, place)),
    where: place.name,
    ...(isAboutKey(issue)
      ? { got: showValue(path.at(-1)), path, at: 'key' }
      : { got: gotText(value), path, at: 'value' }),
  };
}

/** Of a long map the keys alone: what they hold is in the file. */
function gotText(value: unknown): string {
  const text = showValue(value);
  return isPlainMap(value) && text.length > MAX_MAP_CHARACTERS
    ? `a map of ${showValue(Object.keys(value).join(', '))}`
    : text;
}

function isPlainMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isAboutKey(issue: Issue): boolean {
  return issue.code === 'custom' && issue.params?.['isAboutKey'] === true;
}

/** undefined where the path leads nowhere. */
export function valueAt(document: unknown, path: Path): unknown {
  let value = document;
  for (const segment of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined;
    value = (value as Readonly<Record<PropertyKey, unknown>>)[segment];
  }
  return value;
}
