// Recordings in our own form: a header that tells weights and history, then a line a period, and perhaps the truth.
import * as z from 'zod';
import { type Fault, faultsError, parseValue, refuse } from './faults.ts';
import { Instant } from './instant.ts';
import { metricFaults } from './metric-rules.ts';
import { type RecordedPeriod, RecordedRowSchema, type Recording, recordingOf } from './recording.ts';
import type { RecordingReader } from './recording-reader.ts';
import { edgeFaults, rowFaults } from './row-rules.ts';
import { isTruth, type KnownTruth, parseTruth, refuseAfterTruth, withBad } from './truth.ts';

const HeaderSchema = z.strictObject({
  format: z.literal('stepshift-recording/1'),
  periodSeconds: z.int().positive().max(3600),
  startedAt: Instant,
  /** The canary's, for sentences. */
  version: z.string().min(1).max(128).default('canary'),
  shifts: z.array(z.strictObject({ at: Instant, weightPercent: z.number().min(0).max(100) })).min(1),
  latencyEdgesMs: z.array(z.number().positive()).default([]),
  history: z.array(z.strictObject({ at: Instant, stable: RecordedRowSchema.nullable() })).default([]),
});
type Header = z.infer<typeof HeaderSchema>;

const PeriodSchema = z.strictObject({
  at: Instant,
  stable: RecordedRowSchema.nullable(),
  canary: RecordedRowSchema.nullable(),
});

interface Open {
  readonly header: Header;
  readonly where: string;
  readonly history: readonly RecordedPeriod[];
  readonly periods: RecordedPeriod[];
  readonly counted: ReadonlySet<string>;
  readonly onGrid: (at: Date, path: string) => readonly Fault[];
  known: KnownTruth | null;
}

/**
 * @param name of the file; the second rollout in it is `name #2`
 * @param counted metrics that are whole numbers
 */
export function headedRecordings(name: string, counted: ReadonlySet<string>): RecordingReader {
  let open: Open | null = null;
  let count = 0;
  const close = (done: Open | null): Recording | null => {
    if (done === null) return null;
    count += 1;
    return complete(done, count === 1 ? name : `${name} #${count}`);
  };
  return {
    take: (value, where) => {
      if (isHeader(value)) {
        const done = open;
        open = begin(parseValue(HeaderSchema, value, where), where, counted);
        return close(done);
      }
      if (open === null) throw faultsError([NO_HEADER], where);
      if (isTruth(value)) {
        open.known = parseTruth(value, where, open.header.startedAt.getTime(), open.known);
      } else {
        refuseAfterTruth(open.known, where);
        open.periods.push(parsePeriod(value, where, open));
      }
      return null;
    },
    end: () => close(open),
  };
}

function isHeader(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'format' in value;
}

function begin(header: Header, where: string, counted: ReadonlySet<string>): Open {
  const { latencyEdgesMs, history, shifts, startedAt } = header;
  const onGrid = gridRule(header.periodSeconds);
  refuse(
    [
      ...edgeFaults(latencyEdgesMs),
      ...earlyShiftFaults(shifts[0]?.at, startedAt),
      ...shifts.flatMap(({ at }, index) => shiftFaults(at, shifts[index - 1]?.at, `shifts[${index}].at`)),
      ...history.flatMap(({ at, stable }, index) => [
        ...onGrid(at, `history[${index}].at`),
        ...rowFaults(stable, `history[${index}].stable`, latencyEdgesMs.length),
        ...metricFaults(stable, `history[${index}].stable`, counted),
      ]),
    ],
    where,
  );
  return {
    header,
    where,
    history: history.map(({ at, stable }) => ({ startMs: at.getTime(), stable, canary: null, bad: null })),
    periods: [],
    counted,
    onGrid,
    known: null,
  };
}

function parsePeriod(value: unknown, where: string, { header, counted, onGrid }: Open): RecordedPeriod {
  const { at, stable, canary } = parseValue(PeriodSchema, value, where);
  const edges = header.latencyEdgesMs.length;
  refuse(
    [
      ...onGrid(at, 'at'),
      ...rowFaults(stable, 'stable', edges),
      ...rowFaults(canary, 'canary', edges),
      ...metricFaults(stable, 'stable', counted),
      ...metricFaults(canary, 'canary', counted),
    ],
    where,
  );
  return { startMs: at.getTime(), stable, canary, bad: null };
}

function complete({ header, where, history, periods, known }: Open, name: string): Recording {
  return recordingOf(
    {
      name,
      version: header.version,
      isClockKnown: true,
      startedAtMs: header.startedAt.getTime(),
      periodSeconds: header.periodSeconds,
      shifts: header.shifts.map(({ at, weightPercent }) => ({ atMs: at.getTime(), weightPercent })),
      edgesMs: header.latencyEdgesMs,
      periods: [...history, ...withBad(periods, known)],
      truth: known?.truth ?? null,
      notJudged: [],
    },
    where,
  );
}

/** Periods come in order and lie whole periods apart. */
function gridRule(periodSeconds: number): Open['onGrid'] {
  let lastMs: number | null = null;
  return (at, path) => {
    const atMs = at.getTime();
    const before = lastMs;
    lastMs = atMs;
    if (before === null) return [];
    const steps = (atMs - before) / (periodSeconds * 1000);
    if (steps >= 1 && Number.isInteger(steps)) return [];
    return [
      {
        code: 'wrong-time',
        what: 'no period can start here',
        path,
        got: at.toISOString(),
        allowed: `${new Date(before + periodSeconds * 1000).toISOString()}, or whole periods of ${periodSeconds} s later`,
        fix: 'Write each period once, oldest first, by the instant at which it starts',
      },
    ];
  };
}

function shiftFaults(at: Date, before: Date | undefined, path: string): readonly Fault[] {
  if (before === undefined || at.getTime() > before.getTime()) return [];
  return [
    {
      code: 'wrong-time',
      what: 'shifts come in the order of time',
      path,
      got: at.toISOString(),
      allowed: `later than ${before.toISOString()}`,
      fix: 'Sort the shifts by time',
    },
  ];
}

/** The others are later than the first. */
function earlyShiftFaults(first: Date | undefined, startedAt: Date): readonly Fault[] {
  if (first === undefined || first.getTime() >= startedAt.getTime()) return [];
  return [
    {
      code: 'wrong-time',
      what: 'no traffic is shifted before the rollout was asked for',
      path: 'shifts[0].at',
      got: first.toISOString(),
      allowed: `${startedAt.toISOString()} (startedAt) or later`,
      fix: 'Check startedAt and the shifts',
    },
  ];
}

const NO_HEADER: Fault = {
  code: 'out-of-order',
  what: 'there was no header before this line',
  path: '',
  got: 'a period',
  allowed: '{"format":"stepshift-recording/1", …} first',
  fix: 'Write the header as the first line',
};
