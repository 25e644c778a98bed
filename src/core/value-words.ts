// Values, types and bounds in words, for sentences about what somebody wrote.
import type * as z from 'zod';

/** «at least 1 entry», «less than 5». */
export function boundWords(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const isLower = issue.code === 'too_small';
  const bound = isLower ? issue.minimum : issue.maximum;
  const [one, many] = UNITS[issue.origin] ?? ['', ''];
  const side = isLower ? ['more than', 'at least'] : ['less than', 'at most'];
  return `${side[issue.inclusive === false ? 0 : 1]} ${bound} ${bound === 1 ? one : many}`.trimEnd();
}

const UNITS: Readonly<Record<string, readonly [string, string]>> = {
  string: ['character', 'characters'],
  array: ['entry', 'entries'],
};

const TYPE_WORDS: Readonly<Record<string, string>> = {
  object: 'a map of keys',
  record: 'a map of keys',
  array: 'a list',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

export function typeWords(type: string): string {
  return TYPE_WORDS[type] ?? type;
}

export function kindWords(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return TYPE_WORDS[typeof value] ?? typeof value;
}

/** A value as one short line. */
export function showValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'nothing (null)';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return value === '' ? '""' : value.slice(0, 200);
  const text = JSON.stringify(value, numbersAsTheyAre) ?? String(value);
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}

/** JSON has no word for NaN and Infinity, and would say null. */
function numbersAsTheyAre(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}
