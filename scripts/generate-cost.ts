// Writes the generated blocks of docs/cost.md anew.
import { readFile, writeFile } from 'node:fs/promises';
import { costBlocks } from './cost-blocks.ts';
import { withBlocks } from './fresh-blocks.ts';

const path = new URL('../docs/cost.md', import.meta.url);
await writeFile(path, withBlocks('docs/cost.md', await readFile(path, 'utf8'), costBlocks()));
