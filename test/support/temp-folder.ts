// A folder of files that a test may read and that is gone afterwards.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface TempFolder extends Disposable {
  readonly path: string;
}

/** Use with `using`, so that it is removed at the end of the test. */
export function tempFolder(files: Readonly<Record<string, string | Uint8Array>>): TempFolder {
  const path = mkdtempSync(join(tmpdir(), 'stepshift-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
