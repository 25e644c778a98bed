// TypeScript of the documentation as modules of this repository, so that `tsc` checks it together with everything else.
import packageJson from '../../package.json' with { type: 'json' };
import { DOCUMENTS, type Fence, fencesOf, readDocument } from './markdown.ts';

export interface Snippet {
  /** Document and number of the block in it, for example `docs/install.md 1`. */
  readonly name: string;
  /** In `snippets/`. No `.ts`, since neither the formatter nor the search for dead code has to do with it. */
  readonly file: string;
  readonly fence: Fence;
}

/** What a block leaves out because the text around it says it: imports, and functions that the reader writes. */
const PRELUDES: Readonly<Record<string, string>> = {
  'docs/testing.md 1': `import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamodbRolloutStore } from './src/aws/dynamodb-rollout-store.ts';
import { rolloutTable } from './src/aws/dynamodb-table.ts';
import { rolloutStoreContract } from './test/contracts/rollout-store.contract.ts';

declare const process: { readonly env: { readonly ENDPOINT: string } };
declare function deleteAllItems(): Promise<void>;
declare function loseNext(client: DynamoDBClient): void;
`,
};

export const SNIPPETS: readonly Snippet[] = DOCUMENTS.flatMap((file) =>
  fencesOf(file, readDocument(file))
    .filter(({ language }) => language === 'ts')
    .map((fence, index) => ({
      name: `${file} ${index + 1}`,
      file: `${file
        .replace(/\.md$/, '')
        .replaceAll(/[^a-z0-9]+/gi, '-')
        .toLowerCase()}-${index + 1}.mts`,
      fence,
    })),
);

/** Throws an Error for a block that does not say where its names come from. */
export function moduleOf(
  { name, fence: { text } }: Pick<Snippet, 'name' | 'fence'>,
  preludes: Readonly<Record<string, string>> = PRELUDES,
): string {
  const prelude = preludes[name];
  if (prelude === undefined && !/^import /m.test(text)) {
    throw new Error(`${name}: begin the block with its imports, or add what it leaves out to PRELUDES`);
  }
  const code = prelude === undefined ? text : `${prelude}\n${text}`;
  const names = [...text.matchAll(/^(?:const|let|function|class) (\w+)/gm)].map((match) => match[1]);
  return [
    `// ${name.replace(' ', ', TypeScript block ')}; written by test/docs/snippets.test.ts.`,
    code.replaceAll(
      /from '(\.[^']*|stepshift\/[^']*)'/g,
      (_whole, path: string) => `from '${fromHere(path)}'`,
    ),
    // nobody uses them here, which is fine in a snippet
    `export { ${names.join(', ')} };`.replace('{  }', '{}'),
    '',
  ].join('\n');
}

/** Blocks stand at the root of the repository, or import the package by its name. */
function fromHere(path: string): string {
  const exported: Readonly<Record<string, string>> = packageJson.exports;
  const target = exported[`.${path.slice('stepshift'.length)}`];
  const local = path.startsWith('.') ? path : target?.replace('./dist/', './').replace(/\.js$/, '.ts');
  if (local === undefined) throw new Error(`the package exports no ${path}`);
  return local.replace('./', '../../../');
}
