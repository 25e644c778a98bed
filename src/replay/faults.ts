// What is wrong with one line of recorded data, as problems that name the line and the place in it.
import type * as z from 'zod';
import { InvalidInputError, messageOf, type Problem } from '../core/errors.ts';
import { parseBySchema } from '../core/zod-problems.ts';

/** A mistake at a place within a line. */
export interface Fault extends Omit<Problem, 'where'> {
  /** `canary.errors`; empty: the line as a whole. */
  readonly path: string;
}

/** @param where the line: `stdin:12` */
export function faultsError(faults: readonly Fault[], where: string): InvalidInputError {
  return new InvalidInputError(
    faults.map(({ code, what, path, got, allowed, fix }) => ({
      code,
      what,
      where: path === '' ? where : `${where} (${path})`,
      got,
      allowed,
      fix,
    })),
  );
}

/** Throws InvalidInputError when there is any fault. */
export function refuse(faults: readonly Fault[], where: string): void {
  if (faults.length > 0) throw faultsError(faults, where);
}

/** The error for a value that the schema has refused. */
export function schemaError(schema: z.ZodType, value: unknown, where: string): InvalidInputError {
  const problems = parseBySchema(schema, value).problems ?? [];
  return faultsError(
    problems.map((problem) => ({ ...problem, path: problem.path.length === 0 ? '' : problem.where })),
    where,
  );
}

/** Throws InvalidInputError with every problem. */
export function parseValue<T>(schema: z.ZodType<T>, value: unknown, where: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw schemaError(schema, value, where);
}

/** Throws InvalidInputError (`not-json`). */
export function parseJsonLine(line: string, where: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    const fault: Fault = {
      code: 'not-json',
      what: `this line is not JSON: ${messageOf(error)}`,
      path: '',
      got: line.length > 80 ? `${line.slice(0, 79)}…` : line,
      allowed: 'one JSON object a line',
      fix: 'Write each message on one line of its own, complete',
    };
    throw faultsError([fault], where);
  }
}
