// Writes docs/errors.md anew from the registry of problems.
import { writeFile } from 'node:fs/promises';
import { errorsDocument } from './errors-document.ts';

await writeFile(new URL('../docs/errors.md', import.meta.url), errorsDocument());
