// What a YAML (or JSON) text that cannot be read has to say: syntax errors and aliases as problems with their line.
import type { YAMLError } from 'yaml';
import { showValue } from '../core/value-words.ts';
import type { LocatedProblem } from './problems.ts';
import type { AliasMistake } from './yaml-aliases.ts';

/** Offsets in the text. */
export type Range = readonly [from: number, to: number];
export type Mark = (range: Range) => Pick<LocatedProblem, 'where' | 'source'>;

/**
 * Where several brackets are left open, each of them is an error at the same place; mending one mends the others. Whoever
 * indents one line by a tab does so in all of them.
 */
export function firstAtEachPlace(errors: readonly YAMLError[]): readonly YAMLError[] {
  const isSame = (a: YAMLError, b: YAMLError): boolean =>
    a.pos[0] === b.pos[0] || (a.code === 'TAB_AS_INDENT' && b.code === 'TAB_AS_INDENT');
  return errors.filter((error, index) => errors.findIndex((other) => isSame(other, error)) === index);
}

export function syntaxProblem(error: YAMLError, mark: Mark, text: string, fileName: string): LocatedProblem {
  const got = foundAt(error.pos, text);
  const place = { ...mark(error.pos), got };
  const isJson = fileName.endsWith('.json');
  switch (error.code) {
    case 'DUPLICATE_KEY':
      return {
        ...place,
        code: 'duplicate-key',
        // the library marks the first letter
        ...mark([error.pos[0], error.pos[0] + got.length]),
        what: `the key ${got} is there twice`,
        allowed: 'each key once',
        fix: 'Remove one of the two',
      };
    case 'TAB_AS_INDENT':
      return {
        ...place,
        code: 'not-yaml',
        what: 'a tab indents this line, and YAML takes spaces only',
        allowed: 'spaces',
        fix: 'Replace the tab by two spaces, here and wherever a line begins with one',
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
        what: `this is not ${isJson ? 'JSON' : 'YAML'}: ${error.message}`,
        allowed: 'one YAML or JSON document',
        fix: isJson
          ? 'Correct the line: commas part entries, double quotes enclose keys and texts, brackets come in pairs'
          : 'Correct the line: spaces (never tabs) indent, and a colon with a space follows a key',
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

export function aliasProblem({ alias, isCircle, range }: AliasMistake, mark: Mark): LocatedProblem {
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
