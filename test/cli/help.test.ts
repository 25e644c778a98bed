// Every `--help`: complete, narrow enough, with examples that are understood and files that exist.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../src/cli/command.ts';
import { FIRST_EXAMPLES, VERB_GROUPS } from '../../src/cli/help.ts';
import { COMMANDS } from '../../src/cli/program.ts';
import { shellCommands } from '../docs/shell.ts';
import { runInMemory } from '../support/run-cli.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** The verbs that are fixed by the design; tools rely on them. */
const VERBS = [
  'demo',
  'init',
  'validate',
  'plan',
  'simulate',
  'replay',
  'judge',
  'start',
  'watch',
  'status',
  'why',
  'abort',
  'pause',
  'resume',
  'approve',
  'promote',
  'report',
  'verify',
  'doctor',
  'emergency-stop',
];

/** Understood as ever, and nothing is run. */
const IDLE = COMMANDS.map((command) => ({
  ...command,
  run: async () => ({ code: EXIT.promotedOrClean, data: null, text: '' }),
}));

const EXAMPLES = [...COMMANDS.flatMap(({ examples }) => examples), ...FIRST_EXAMPLES].map((example) => ({
  example,
}));

describe('the verbs', () => {
  it('are those of the design, each once and each in one group', () => {
    const verbs = COMMANDS.map(({ verb }) => verb);
    expect(verbs.toSorted()).toEqual(VERBS.toSorted());
    expect(Object.values(VERB_GROUPS).flat().toSorted()).toEqual(VERBS.toSorted());
  });

  it.each(COMMANDS)(
    '$verb has an example that begins with it, and says what its exit codes mean',
    (command) => {
      expect(command.examples.length).toBeGreaterThan(0);
      for (const example of command.examples) expect(example).toMatch(new RegExp(`^${command.verb}( |$)`));
      expect(command.exitCodes.promotedOrClean).toBeTruthy();
    },
  );
});

describe('the examples', () => {
  it.each(EXAMPLES)('$example is understood', async ({ example }) => {
    const [{ words } = { words: [] }, ...others] = shellCommands(`stepshift ${example}`);
    expect(others).toEqual([]);
    expect(await runInMemory(words.slice(1), { commands: IDLE })).toMatchObject({ code: 0, err: '' });
  });

  it('names files of this repository where it names an example', () => {
    const files = EXAMPLES.flatMap(({ example }) => example.match(/\bexamples\/[\w./-]+/g) ?? []);
    expect(files.length).toBeGreaterThan(5);
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });
});

describe('--help', () => {
  it.each([null, ...VERBS])('of %s', async (verb) => {
    const { code, out, err } = await runInMemory([...(verb === null ? [] : [verb]), '--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out.split('\n').filter((line) => [...line].length > 80)).toEqual([]);
    await expect(out).toMatchFileSnapshot(
      join(import.meta.dirname, 'golden', `help-${verb ?? 'stepshift'}.txt`),
    );
  });

  it('is narrower where the terminal is, and never wider than 80 columns', async () => {
    const widest = async (columns: number) => {
      const { out } = await runInMemory(['plan', '--help'], { columns });
      return Math.max(...out.split('\n').map((line) => [...line].length));
    };
    expect(await widest(60)).toBeLessThanOrEqual(60);
    expect(await widest(300)).toBeLessThanOrEqual(80);
  });
});
