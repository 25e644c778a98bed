// What a zod issue means in words: code, sentence, what is allowed, what to do.
import type * as z from 'zod';
import { closest } from './closest.ts';
import type { Problem } from './errors.ts';
import type { ProblemCode } from './problems/index.ts';
import { isQuantitySlug, QUANTITY_HINTS, type QuantityHint } from './quantities.ts';
import { boundWords, kindWords, showValue, typeWords } from './value-words.ts';

export type Issue = z.core.$ZodIssue;

/** What a schema's own check may say beside its message (in `params` of a custom issue). */
export interface IssueParams {
  readonly code: ProblemCode;
  readonly allowed: string;
  readonly fix: string;
  /** The message lacks its subject: the name of the place is put in front of it. */
  readonly isPredicate?: boolean;
  /** The key is wrong, whatever its value. */
  readonly isAboutKey?: boolean;
}

/** Where a wrong value is and what the schema says about that place. */
export interface Spot {
  readonly name: string;
  readonly value: unknown;
  readonly description: string;
  /** Regular expression that a text must match here. */
  readonly pattern: string | undefined;
  /** `, for example …`, or empty. */
  readonly example: string;
}

export type Words = Pick<Problem, 'code' | 'what' | 'allowed' | 'fix'>;

export function missingWords({ name, description, example }: Spot, key: string): Words {
  return {
    code: 'missing-key',
    what: `${name} is missing`,
    allowed: description || 'a value',
    fix: `Add ${key}${example}`,
  };
}

/** Everything but a missing value. */
export function issueWords(issue: Issue, place: Spot): Words {
  const { name, value, description, example } = place;
  const { message } = issue;
  if (isQuantitySlug(message)) return { code: message, ...quantityWords(QUANTITY_HINTS[message], place) };
  switch (issue.code) {
    case 'custom': {
      const params = issue.params as IssueParams | undefined;
      return {
        code: params?.code ?? 'not-allowed',
        what: params?.isPredicate ? `${name} ${issue.message}` : issue.message,
        allowed: params?.allowed ?? description,
        fix: params?.fix ?? `Correct ${name}`,
      };
    }
    case 'invalid_value':
      return unknownWord(place, issue.values.map(String));
    case 'invalid_union':
      return issue.inclusive !== false && issue.options !== undefined
        ? unknownWord(place, issue.options.map(String))
        : wrongFormat(place, issue.message);
    case 'too_small':
    case 'too_big':
      return {
        code: 'out-of-range',
        what: `${name} is too ${issue.code === 'too_small' ? 'small' : 'large'}`,
        allowed: boundWords(issue),
        fix: `Write ${boundWords(issue)}`,
      };
    case 'invalid_type':
      return {
        code: 'wrong-type',
        what: `${name} must be ${typeWords(issue.expected)}, not ${kindWords(value)}`,
        allowed: description || typeWords(issue.expected),
        fix: quoted(issue.expected, place) ?? `Write ${typeWords(issue.expected)}${example}`,
      };
    default:
      return wrongFormat(place, issue.message);
  }
}

/** A version such as 42 is meant as text; undefined where quotes alone do not mend it. */
function quoted(expected: string, { value, pattern }: Spot): string | undefined {
  if (expected !== 'string' || typeof value !== 'number' || pattern === undefined) return undefined;
  return new RegExp(pattern).test(String(value)) ? `Write "${value}"` : undefined;
}

/** `arn:partition:service:region:account:type:NAME` → NAME, where a name is asked for. */
function nameInArn({ value, pattern }: Spot): string | undefined {
  if (typeof value !== 'string' || !value.startsWith('arn:') || pattern === undefined) return undefined;
  const name = value.split(':')[6];
  return name !== undefined && new RegExp(pattern).test(name) ? name : undefined;
}

function wrongFormat(place: Spot, message: string): Words {
  const { name, value, description, example } = place;
  return {
    code: 'wrong-format',
    what: `${name} cannot be ${showValue(value)}`,
    allowed: description || message,
    fix: meantBy(place) ?? `Correct ${name}${example}`,
  };
}

/** What was probably meant by a text that has the wrong form; undefined where nobody knows. */
function meantBy(place: Spot): string | undefined {
  const bareName = nameInArn(place);
  if (bareName !== undefined) return `Give the name alone: ${bareName}`;
  const { name, value } = place;
  if (typeof value !== 'string') return undefined;
  if (value === '$LATEST')
    return 'Put an alias on a published version and name that: aws lambda create-alias --function-name FUNCTION --name live --function-version VERSION';
  // a listener and its rules have ARNs that differ in one word
  return name.endsWith('listenerRule') && value.includes(':listener/')
    ? `Name one of the rules of that listener: aws elbv2 describe-rules --listener-arn ${value}`
    : undefined;
}

/** Longer lists than this are in the reference, and the description says it shorter. */
const MAX_WORDS_LISTED = 12;

function unknownWord({ name, value, description }: Spot, words: readonly string[]): Words {
  const meant = typeof value === 'string' ? closest(value, words) : undefined;
  return {
    code: 'unknown-word',
    what: `${name} cannot be ${showValue(value)}`,
    allowed: words.length > MAX_WORDS_LISTED && description !== '' ? description : words.join(', '),
    fix:
      meant === undefined
        ? `Use one of the allowed words, for example ${words[0]}`
        : `Did you mean ${meant}?`,
  };
}

function quantityWords(hint: QuantityHint, { name, value }: Spot): Omit<Words, 'code'> {
  // .nan, .inf and negative numbers stay wrong with any unit behind them
  const isBare = typeof value === 'number' && Number.isFinite(value) && value >= 0;
  return {
    what: isBare ? `${name} is a bare number, not ${hint.noun}` : `${name} is not ${hint.noun}`,
    allowed: hint.allowed,
    fix: isBare ? `Write ${hint.spell(value)}` : `Write ${hint.allowed}`,
  };
}
