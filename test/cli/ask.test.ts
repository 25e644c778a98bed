// A person is asked to choose: by number, a few times, and never longer than there is somebody.
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { askOn } from '../../src/cli/ask.ts';

async function choose(typed: string) {
  const input = new PassThrough();
  const output = new PassThrough();
  const answer = askOn(input, output)('Which alias?', ['beta', 'live\u001b[2J']);
  input.end(typed);
  const chosen = await answer;
  return { chosen, shown: String(output.read()) };
}

describe('a choice', () => {
  it('is made by its number', async () => {
    const { chosen, shown } = await choose('2\n');
    expect(chosen).toBe('live\u001b[2J');
    expect(shown).toBe('Which alias?\n  1  beta\n  2  live[2J\n1–2: ');
  });

  it.each([
    ['3\n0\nbeta\n1\n', null],
    ['x\n1\n', 'beta'],
    ['', null],
    ['1e0\n', null],
  ])('%j is %s', async (typed, expected) => {
    expect((await choose(typed)).chosen).toBe(expected);
  });
});
