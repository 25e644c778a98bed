// The recordings of examples/replay are what their seeds give, and small enough to read.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../support/architecture.ts';
import { EXAMPLE_RECORDINGS } from './example-recordings.ts';

const MAX_BYTES = 60_000;

test.each(Object.entries(EXAMPLE_RECORDINGS))('%s', async (name, text) => {
  expect(Buffer.byteLength(text)).toBeLessThan(MAX_BYTES);
  await expect(text).toMatchFileSnapshot(join(ROOT, 'examples/replay', name));
});
