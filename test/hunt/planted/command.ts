// `npm run -s hunt -- --planted`: shows that the hunt finds what it is there to find.
import { writeBlock } from '../guarantees-doc.ts';
import type { HuntOptions } from '../options.ts';
import { writeCatches } from './catches.ts';
import { searchAll } from './search.ts';
import { tableMarkdown, tableText } from './table.ts';

/** Answers what to print, and the exit code: 1 when a bug is not caught. */
export async function planted({
  seeds,
  workers,
  isJson,
  writesDoc,
}: HuntOptions): Promise<{ readonly text: string; readonly code: number }> {
  const searches = await searchAll(seeds, workers);
  if (writesDoc) {
    writeCatches(searches);
    writeBlock('planted', tableMarkdown(searches, seeds));
  }
  return {
    text: isJson ? `${JSON.stringify(searches)}\n` : tableText(searches, seeds),
    code: searches.every(({ found }) => found !== null) ? 0 : 1,
  };
}
