// Turns what a zod schema refuses into problems a person can act on: what, where, got, allowed, fix.
import type * as z from 'zod';
import { closest } from './closest.ts';
import type { Problem } from './errors.ts';
import { type Path, placeIn } from './json-schema-path.ts';
import { QUANTITY_HINTS, type QuantityHint } from './quantities.ts';

type Issue = z.core.$ZodIssue;

/** A problem and its place in the document; `where` is that place in words, for who has no file. */
export interface PlacedProblem extends Problem {
  readonly path: Path;
  /** Whether the key itself is wrong (an unknown one) or its value. */
  readonly at: 'key' | 'value';
}

/** What a schema's own check may say beside its message (in `params` of a custom issue). */
export interface IssueParams {
  readonly code: string;
  readonly allowed: string;
  readonly fix: string;
  /** The message lacks its subject: the name of the place is put in front of it. */
  readonly isPredicate?: boolean;
}

/** Explains a key that a schema does not know, for example because it is not supported yet. */
export type ExplainKey = (
  path: Path,
  value: unknown,
) => Pick<Problem, 'code' | 'what' | 'allowed' | 'fix'> | undefined;

export type Parsed<T> =
  | { readonly value: T; readonly problems: null }
  | { readonly value: null; readonly problems: readonly PlacedProblem[] };

/** Parses by a schema; answers every problem at once. Throws nothing. */
export function parseBySchema<T>(schema: z.ZodType<T>, written: unknown, explainKey?: ExplainKey): Parsed<T> {
  const result = schema.safeParse(written);
  if (result.success) return { value: result.data, problems: null };
  const translate = translator(schema, written, explainKey ?? (() => undefined));
  return { value: null, problems: result.error.issues.flatMap((issue) => translate(issue, [])) };
}

/** `['stages', 0, 'bake']` → `stages[0].bake`. */
export function pathText(path: Path): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return text === '' ? 'the document' : text.replace(/^\./, '');
}

type Translate = (issue: Issue, base: Path) => readonly PlacedProblem[];

function translator(schema: z.ZodType, written: unknown, explainKey: ExplainKey): Translate {
  const translate: Translate = (issue, base) => {
    const path = [...base, ...issue.path];
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) =>
        unknownKey(schema, [...path, key], valueAt(written, [...path, key]), explainKey),
      );
    }
    if (issue.code === 'invalid_union') {
      const branch = meantBranch(issue.errors);
      if (branch.length > 0) return branch.flatMap((inner) => translate(inner, path));
    }
    if (issue.code === 'invalid_key') return [wrongKey(schema, path, issue)];
    return [wrongValue(schema, path, valueAt(written, path), issue)];
  };
  return translate;
}

/** Of a union's branches, the one that got furthest: a complaint about the inside beats one about the kind of value. */
function meantBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] {
  const isAboutKind = (issue: Issue): boolean =>
    issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_value');
  const inside = branches.filter((issues) => !issues.every(isAboutKind));
  if (inside.length > 0) return inside[0] ?? [];
  // an unknown word is worth a «did you mean»; otherwise the description of the whole place says it best
  return branches.find((issues) => issues.some((issue) => issue.code === 'invalid_value')) ?? [];
}

function unknownKey(schema: z.ZodType, path: Path, value: unknown, explainKey: ExplainKey): PlacedProblem {
  const key = String(path.at(-1));
  const parent = path.slice(0, -1);
  const { keys } = placeIn(schema, parent);
  const meant = closest(key, keys);
  const place = parent.length === 0 ? '' : ` under ${pathText(parent)}`;
  return {
    code: 'unknown-key',
    what: `there is no key ${key}${place}`,
    allowed: keys.join(', '),
    fix: meant === undefined ? 'Remove it, or use one of the allowed keys' : `Did you mean ${meant}?`,
    ...explainKey(path, value),
    where: pathText(path),
    got: key,
    path,
    at: 'key',
  };
}

function wrongKey(schema: z.ZodType, path: Path, issue: z.core.$ZodIssueInvalidKey): PlacedProblem {
  const { description } = placeIn(schema, path.slice(0, -1));
  return {
    code: 'wrong-key',
    what: `${String(path.at(-1))} cannot be a key here`,
    where: pathText(path),
    got: String(path.at(-1)),
    allowed: description || (issue.issues[0]?.message ?? ''),
    fix: 'Rename the key',
    path,
    at: 'key',
  };
}

function wrongValue(schema: z.ZodType, path: Path, value: unknown, issue: Issue): PlacedProblem {
  const { description, example } = placeIn(schema, path);
  const name = pathText(path);
  const shown = example === undefined ? '' : `, for example ${show(example)}`;
  const common = { where: name, got: show(value), path, at: 'value' as const };
  if (issue.code === 'invalid_type' && value === undefined && path.length > 0) {
    return {
      ...common,
      code: 'missing-key',
      what: `${name} is missing`,
      got: 'nothing',
      allowed: description || issue.expected,
      fix: `Add ${String(path.at(-1))}${shown}`,
    };
  }
  const hint = QUANTITY_HINTS[issue.message];
  if (hint !== undefined) return { ...common, code: issue.message, ...quantityWords(hint, name, value) };
  switch (issue.code) {
    case 'custom': {
      const params = issue.params as IssueParams | undefined;
      return {
        ...common,
        code: params?.code ?? 'not-allowed',
        what: params?.isPredicate ? `${name} ${issue.message}` : issue.message,
        allowed: params?.allowed ?? description,
        fix: params?.fix ?? `Correct ${name}`,
      };
    }
    case 'invalid_value': {
      const values = issue.values.map(String);
      const meant = typeof value === 'string' ? closest(value, values) : undefined;
      return {
        ...common,
        code: 'unknown-word',
        what: `${name} cannot be ${show(value)}`,
        allowed: values.join(', '),
        fix: meant === undefined ? 'Use one of the allowed words' : `Did you mean ${meant}?`,
      };
    }
    case 'too_small':
    case 'too_big':
      return {
        ...common,
        code: 'out-of-range',
        what: `${name} is too ${issue.code === 'too_small' ? 'small' : 'large'}`,
        allowed: boundWords(issue),
        fix: `Write a value of ${boundWords(issue)}`,
      };
    case 'invalid_type':
      return {
        ...common,
        code: 'wrong-type',
        what: `${name} must be ${withArticle(issue.expected)}, not ${kindOfValue(value)}`,
        allowed: description || withArticle(issue.expected),
        fix: `Write ${withArticle(issue.expected)}${shown}`,
      };
    default:
      return {
        ...common,
        code: 'wrong-format',
        what: `${name} cannot be ${show(value)}`,
        allowed: description || issue.message,
        fix: `Correct ${name}${shown}`,
      };
  }
}

function quantityWords(
  hint: QuantityHint,
  name: string,
  value: unknown,
): Pick<Problem, 'what' | 'allowed' | 'fix'> {
  const isBare = typeof value === 'number';
  return {
    what: isBare ? `${name} is a bare number, not ${hint.noun}` : `${name} is not ${hint.noun}`,
    allowed: hint.allowed,
    fix: isBare ? `Write ${hint.spell(value)}` : `Write ${hint.allowed}`,
  };
}

function boundWords(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const unit = issue.origin === 'string' ? ' characters' : issue.origin === 'array' ? ' entries' : '';
  return issue.code === 'too_small'
    ? `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unit}`
    : `${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${unit}`;
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  object: 'a map of keys',
  record: 'a map of keys',
  array: 'a list',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

function withArticle(type: string): string {
  return TYPE_WORDS[type] ?? type;
}

function kindOfValue(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  return TYPE_WORDS[typeof value] ?? typeof value;
}

/** A value as one short line. */
function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'nothing (null)';
  if (typeof value === 'string') return value === '' ? '""' : value.slice(0, 200);
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}

function valueAt(document: unknown, path: Path): unknown {
  let value = document;
  for (const segment of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined;
    value = (value as Readonly<Record<PropertyKey, unknown>>)[segment];
  }
  return value;
}
