// Proves the tester: each planted bug is found at the seed that is on record, and the same run without it is clean.
import { describe, expect, it } from 'vitest';
import { readCatches } from './catches.ts';
import { catchOf } from './detect.ts';
import { PLANTED } from './index.ts';

const CATCHES = readCatches();

describe('a planted bug', () => {
  it.each(PLANTED.map((bug) => [bug.name, bug.says, bug] as const))(
    '%s is caught: %s',
    async (name, _, bug) => {
      const { seed, invariant } = CATCHES[name] ?? { seed: 0, invariant: 'none' };
      expect(await catchOf(bug, seed)).toMatchObject({ seed, invariant });
    },
  );

  it('has a name of its own', () => {
    expect(new Set(PLANTED.map(({ name }) => name)).size).toBe(PLANTED.length);
  });
});
