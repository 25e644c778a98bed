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

test('no rows make no lines, and short rows are fine', () => {
  expect(alignColumns([])).toEqual([]);
  expect(alignColumns([['a'], ['b', 'c']])).toEqual(['a', 'b  c']);
});
