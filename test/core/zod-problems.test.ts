// Any schema's refusals become problems: the right branch of a union, the right place, an example where there is one.
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { type ExplainKey, parseBySchema, pathText } from '../../src/core/zod-problems.ts';

const Schema = z.strictObject({
  traffic: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('constant'), perMinute: z.number().min(0).max(1e6) }),
    z.strictObject({ kind: z.literal('series'), file: z.string().min(1) }),
  ]),
  faults: z.array(z.strictObject({ at: z.union([z.string(), z.int()]) })).default([]),
  names: z.record(z.string().regex(/^[a-z]+$/), z.int().multipleOf(5)).default({}),
  isOn: z.boolean().optional(),
});

function refusals(written: unknown): readonly (readonly string[])[] {
  return (parseBySchema(Schema, written).problems ?? []).map(({ code, where, at, allowed }) => [
    code,
    where,
    at,
    allowed,
  ]);
}

const TRAFFIC = { kind: 'constant', perMinute: 60 };

describe('problems of any schema', () => {
  test('what fits is handed on with its defaults', () => {
    expect(parseBySchema(Schema, { traffic: TRAFFIC })).toEqual({
      value: { traffic: TRAFFIC, faults: [], names: {} },
      problems: null,
    });
  });

  test.each<[unknown, readonly string[]]>([
    [
      { traffic: { kind: 'constant', perMinute: -1 } },
      ['out-of-range', 'traffic.perMinute', 'value', 'at least 0'],
    ],
    [
      { traffic: { kind: 'series', file: '' } },
      ['out-of-range', 'traffic.file', 'value', 'at least 1 character'],
    ],
    [{ traffic: { kind: 'serie' } }, ['unknown-word', 'traffic.kind', 'value', 'constant, series']],
    [{ traffic: {} }, ['missing-key', 'traffic.kind', 'value', 'a value']],
    [{ traffic: { ...TRAFFIC, x: 1 } }, ['unknown-key', 'traffic.x', 'key', 'kind, perMinute, file']],
    [{ traffic: TRAFFIC, faults: [{ at: {} }] }, ['wrong-format', 'faults[0].at', 'value', 'Invalid input']],
    [
      { traffic: TRAFFIC, names: { a: 7 } },
      ['wrong-format', 'names.a', 'value', 'Invalid number: must be a multiple of 5'],
    ],
    [{ traffic: TRAFFIC, isOn: 'yes' }, ['wrong-type', 'isOn', 'value', 'true or false']],
  ])('%j', (written, refusal) => {
    expect(refusals(written)).toEqual([refusal]);
  });

  test('a key that a record does not allow is shown at the key', () => {
    expect(refusals({ traffic: TRAFFIC, names: { 'A b': 5 } })).toEqual([
      ['wrong-key', 'names["A b"]', 'key', 'Invalid string: must match pattern /^[a-z]+$/'],
    ]);
  });

  test('a required key that is misspelt is told once, as the slip', () => {
    expect(refusals({ traffic: { kind: 'constant', perMinut: 5 } })).toEqual([
      ['unknown-key', 'traffic.perMinut', 'key', 'kind, perMinute, file'],
    ]);
    expect(refusals({ traffic: { kind: 'constant', colour: 5 } }).map(([code]) => code)).toEqual([
      'missing-key',
      'unknown-key',
    ]);
  });

  test('who explains a key sees what stands beside it', () => {
    const seen: unknown[] = [];
    const explain = (...args: readonly unknown[]) => void seen.push(args);
    parseBySchema(Schema, { traffic: TRAFFIC, later: 1 }, explain as () => undefined);
    expect(seen).toEqual([[['later'], 1, { traffic: TRAFFIC, later: 1 }]]);
  });

  test('a key may be explained by who knows more about it', () => {
    const explain: ExplainKey = () => ({
      code: 'not-allowed',
      what: 'not yet',
      allowed: 'less',
      fix: 'Wait',
    });
    expect(parseBySchema(Schema, { traffic: TRAFFIC, later: 1 }, explain).problems).toMatchObject([
      { code: 'not-allowed', where: 'later', got: 'later', fix: 'Wait' },
    ]);
  });

  test('paths are written as people would', () => {
    expect([[], ['a'], ['a', 0, 'b-c'], ['', 'x']].map(pathText)).toEqual([
      'the document',
      'a',
      'a[0].b-c',
      '[""].x',
    ]);
  });
});
