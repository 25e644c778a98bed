// What somebody knows about a recorded rollout beside its metrics: an extra line of the recording, told apart by `outcome`.
import * as z from 'zod';
import { type Fault, faultsError, parseValue, refuse } from './faults.ts';
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
  /** Its line. */
  readonly where: string;
}

/**
 * Throws InvalidInputError, `wrong-truth` among others.
 * @param before what was already known of the rollout
 */
export function parseTruth(
  value: unknown,
  where: string,
  startedAtMs: number,
  before: KnownTruth | null,
): KnownTruth {
  if (before !== null)
    throw faultsError([{ ...TOLD_TWICE, got: `another one after ${before.where}` }], where);
  const { outcome, onset, bad } = parseValue(TruthSchema, value, where);
  if (outcome === 'good' && onset !== undefined) throw faultsError([HARM_OF_GOOD], where);
  const onsetMs = typeof onset === 'number' ? startedAtMs + onset * 1000 : (onset?.getTime() ?? null);
  return { truth: { isBad: outcome === 'bad', onsetMs }, bad: bad ?? null, where };
}

/** Throws InvalidInputError (`out-of-order`) for a period at `where` after the truth. */
export function refuseAfterTruth(known: KnownTruth | null, where: string): void {
  if (known !== null)
    throw faultsError([{ ...PERIOD_TOO_LATE, got: `a period after ${known.where}` }], where);
}

/** Throws InvalidInputError (`wrong-truth`) when it has not one possible number a period. */
export function withBad(
  periods: readonly RecordedPeriod[],
  known: KnownTruth | null,
): readonly RecordedPeriod[] {
  if (known === null || known.bad === null) return periods;
  const { bad, where } = known;
  if (bad.length !== periods.length) throw faultsError([wrongLength(bad.length, periods.length)], where);
  refuse(
    periods.flatMap(({ canary }, index) => moreThanRequests(bad[index] ?? 0, canary?.requests, index)),
    where,
  );
  return periods.map((period, index) => ({ ...period, bad: bad[index] ?? null }));
}

/** @param requests of the canary; undefined: nothing was reported, so nobody knows */
function moreThanRequests(bad: number, requests: number | undefined, index: number): readonly Fault[] {
  if (requests === undefined || bad <= requests) return [];
  return [
    {
      code: 'wrong-truth',
      what: 'there cannot be more bad requests than requests of the canary',
      path: `bad[${index}]`,
      got: `${bad} of ${requests} requests`,
      allowed: `at most ${requests}`,
      fix: 'Count the bad requests of the canary alone, in the same periods',
    },
  ];
}

const TOLD_TWICE: Fault = {
  code: 'wrong-truth',
  what: 'the truth of a rollout is told once',
  path: '',
  got: '',
  allowed: 'one line with outcome a rollout',
  fix: 'Keep the line that is right',
};

const HARM_OF_GOOD: Fault = {
  code: 'wrong-truth',
  what: 'a good rollout has no onset of harm',
  path: 'onset',
  got: 'onset beside outcome good',
  allowed: 'onset beside outcome bad',
  fix: 'Remove onset, or write outcome bad',
};

const PERIOD_TOO_LATE: Fault = {
  code: 'out-of-order',
  what: 'periods come before the truth of their rollout',
  path: '',
  got: '',
  allowed: 'the next rollout, or the end of the file',
  fix: 'Write the truth after the last period',
};

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
