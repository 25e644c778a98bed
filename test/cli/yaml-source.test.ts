// Every mistake in a YAML document has its line and column, whatever kind of mistake it is.
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { LocatedProblem } from '../../src/cli/problems.ts';
import { parseYamlDocument } from '../../src/cli/yaml-source.ts';
import { InvalidInputError } from '../../src/core/errors.ts';

const Schema = z.strictObject({
  name: z.string(),
  stages: z.array(z.strictObject({ weight: z.string(), bake: z.string() })).default([]),
  more: z.strictObject({ a: z.int(), b: z.int().optional() }).optional(),
});

function located(text: string): readonly LocatedProblem[] {
  try {
    parseYamlDocument(Schema, text, 'f.yaml');
  } catch (error) {
    if (error instanceof InvalidInputError) return error.problems as readonly LocatedProblem[];
    throw error;
  }
  return [];
}

/** Code, place and the text that the caret underlines. */
function marks(text: string): readonly string[] {
  return located(text).map(({ code, where, source }) => {
    const marked = source.text.slice(source.column - 1, source.column - 1 + source.length);
    return `${code} ${where} «${marked}»`;
  });
}

describe('a document that fits', () => {
  test('is parsed, be it YAML, JSON, or YAML with anchors', () => {
    const value = { name: 'x', stages: [{ weight: '1%', bake: '1m' }] };
    expect(parseYamlDocument(Schema, JSON.stringify(value), 'f')).toEqual(value);
    expect(
      parseYamlDocument(Schema, 'name: x\nstages:\n  - &s { weight: 1%, bake: 1m }\n  - *s\n', 'f').stages,
    ).toEqual([value.stages[0], value.stages[0]]);
  });
});

describe('where a mistake is shown', () => {
  test.each([
    ['a wrong value at the value', 'name: x\nmore: { a: yes }', 'wrong-type f.yaml:2:12 «yes»'],
    [
      'a value in a list at the value',
      'name: x\nstages:\n- weight: 5\n  bake: 1m',
      'wrong-type f.yaml:3:11 «5»',
    ],
    ['an unknown key at the key', 'name: x\nmore:\n  a: 1\n  c: 2', 'unknown-key f.yaml:4:3 «c»'],
    ['a missing key at the key of its parent', 'name: x\nmore: { b: 1 }', 'missing-key f.yaml:2:1 «more»'],
    ['a key missing at the top at the top', 'more: { a: 1 }', 'missing-key f.yaml:1:1 «more: { a: 1 }»'],
    [
      'a missing key of a list entry at the entry',
      'name: x\nstages:\n  - { weight: 1% }',
      'missing-key f.yaml:3:5 «{ weight: 1% }»',
    ],
    ['an empty value at its key', 'name: x\nmore:\n', 'wrong-type f.yaml:2:1 «more»'],
    [
      'a mistake behind an alias at the alias',
      'name: x\nmore: &m { a: 1, b: x }',
      'wrong-type f.yaml:2:21 «x»',
    ],
    ['a mistake behind Windows line ends', 'name: x\r\nmore: { a: no }\r\n', 'wrong-type f.yaml:2:12 «no»'],
    ['an empty file at its start', '', 'wrong-type f.yaml:1:1 «»'],
  ])('%s', (_name, text, mark) => {
    expect(marks(text)).toEqual([mark]);
  });
});

describe('what is no YAML document', () => {
  test.each([
    ['not-yaml', 'name: [x'],
    ['not-yaml', 'name: x\n\tmore: 1'],
    ['not-yaml', 'name: "x'],
    ['not-yaml', 'name: x\n---\nname: y'],
    ['not-yaml', 'name: *nobody'],
    ['not-yaml', 'name: !weird x'],
    ['duplicate-key', 'name: x\nname: y'],
  ])('%s: %j', (code, text) => {
    const codes = located(text).map((problem) => problem.code);
    expect(codes).toContain(code);
    expect(new Set(codes).size).toBe(1);
  });

  test('aliases that blow up the document are refused instead of expanded', () => {
    const bomb = ['name: x', 'a0: &a0 [x, x]'];
    for (let level = 1; level < 30; level++) {
      bomb.push(`a${level}: &a${level} [*a${level - 1}, *a${level - 1}, *a${level - 1}, *a${level - 1}]`);
    }
    expect(located(bomb.join('\n')).map((problem) => problem.code)).toEqual(['not-yaml']);
  });

  test('an alias bomb is no fault of a single line', () => {
    const bomb = ['name: x', 'a0: &a0 [x, x]'];
    for (let level = 1; level < 30; level++)
      bomb.push(`a${level}: &a${level} [*a${level - 1}, *a${level - 1}]`);
    const [problem] = located(bomb.join('\n'));
    expect(problem?.where).toMatch(/^f\.yaml \(as a whole/);
    expect(problem).not.toHaveProperty('source');
  });

  test.each([
    ['name: &s [*s]', 'not-yaml f.yaml:1:11 «*s»'],
    ['name: x\nmore: &m\n  a: { b: *m }', 'not-yaml f.yaml:3:11 «*m»'],
    ['name: x\nmore: *nobody', 'not-yaml f.yaml:2:7 «*nobody»'],
  ])('an alias that leads into itself or nowhere is shown where it is: %j', (text, mark) => {
    expect(marks(text)).toEqual([mark]);
    expect(located(text)[0]?.got).toBe(mark.split('«')[1]?.slice(0, -1));
  });

  test('brackets left open at one place are one problem', () => {
    expect(located('name: x\nmore: { a: { b: [1\n')).toHaveLength(1);
  });

  test.each([
    ['name: x\nname: y', 'name'],
    ['name: x\nmore: !weird x', '!weird'],
    ['name: [x', 'the end of the file'],
  ])('what was found is told: %j', (text, got) => {
    expect(located(text).map((problem) => problem.got)).toEqual([got]);
  });

  test('a nest without end is refused instead of overflowing', () => {
    const codes = located(`name: ${'['.repeat(20_000)}`).map((problem) => problem.code);
    expect(new Set(codes)).toEqual(new Set(['not-yaml']));
  });
});
