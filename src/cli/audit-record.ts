// The record of a rollout, from an installed engine or from a file, and into a file.
import { resolve } from 'node:path';
import * as z from 'zod';
import { AuditFactSchema } from '../core/audit/fact-schema.ts';
import { type AuditRecord, FactsSchema, RECORD_FORMAT, RecordSchema } from '../core/audit/record.ts';
import { InvalidInputError, messageOf, type Problem } from '../core/errors.ts';
import { EVENTS } from '../core/events.ts';
import { RolloutSchema } from '../core/rollout.ts';
import { parseBySchema } from '../core/zod-problems.ts';
import type { RolloutRow, RolloutStore } from '../ports.ts';
import { embeddedRecord, isHtml } from './embedded-record.ts';
import { readTextFile } from './read-text-file.ts';
import { writeTextFile } from './write-text-file.ts';

/** A rollout that waited a day for a person has a thousand judgements of a few kilobytes. */
const MAX_RECORD_BYTES = 64 * 1024 * 1024;

/** The head first, so that entries that are cut off afterwards are missed. */
export async function storedRecord(store: RolloutStore, row: RolloutRow): Promise<AuditRecord> {
  const { rolloutId, rollout } = row;
  const { n, hash } = await store.readAuditHead(rolloutId);
  const [entries, events] = await Promise.all([store.readAudit(rolloutId), store.readEvents(rolloutId)]);
  return { format: RECORD_FORMAT, rolloutId, head: { n, hash }, entries, events, prepared: rollout };
}

const SAVE_AGAIN =
  'Save the record again (stepshift verify ROLLOUT --save record.json), or verify it with the release that wrote it';

/** `prepared` is parsed by itself: RecordSchema leaves it open. */
const PreparedSchema = z.looseObject({ prepared: RolloutSchema.nullable() });

/**
 * A saved record, or the one that a report carries. Throws InvalidInputError for a file that is neither; what is wrong
 * within a record is for the examination.
 */
export async function readRecordFile(cwd: string, file: string): Promise<AuditRecord> {
  const text = await readTextFile(resolve(cwd, file), file, MAX_RECORD_BYTES);
  const json = parseJson(isHtml(text) ? embeddedRecord(text, file, MAX_RECORD_BYTES) : text, file);
  const record = parseFile(RecordSchema, json, file);
  // a document that cannot be read must not pass for one that never was: no judgement would be decided again
  const { prepared } = parseFile(PreparedSchema, json, file);
  return { ...record, prepared } as AuditRecord;
}

/** Nobody writes a record by hand, so there is nothing to mend in it. */
function parseFile<T>(schema: z.ZodType<T>, json: unknown, file: string): T {
  const { value, problems } = parseBySchema(schema, json);
  if (problems === null) return value;
  throw new InvalidInputError(problems.map((problem) => ({ ...inFile(problem, file), fix: SAVE_AGAIN })));
}

export async function saveRecord(
  cwd: string,
  path: string,
  flag: string,
  record: AuditRecord,
): Promise<void> {
  const file = { cwd, path, noun: 'record', example: `${flag} record.json` };
  await writeTextFile(file, `${JSON.stringify(record, null, 1)}\n`);
}

/**
 * Of entries whose chain is whole: facts that this release does not know. Throws InvalidInputError with their places.
 * @param source how problems name where the record comes from
 */
export function assertKnownFacts(entries: AuditRecord['entries'], source: string): void {
  const { problems } = parseBySchema(FactsSchema, { entries });
  if (problems === null) return;
  throw new InvalidInputError(
    problems.map((problem) => ({
      ...inFile(problem, source),
      code: 'unknown-fact',
      fix: 'It is as it was written, by another release: verify it with that one',
    })),
  );
}

/** What a report can tell of a record of another release: the entries and events that this one knows. */
export function knownPart({ entries, events }: AuditRecord): Pick<AuditRecord, 'entries' | 'events'> & {
  /** How many were left out. */
  readonly unknown: number;
} {
  const known = {
    entries: entries.filter(({ fact }) => AuditFactSchema.safeParse(fact).success),
    events: events.filter(({ event }) => Object.hasOwn(EVENTS, event)),
  };
  const unknown = entries.length - known.entries.length + (events.length - known.events.length);
  return { ...known, unknown };
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidInputError([
      {
        code: 'not-json',
        what: `${file} is not JSON: ${messageOf(error)}`,
        where: file,
        got: text.slice(0, 40),
        allowed: 'what stepshift verify --save or stepshift simulate --audit wrote, or a report',
        fix: SAVE_AGAIN,
      },
    ]);
  }
}

function inFile(problem: Problem, source: string): Problem {
  const { code, what, where, got, allowed, fix } = problem;
  return { code, what, where: `${source} (${where})`, got, allowed, fix };
}
