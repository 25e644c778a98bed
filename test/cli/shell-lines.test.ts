// Command lines that are broken for a terminal mean the same when they are pasted.
import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { shellLines, shellWord } from '../../src/cli/shell-lines.ts';
import { shellCommands } from '../docs/shell.ts';

describe('a command line for the terminal', () => {
  it('is left whole where it fits', () => {
    expect(shellLines('stepshift demo', 80, '  ')).toEqual(['  stepshift demo']);
  });

  it('keeps an option with its value', () => {
    expect(shellLines('stepshift start checkout 42 --wait --timeout 2h', 40)).toEqual([
      'stepshift start checkout 42 --wait \\',
      '  --timeout 2h',
    ]);
  });

  it('parts an option from its value where both together are too wide', () => {
    expect(shellLines('a --name 12345678901234', 16)).toEqual(['a --name \\', '  12345678901234']);
  });

  it('never breaks within quotes', () => {
    expect(shellLines('abort r1 -m "support sees wrong totals again"', 30)).toEqual([
      'abort r1 -m \\',
      '  "support sees wrong totals again"',
    ]);
  });
});

test('pasted, it is the same command, whatever the width', () => {
  const word = fc.oneof(
    fc.stringMatching(/^[a-z][a-z0-9./-]{0,12}$/),
    fc.stringMatching(/^"[a-z ]{0,20}"$/),
    fc.constantFrom('--flag', '-m'),
  );
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 100 }),
      (words, columns) => {
        const command = words.join(' ');
        const lines = shellLines(command, columns);
        expect(shellCommands(lines.join('\n'))).toEqual(shellCommands(command));
        // only a word that cannot be broken may be wider
        for (const line of lines.filter(({ length }) => length > columns)) {
          expect(shellCommands(line.replace(/ \\$/, ''))).toMatchObject([{ words: [expect.anything()] }]);
        }
      },
    ),
  );
});

describe('shellWord', () => {
  it.each([
    ['examples/error-spike', 'examples/error-spike'],
    ['my trial', "'my trial'"],
    ["it's; rm -rf x", "'it'\\''s; rm -rf x'"],
    ['', "''"],
  ])('%j is %s to a shell', (text, word) => {
    expect(shellWord(text)).toBe(word);
  });
});
