// A key that may hold one of several shapes, told apart by what is written before anything is parsed: a refusal then
// speaks of the shape that was meant, and not of a union that no branch matched.
import * as z from 'zod';
import { closest } from './closest.ts';
import type { IssueParams } from './issue-words.ts';
import { writtenJsonSchema } from './json-schema-path.ts';

export type WrittenMap = Readonly<Record<string, unknown>>;

/** The message is about the place and lacks its subject. */
export type Refusal = Pick<IssueParams, 'code' | 'allowed' | 'fix'> & { readonly message: string };

export function isMap(value: unknown): value is WrittenMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * @param shapes what editors are told is allowed
 * @param meant chooses among them by the keys that are there; of what is no map, the first shape complains
 * @param mixed what is wrong with keys of several shapes at once, which no one shape could tell without misleading
 */
export function oneOfShapes<const Shapes extends readonly [z.ZodType, ...z.ZodType[]]>(
  shapes: Shapes,
  meant: (written: WrittenMap) => Shapes[number],
  mixed: (written: WrittenMap) => Refusal | undefined = () => undefined,
): z.ZodType<z.output<Shapes[number]>, z.input<Shapes[number]>> {
  const choose = (written: unknown): Shapes[number] => (isMap(written) ? meant(written) : shapes[0]);
  return z
    .custom<z.input<Shapes[number]>>()
    .transform((written, context) => {
      const refusal = isMap(written) ? mixed(written) : undefined;
      return refusal === undefined
        ? parsedOr(choose(written), written, context)
        : refused(context, written, refusal);
    })
    .meta({ anyOf: shapes.map(bareJsonSchema) });
}

/**
 * A word, or a map for what the word does not cover.
 * @param example of the map, for people
 */
export function wordOr<Word extends string, Shape extends z.ZodType>(
  word: Word,
  shape: Shape,
  example: string,
): z.ZodType<Word | z.output<Shape>, Word | z.input<Shape>> {
  return z
    .custom<Word | z.input<Shape>>()
    .transform((written, context) => {
      // what is missing is told as missing
      if (written === undefined || isMap(written)) return parsedOr(shape, written, context);
      if (written === word) return word;
      const isSlip = typeof written === 'string' && closest(written, [word]) !== undefined;
      return refused(context, written, {
        code: typeof written === 'string' ? 'unknown-word' : 'wrong-type',
        message: `must be ${word} or a map of keys`,
        allowed: `${word}, or ${example}`,
        fix: isSlip ? `Did you mean ${word}?` : `Write ${word}, or ${example}`,
      });
    })
    .meta({ anyOf: [z.literal(word), shape].map(bareJsonSchema) });
}

/** A map, or `false`: the check is switched off. */
export function orOff<Shape extends z.ZodType>(
  shape: Shape,
): z.ZodType<false | z.output<Shape>, false | z.input<Shape>> {
  return z
    .custom<false | z.input<Shape>>()
    .transform((written, context) => {
      if (written === false) return false;
      if (isMap(written)) return parsedOr(shape, written, context);
      return refused(context, written, {
        code: 'wrong-type',
        message: 'must be a map of keys, or false',
        allowed: 'a map of keys, or false to switch the check off',
        fix: 'Write false to switch it off, or remove it for the defaults',
      });
    })
    .meta({ anyOf: [shape, z.literal(false)].map(bareJsonSchema) });
}

/** A text that may be a placeholder: without quotes, YAML reads `{version}` as a map whose one key is empty. */
export function textWithPlaceholders(text: z.ZodType<string, string>): z.ZodType<string, string> {
  return z
    .custom<string>()
    .transform((written, context) => {
      const [entry, ...others] = isMap(written) ? Object.entries(written) : [];
      if (entry === undefined || entry[1] !== null || others.length > 0) {
        return parsedOr(text, written, context);
      }
      const meant = `"{${entry[0]}}"`;
      return refused(context, written, {
        code: 'wrong-type',
        message: `must be text, and {${entry[0]}} without quotes is a map in YAML`,
        allowed: `text, with placeholders in quotes: ${meant}`,
        fix: `Write ${meant}`,
      });
    })
    .meta(bareJsonSchema(text));
}

function refused(context: z.core.$RefinementCtx, input: unknown, { message, ...params }: Refusal): never {
  context.issues.push({ code: 'custom', message, params: { ...params, isPredicate: true }, input });
  return z.NEVER;
}

/** Hands on what the schema makes of a value, or every refusal of it. */
export function parsedOr<Schema extends z.ZodType>(
  schema: Schema,
  written: unknown,
  context: z.core.$RefinementCtx,
): z.output<Schema> {
  const result = schema.safeParse(written);
  if (result.success) return result.data;
  context.issues.push(...result.error.issues.map((issue) => issueUnder([], issue, written)));
  return z.NEVER;
}

/** A refusal from a parse of its own, as one of a parse around it. */
export function issueUnder(
  base: readonly string[],
  issue: z.core.$ZodIssue,
  input: unknown,
): z.core.$ZodRawIssue {
  // each kind of issue types its input, which nobody reads again; the schema itself decided that they belong together
  return { ...issue, path: [...base, ...issue.path], input } as z.core.$ZodRawIssue;
}

/** As a part of another schema. */
export function bareJsonSchema(schema: z.ZodType): WrittenMap {
  return Object.fromEntries(Object.entries(writtenJsonSchema(schema)).filter(([key]) => key !== '$schema'));
}
