// What is generated in docs/ is what the code gives today; `npm run docs` mends a stale one.
import { describe, expect, it } from 'vitest';
import { cliReference } from '../../scripts/cli-reference.ts';
import { docsBlocks } from '../../scripts/docs-blocks.ts';
import { withBlocks } from '../../scripts/fresh-blocks.ts';
import { COMMANDS } from '../../src/cli/program.ts';
import { anchorsOf, readDocument } from './markdown.ts';

const BLOCKS = await docsBlocks();

describe('docs/cli.md', () => {
  const reference = readDocument('docs/cli.md');

  it('is what the table of verbs gives today', () => {
    expect(reference).toBe(cliReference(COMMANDS));
  });

  it('has a section for every verb, with something to copy', () => {
    for (const { verb } of COMMANDS) {
      expect(anchorsOf(reference)).toContain(verb);
      const [, section = ''] = reference.split(`\n## ${verb}\n`);
      expect(section.split('\n## ')[0], verb).toContain(`npm run -s stepshift -- ${verb}`);
    }
  });

  it('loses no verb and breaks at no bar', () => {
    const [plan] = COMMANDS.filter(({ verb }) => verb === 'plan');
    if (plan === undefined) throw new Error('there is no verb plan');
    expect(() => cliReference([{ ...plan, verb: 'plna' }])).toThrow('no group of verbs has plna');
    expect(cliReference([{ ...plan, summary: 'One | two <b>' }])).toContain('One \\| two &lt;b>');
  });
});

describe.each(Object.entries(BLOCKS))('%s', (file, blocks) => {
  it('shows every generated block as it is made today', () => {
    const document = readDocument(file);
    expect(document).toBe(withBlocks(file, document, blocks));
  });
});
