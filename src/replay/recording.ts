// A recorded rollout, whatever file it came from: what both versions did in every period, and how the weight was moved.
import * as z from 'zod';
import { type Fault, faultsError } from './faults.ts';
import { RowSchema } from './line-protocol.ts';

export const RecordedRowSchema = RowSchema.extend({
  /** What custom checks look at, by the check's name; what a rate is counted per is `NAME-per`. */
  metrics: z.record(z.string(), z.number().nonnegative()).optional(),
});
export type RecordedRow = z.infer<typeof RecordedRowSchema>;

export interface RecordedPeriod {
  readonly startMs: number;
  readonly stable: RecordedRow | null;
  readonly canary: RecordedRow | null;
  /** Bad requests of the canary, where somebody knows them; null: its failed ones are taken. */
  readonly bad: number | null;
}

export interface Shift {
  readonly atMs: number;
  readonly weightPercent: number;
}

/** What was really the matter, where somebody knows it. */
export interface Truth {
  readonly isBad: boolean;
  /** When the harm began; null: as soon as the canary had traffic. */
  readonly onsetMs: number | null;
}

/** A check of which the file has only some of the series. */
export interface NotJudged {
  readonly check: string;
  /** Ids of the series that are not there. */
  readonly missing: readonly string[];
}

/** What every kind of file tells, in the order of time. */
export interface Recorded {
  /** Of the file, or of the rollout within it. */
  readonly name: string;
  /** Of the canary, for sentences. */
  readonly version: string;
  /** false: times are counted from the start of the rollout, which is 0. */
  readonly isClockKnown: boolean;
  readonly startedAtMs: number;
  readonly periodSeconds: number;
  /** The first one gave the canary its first traffic. */
  readonly shifts: readonly Shift[];
  /** Inclusive upper bounds of the latency buckets, ms; empty without histograms. */
  readonly edgesMs: readonly number[];
  /** Each once, all on one grid of `periodSeconds`; holes are fine. */
  readonly periods: readonly RecordedPeriod[];
  readonly truth: Truth | null;
  /** Left out of all rows. */
  readonly notJudged: readonly NotJudged[];
}

export interface Recording extends Recorded {
  readonly firstShift: Shift;
  /** Before the first shift. */
  readonly history: readonly RecordedPeriod[];
  /** From the one that the first shift falls in, without holes; at least one. */
  readonly periods: readonly RecordedPeriod[];
}

/** A longer hole is a mistake in a timestamp. */
const MAX_HOLE_SECONDS = 86_400;

/**
 * Throws InvalidInputError (`nothing-recorded`, `wrong-time`).
 * @param where the line or the file that a problem is told of
 */
export function recordingOf(recorded: Recorded, where: string): Recording {
  const { periods, shifts, periodSeconds } = recorded;
  const firstShift = shifts.find(({ weightPercent }) => weightPercent > 0);
  if (firstShift === undefined) throw faultsError([nothingRecorded('no weight above 0')], where);
  const from = periods.findIndex(({ startMs }) => startMs + periodSeconds * 1000 > firstShift.atMs);
  if (from === -1) throw faultsError([nothingRecorded('no period at or after the first shift')], where);
  return {
    ...recorded,
    firstShift,
    history: periods.slice(0, from),
    periods: withoutHoles(periods.slice(from), periodSeconds, where),
  };
}

/** A period that nobody wrote down is one in which nothing was reported. */
function withoutHoles(
  periods: readonly RecordedPeriod[],
  periodSeconds: number,
  where: string,
): readonly RecordedPeriod[] {
  const periodMs = periodSeconds * 1000;
  return periods.flatMap((period, index) => {
    const before = periods[index - 1];
    if (before === undefined) return [period];
    const missing = Math.round((period.startMs - before.startMs) / periodMs) - 1;
    if (missing * periodSeconds > MAX_HOLE_SECONDS) throw faultsError([hole(missing * periodSeconds)], where);
    const empty = Array.from({ length: missing }, (_, i) => ({
      startMs: before.startMs + (i + 1) * periodMs,
      stable: null,
      canary: null,
      bad: null,
    }));
    return [...empty, period];
  });
}

function nothingRecorded(got: string): Fault {
  return {
    code: 'nothing-recorded',
    what: 'nothing was recorded while the canary had traffic',
    path: '',
    got,
    allowed: 'at least one period with a weight above 0',
    fix: 'Record the rollout from its first shift on',
  };
}

function hole(seconds: number): Fault {
  return {
    code: 'wrong-time',
    what: 'the recording has a hole that is too long',
    path: '',
    got: `${seconds} s without a period`,
    allowed: `at most ${MAX_HOLE_SECONDS} s`,
    fix: 'Check the times; record two rollouts as two',
  };
}
