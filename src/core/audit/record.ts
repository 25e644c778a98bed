// The record of one rollout as it is kept in a file and checked: its audit, its published story, and where it began.
import * as z from 'zod';
import type { RolloutEvent } from '../events.ts';
import type { Rollout } from '../rollout.ts';
import { AuditFactSchema } from './fact-schema.ts';
import type { AuditEntry } from './facts.ts';
import type { Trace } from './trace.ts';

export const RECORD_FORMAT = 'stepshift-record/1';

export interface AuditRecord {
  readonly format: typeof RECORD_FORMAT;
  readonly rolloutId: string;
  /** Where the chain stood before the entries were read: how many there were, and the hash of the newest. */
  readonly head: Pick<AuditEntry, 'n' | 'hash'>;
  readonly entries: readonly AuditEntry[];
  readonly events: readonly RolloutEvent[];
  /** The document as it stood when the target was prepared; null: it never was. */
  readonly prepared: Rollout | null;
}

const HashSchema = z.string().max(64);

/** What is around the facts, which the chain speaks for. Facts of a broken entry may be anything. */
export const RecordSchema = z.looseObject({
  format: z.literal(RECORD_FORMAT).describe('What kind of file it is'),
  rolloutId: z.string().min(1).max(80),
  head: z.looseObject({ n: z.int().nonnegative(), hash: HashSchema }),
  entries: z.array(
    z.looseObject({ n: z.int().nonnegative(), previous: HashSchema, hash: HashSchema, fact: z.unknown() }),
  ),
  events: z.array(
    z.looseObject({
      event: z.string(),
      atMs: z.number(),
      rolloutId: z.string(),
      service: z.string(),
      sentence: z.string(),
      data: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    }),
  ),
  prepared: z.unknown(),
});

/** The facts of entries whose chain is whole. */
export const FactsSchema = z.looseObject({ entries: z.array(z.looseObject({ fact: AuditFactSchema })) });

/**
 * What the invariants are checked on: the entries in their order, and behind them the events, whose order among the
 * entries nobody recorded. Facts without an own clock stand at the instant of the fact before them.
 */
export function traceOf({ rolloutId, entries, events, prepared }: AuditRecord): Trace {
  let atMs = 0;
  const recorded = entries.map((entry) => {
    const { fact } = entry;
    atMs = 'atMs' in fact ? fact.atMs : atMs;
    return { kind: 'recorded' as const, atMs, rolloutId, entry };
  });
  return {
    moments: [
      ...recorded,
      ...events.map((event) => ({ kind: 'published' as const, atMs: event.atMs, event })),
    ],
    isWatched: false,
    settled: null,
    ...(prepared === null ? {} : { prepared: { [rolloutId]: prepared } }),
  };
}
