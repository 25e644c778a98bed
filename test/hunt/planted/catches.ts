// Which seed shows which planted bug: written by `npm run -s hunt -- --planted --write-doc`, played by the tests.
import { readFileSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import type { Search } from './search.ts';

const FILE = new URL('./catches.json', import.meta.url);

const CatchesSchema = z.record(
  z.string(),
  z.strictObject({ seed: z.int().nonnegative(), invariant: z.string() }),
);

/** By name of the bug. */
export type Catches = z.infer<typeof CatchesSchema>;

export function readCatches(): Catches {
  return CatchesSchema.parse(JSON.parse(readFileSync(FILE, 'utf8')));
}

export function writeCatches(searches: readonly Search[]): void {
  const caught = searches.flatMap(({ name, found }) =>
    found === null ? [] : [[name, { seed: found.seed, invariant: found.invariant }] as const],
  );
  writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(caught), null, 2)}\n`);
}
