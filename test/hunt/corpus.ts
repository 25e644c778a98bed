// Runs that once failed, each with the fewest faults that made it fail; they are played for ever.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as z from 'zod';

const EntrySchema = z.strictObject({
  seed: z.int().nonnegative(),
  /** Ids of the faults that are left; null: all that the seed draws. */
  only: z.array(z.string()).nullable(),
  /** Which invariant failed. */
  invariant: z.string(),
  /** What was wrong then. */
  was: z.string(),
});
export type CorpusEntry = z.infer<typeof EntrySchema>;

const FOLDER = new URL('./corpus/', import.meta.url);

export function readCorpus(): readonly CorpusEntry[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json'))
    .toSorted()
    .map((name) => EntrySchema.parse(JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'))));
}

/** Answers the name of the file. */
export function keepInCorpus(entry: CorpusEntry): string {
  const name = `${entry.seed}.json`;
  writeFileSync(new URL(name, FOLDER), `${JSON.stringify(entry, null, 2)}\n`);
  return `test/hunt/corpus/${name}`;
}
