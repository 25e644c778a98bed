// Writes the generated blocks of README.md anew: `npm run readme`.
import { readFile, writeFile } from 'node:fs/promises';
import { withFreshBlocks } from './readme-blocks.ts';

const path = new URL('../README.md', import.meta.url);
await writeFile(path, await withFreshBlocks(await readFile(path, 'utf8')));
