// What somebody knows about a recorded rollout beside its metrics: an extra line of the recording, told apart by `outcome`.
import * as z from 'zod';
import { type Fault, faultsError, parseValue } from './faults.ts';
import { Instant } from './instant.ts';
import type { RecordedPeriod, Truth } from './recording.ts';

const TruthSchema = z.strictObject({
  outcome: z.enum(['good', 'bad']),
  /** When the harm began: an instant, or seconds since the start of the rollout. */
  onset: z.union([Instant, z.number().nonnegative()]).optional(),
  /** Bad requests of the canary, one number a recorded period. */
  bad: z.array(z.number().nonnegative()).optional(),
});

export function isTruth(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'outcome' in value;
}

export interface KnownTruth {
  readonly truth: Truth;
  /** By period, in the order of the file; null where nobody counted. */
  readonly bad: readonly number[] | null;
}

/** Throws InvalidInputError. */
export function parseTruth(value: unknown, where: string, startedAtMs: number): KnownTruth {
  const { outcome, onset, bad } = parseValue(TruthSchema, value, where);
  const onsetMs = typeof onset === 'number' ? startedAtMs + onset * 1000 : (onset?.getTime() ?? null);
  return { truth: { isBad: outcome === 'bad', onsetMs }, bad: bad ?? null };
}

/** Throws InvalidInputError (`wrong-truth`) when there are not as many numbers as periods. */
export function withBad(
  periods: readonly RecordedPeriod[],
  bad: readonly number[] | null,
  where: string,
): readonly RecordedPeriod[] {
  if (bad === null) return periods;
  if (bad.length !== periods.length) throw faultsError([wrongLength(bad.length, periods.length)], where);
  return periods.map((period, index) => ({ ...period, bad: bad[index] ?? null }));
}

function wrongLength(got: number, periods: number): Fault {
  return {
    code: 'wrong-truth',
    what: 'bad has one number a recorded period',
    path: 'bad',
    got: `${got} numbers`,
    allowed: `${periods} numbers, as there are periods`,
    fix: 'Write 0 for a period without bad requests',
  };
}
