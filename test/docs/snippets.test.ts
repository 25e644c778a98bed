// Every TypeScript block of the documentation is a module that `npm run check` compiles; a change of a block changes its module.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import tsconfig from '../../tsconfig.json' with { type: 'json' };
import { moduleOf, SNIPPETS } from './snippets.ts';

const FOLDER = join(import.meta.dirname, 'snippets');
/** Wrong on purpose: shows that the folder is compiled. */
const BROKEN = 'broken.mts';

const block = (text: string) => ({
  name: 'docs/a.md 1',
  fence: { file: 'docs/a.md', line: 1, language: 'ts', text },
});

describe('a TypeScript block', () => {
  it.each(SNIPPETS)('$name is compiled as it stands; -u writes it anew', async (snippet) => {
    await expect(moduleOf(snippet)).toMatchFileSnapshot(join(FOLDER, snippet.file));
  });

  it('that is gone leaves no module', () => {
    const files = SNIPPETS.map(({ file }) => file);
    expect(readdirSync(FOLDER).filter((file) => file !== BROKEN && !files.includes(file))).toEqual([]);
    expect(files.length).toBeGreaterThan(0);
  });

  it('is compiled with everything else, and a wrong one would be found', () => {
    expect(tsconfig.include).toContain('test');
    expect(packageJson.scripts.check).toContain('tsc --noEmit');
    expect(readFileSync(join(FOLDER, BROKEN), 'utf8')).toContain('// @ts-expect-error');
  });

  it('imports from the root of the repository, or from the package', () => {
    const text = [
      "import { A } from './lib/a.ts';",
      "import { B } from 'stepshift/stepshift-service';",
      "import { C } from 'aws-cdk-lib';",
      'const a = new A(B, C);',
    ].join('\n');
    const [, ...lines] = moduleOf(block(text)).split('\n');
    expect(lines).toEqual([
      "import { A } from '../../../lib/a.ts';",
      "import { B } from '../../../lib/stepshift-service.ts';",
      "import { C } from 'aws-cdk-lib';",
      'const a = new A(B, C);',
      'export { a };',
      '',
    ]);
  });

  it('is refused where nothing tells what its names are', () => {
    expect(() => moduleOf(block('start(engine);'))).toThrow('docs/a.md 1: begin the block with its imports');
    expect(() => moduleOf(block("import { x } from 'stepshift/nothing';"))).toThrow(
      'exports no stepshift/nothing',
    );
    const prelude = 'declare function start(what: string): void;\ndeclare const engine: string;';
    expect(moduleOf(block('start(engine);'), { 'docs/a.md 1': prelude })).toContain(
      `${prelude}\nstart(engine);`,
    );
  });
});
