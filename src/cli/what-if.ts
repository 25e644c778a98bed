// `--what-if checks.errors.limit=2%`: the service file with some values changed, read by the same schema as the file itself.
import { parseDocument } from 'yaml';
import { InvalidInputError, type Problem } from '../core/errors.ts';
import { resolveServiceFile, ServiceFileSchema } from '../core/service-file.ts';
import { explainServiceKey } from '../core/service-keys.ts';
import type { ServiceSpec } from '../core/service-spec.ts';
import { showValue } from '../core/value-words.ts';
import { type PlacedProblem, parseBySchema, pathText } from '../core/zod-problems.ts';

type Path = readonly (string | number)[];

interface Change {
  /** As it was written. */
  readonly text: string;
  readonly path: Path;
  readonly value: unknown;
}

/**
 * @param written the service file as it stands, without its defaults
 * @param texts `key=value` each, with the service file's own keys and quantities
 * @throws InvalidInputError with every problem; each names the change that it belongs to
 */
export function whatIfSpec(
  written: Readonly<Record<string, unknown>>,
  texts: readonly string[],
): ServiceSpec {
  const changes = texts.map(parseChange);
  const changed = changes.reduce<unknown>((sum, change) => withValue(sum, change.path, change), written);
  const { value, problems } = parseBySchema(ServiceFileSchema, changed, explainServiceKey);
  if (problems !== null) throw new InvalidInputError(problems.map((found) => placed(found, changes)));
  return resolveServiceFile(value);
}

function parseChange(text: string): Change {
  const at = text.indexOf('=');
  const path = parsePath(text.slice(0, Math.max(0, at)).trim());
  const raw = text.slice(at + 1).trim();
  if (path === undefined || raw === '') throw noChange(text);
  return { text, path, value: parseValue(raw, text) };
}

/** `stages[0].bake` → ['stages', 0, 'bake']; undefined when it is no path. */
function parsePath(key: string): Path | undefined {
  if (!/^[\w-]+(\[\d+\])*(\.[\w-]+(\[\d+\])*)*$/.test(key)) return undefined;
  return [...key.matchAll(/\[(\d+)\]|[\w-]+/g)].map(([word, index]) =>
    index === undefined ? word : Number(index),
  );
}

/** As a service file would have it: `2%`, `false`, `{limit: 300ms}`. */
function parseValue(raw: string, text: string): unknown {
  const document = parseDocument(raw);
  if (document.errors.length > 0) throw noChange(text);
  try {
    return document.toJS();
  } catch {
    // an alias of nothing
    throw noChange(text);
  }
}

/** A copy with the value at the path; maps that are missing on the way are made. */
function withValue(place: unknown, [key, ...rest]: Path, change: Change): unknown {
  if (key === undefined) return change.value;
  if (typeof key === 'number') {
    if (!Array.isArray(place) || key >= place.length) throw noPlace(change, place, rest);
    return place.toSpliced(key, 1, withValue(place[key], rest, change));
  }
  if (place === undefined || place === null) return { [key]: withValue(undefined, rest, change) };
  if (typeof place !== 'object' || Array.isArray(place)) throw noPlace(change, place, rest);
  const inner = Object.hasOwn(place, key) ? (place as Readonly<Record<string, unknown>>)[key] : undefined;
  return { ...place, [key]: withValue(inner, rest, change) };
}

/** The same problem, told of the change that brought it about. */
function placed(problem: PlacedProblem, changes: readonly Change[]): Problem {
  const own = changes.find(({ path }) =>
    problem.path.every((segment, index) => index >= path.length || path[index] === segment),
  );
  const { code, what, got, allowed, fix } = problem;
  const where = own === undefined ? `the service file with ${wordsOf(changes)}` : wordsOf([own]);
  return { code, what, where, got, allowed, fix };
}

function wordsOf(changes: readonly Change[]): string {
  return changes.map(({ text }) => `--what-if ${text}`).join(' ');
}

function noChange(text: string): InvalidInputError {
  return refused(text, {
    code: 'wrong-what-if',
    what: '--what-if takes a key of the service file and its value',
    allowed: 'KEY=VALUE, for example checks.errors.limit=2% or sensitivity=high',
    fix: 'Write the keys joined by dots, an equals sign, and the value as the service file has it',
  });
}

function noPlace({ text, path }: Change, place: unknown, rest: Path): InvalidInputError {
  const parent = pathText(path.slice(0, path.length - rest.length - 1));
  return refused(text, {
    code: 'wrong-what-if',
    what: `${parent} has no such entry inside: it is ${showValue(place)}`,
    allowed: 'a place that the service file has',
    fix: `Give ${parent} as a whole: --what-if '${parent}=${parent === 'stages' ? '[{weight: 5%, bake: 10m}]' : 'VALUE'}'`,
  });
}

function refused(text: string, words: Pick<Problem, 'code' | 'what' | 'allowed' | 'fix'>): InvalidInputError {
  return new InvalidInputError([{ ...words, where: 'command line', got: text }]);
}
