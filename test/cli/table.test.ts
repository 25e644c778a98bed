// Columns line up whatever is in them.
import { expect, test } from 'vitest';
import { alignColumns } from '../../src/cli/table.ts';

test('columns are as wide as their widest cell, numbers to the right, and nothing trails', () => {
  expect(
    alignColumns(
      [
        ['check', 'canary', 'action'],
        ['errors', '1.4 %', 'consider rollback'],
        ['p95 ✔', '15', ''],
      ],
      ['left', 'right'],
    ),
  ).toEqual(['check   canary  action', 'errors   1.4 %  consider rollback', 'p95 ✔       15']);
});

test('the widest column gives way to the width of the terminal, and its cells are wrapped', () => {
  expect(
    alignColumns(
      [
        ['metric', 'canary', 'action'],
        ['requests over 500 ms', '1.3 %', 'consider rollback'],
      ],
      ['left', 'right'],
      40,
    ),
  ).toEqual([
    'metric           canary  action',
    'requests over     1.3 %  consider',
    '500 ms                   rollback',
  ]);
});

test('no rows make no lines, and short rows are fine', () => {
  expect(alignColumns([])).toEqual([]);
  expect(alignColumns([['a'], ['b', 'c']])).toEqual(['a', 'b  c']);
});
