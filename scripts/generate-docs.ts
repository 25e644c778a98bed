// Writes docs/cli.md and the generated blocks of the other documents anew: `npm run docs`.
import { readFile, writeFile } from 'node:fs/promises';
import { COMMANDS } from '../src/cli/program.ts';
import { cliReference } from './cli-reference.ts';
import { docsBlocks } from './docs-blocks.ts';
import { withBlocks } from './fresh-blocks.ts';

const root = new URL('..', import.meta.url);
await writeFile(new URL('docs/cli.md', root), cliReference(COMMANDS));
for (const [file, blocks] of Object.entries(await docsBlocks())) {
  const path = new URL(file, root);
  await writeFile(path, withBlocks(file, await readFile(path, 'utf8'), blocks));
}
