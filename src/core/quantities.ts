// Quantities as schema: percent, durations, latencies, ratios and percentiles, written with their unit, read as numbers.
// The message of a failed quantity is the slug of its row here; issue-words.ts turns it into a sentence.
import * as z from 'zod';
import type { ProblemCode } from './problems/index.ts';
import {
  formatDuration,
  formatPercentile,
  parseDuration,
  parseLatency,
  parsePercent,
  parsePercentile,
  parseRatio,
} from './units.ts';

export interface QuantityHint {
  readonly noun: string;
  readonly allowed: string;
  /** How to write a number that was given bare. */
  readonly spell: (value: number) => string;
}

export const QUANTITY_HINTS = {
  'not-a-percent': {
    noun: 'a percentage',
    allowed: 'a number with %, for example 5% or 0.1%',
    spell: (value: number) => `${value}%`,
  },
  'not-a-duration': {
    noun: 'a duration',
    allowed: 'a number with s, m, h or d, for example 90s, 10m or 1h30m, in whole seconds',
    spell: (value: number) => `${value}m for minutes or ${value}s for seconds`,
  },
  'not-a-latency': {
    noun: 'a latency',
    allowed: 'a number with ms or s, for example 500ms or 1.5s',
    spell: (value: number) => `${value}ms for milliseconds or ${value}s for seconds`,
  },
  'not-a-ratio': {
    noun: 'a ratio',
    allowed: 'a number after x, for example x1.5 (half as much again)',
    spell: (value: number) => `x${value}`,
  },
  'not-a-percentile': {
    noun: 'a percentile',
    allowed: 'a number after p, for example p95 or p99.9',
    spell: (value: number) => `p${value}`,
  },
} as const satisfies Readonly<Partial<Record<ProblemCode, QuantityHint>>>;

type QuantitySlug = keyof typeof QUANTITY_HINTS;

export function isQuantitySlug(message: string): message is QuantitySlug {
  return Object.hasOwn(QUANTITY_HINTS, message);
}

interface Range {
  readonly min: number;
  readonly max: number;
  /** The smallest value itself is not allowed. */
  readonly excludesMin?: boolean;
}

/** `5%` → 5. */
export function percent(range: Range): z.ZodType<number, string> {
  return quantity('not-a-percent', /^\d+(\.\d+)?\s*%$/, parsePercent, range, (value) => `${value}%`);
}

/** `10m` → 600 seconds. */
export function duration(range: Range): z.ZodType<number, string> {
  return quantity('not-a-duration', /^(\d+(\.\d+)?\s*[smhd]\s*)+$/, parseDuration, range, formatDuration);
}

/** `500ms` → 500. */
export function latency(range: Range): z.ZodType<number, string> {
  return quantity('not-a-latency', /^\d+(\.\d+)?\s*(ms|s)$/, parseLatency, range, (value) => `${value}ms`);
}

/** `x1.5` → 1.5. */
export function ratio(range: Range): z.ZodType<number, string> {
  return quantity('not-a-ratio', /^x\d+(\.\d+)?$/, parseRatio, range, (value) => `x${value}`);
}

/** `p95` → 0.95. */
export function percentile(range: Range): z.ZodType<number, string> {
  return quantity('not-a-percentile', /^p\d+(\.\d+)?$/, parsePercentile, range, formatPercentile);
}

function quantity(
  slug: QuantitySlug,
  pattern: RegExp,
  parse: (text: string) => number | undefined,
  range: Range,
  format: (value: number) => string,
): z.ZodType<number, string> {
  return z
    .string({ error: slug })
    .regex(pattern, { error: slug })
    .transform((text, context) => {
      const value = parse(text);
      if (value === undefined) {
        context.issues.push({ code: 'custom', message: slug, input: text });
        return z.NEVER;
      }
      if (value > range.max || value < range.min || (range.excludesMin && value === range.min)) {
        const from = `${range.excludesMin ? 'above' : 'at least'} ${format(range.min)}`;
        const allowed = `${from} and at most ${format(range.max)}`;
        context.issues.push({
          code: 'custom',
          message: 'is out of range',
          input: text,
          params: {
            code: 'out-of-range',
            isPredicate: true,
            allowed,
            fix: `Write a value that is ${allowed}`,
          },
        });
        return z.NEVER;
      }
      return value;
    });
}
