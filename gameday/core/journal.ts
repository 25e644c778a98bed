// What a day has done so far, line by line, so that a day that was cut short can go on and loses no sample.
import * as z from 'zod';

const Line = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('day'),
    day: z.string(),
    atMs: z.number(),
    account: z.string(),
    region: z.string(),
    minutes: z.number(),
    balancerCidr: z.string().nullable(),
  }),
  /** What was kept of an earlier attempt counts no more. */
  z.strictObject({ kind: z.literal('begun'), id: z.string(), atMs: z.number() }),
  z.strictObject({ kind: z.literal('sample'), id: z.string(), sample: z.unknown() }),
  z.strictObject({ kind: z.literal('done'), id: z.string(), atMs: z.number() }),
  z.strictObject({ kind: z.literal('failed'), id: z.string(), atMs: z.number(), error: z.string() }),
]);
export type JournalLine = z.infer<typeof Line>;
type DayLine = Extract<JournalLine, { kind: 'day' }>;

interface Played {
  readonly samples: readonly unknown[];
  readonly state: 'done' | 'failed' | 'cut short';
  /** Why it failed; null when it did not. */
  readonly error: string | null;
}

export interface Journal {
  readonly day: DayLine | null;
  readonly played: ReadonlyMap<string, Played>;
}

export const EMPTY_JOURNAL: Journal = { day: null, played: new Map() };

export function withLine(journal: Journal, line: JournalLine): Journal {
  if (line.kind === 'day') return { ...journal, day: journal.day ?? line };
  const before = journal.played.get(line.id) ?? { samples: [], state: 'cut short', error: null };
  return { ...journal, played: new Map(journal.played).set(line.id, played(before, line)) };
}

function played(before: Played, line: Exclude<JournalLine, DayLine>): Played {
  switch (line.kind) {
    case 'begun':
      return { samples: [], state: 'cut short', error: null };
    case 'sample':
      return { ...before, samples: [...before.samples, line.sample] };
    case 'done':
      return { ...before, state: 'done' };
    case 'failed':
      return { ...before, state: 'failed', error: line.error };
  }
}

/** One JSON value a line. A last line that was cut off in the middle is left out; any other is an error. */
export function readJournal(text: string): Journal {
  const lines = text.split('\n');
  // what follows the last line break was not written to its end
  const whole = lines.slice(0, -1).filter((line) => line !== '');
  return whole.map((line) => Line.parse(JSON.parse(line))).reduce(withLine, EMPTY_JOURNAL);
}

export function journalText(line: JournalLine): string {
  return `${JSON.stringify(line)}\n`;
}
