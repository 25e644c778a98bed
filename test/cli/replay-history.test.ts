// `stepshift replay --history`: the figures of many rollouts, progress, and files that are broken.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../support/architecture.ts';
import { fakeScreen } from '../support/fake-screen.ts';
import { runInMemory } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';

const HISTORY = [
  '--history',
  'examples/replay/history',
  '--service',
  'examples/replay/service.yaml',
] as const;
const run = (...argv: readonly string[]) => runInMemory(['replay', ...HISTORY, ...argv], { cwd: ROOT });
const example = (name: string): string => readFileSync(join(ROOT, 'examples/replay', name), 'utf8');

describe('a folder of recordings', () => {
  test('is counted: good, bad and those that nobody knows of', async () => {
    const { code, out } = await run('--format', 'json');
    expect(code).toBe(0);
    const answer = JSON.parse(out);
    expect(answer).toMatchObject({
      service: 'checkout',
      asIs: {
        rollouts: 6,
        good: { rollouts: 2, falseRollbacks: 0 },
        bad: { rollouts: 3, detected: 3, missed: 0, detectSeconds: { median: expect.any(Number) } },
        unknown: { rollouts: 1, outcomes: { PROMOTED: 1 } },
      },
      whatIf: null,
      broken: [],
    });
    expect(answer.recordings).toHaveLength(6);
    expect(answer.recordings[5].asIs).toMatchObject({ name: 'checkout-48', truth: null, judged: null });
  });

  test('is told as its golden file says, with what would change', async () => {
    const { out, code } = await run(
      '--what-if',
      'checks.errors.tolerance=x4',
      '--what-if',
      'checks.errors.floor=0.5%',
    );
    await expect(`${out}\nexit ${code}\n`).toMatchFileSnapshot(
      join(import.meta.dirname, 'golden/replay-history.txt'),
    );
  });

  test('comes as a line a rollout and the summary as ndjson', async () => {
    const { out } = await run('--what-if', 'checks.errors.floor=0.5%', '--format', 'ndjson');
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toHaveLength(7);
    expect(lines[0]).toMatchObject({ asIs: { truth: 'good' }, whatIf: { truth: 'good' } });
    expect(lines[6]).toMatchObject({ asIs: { rollouts: 6 }, whatIf: { rollouts: 6 } });
  });
});

describe('progress', () => {
  const files = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`d/${String(index).padStart(3, '0')}.jsonl`, GOOD]),
    );
  const GOOD = example('good.jsonl');
  const argv = ['replay', '--history', 'd', '--service', 'service.yaml'];

  test('is a line at every tenth where nobody looks', async () => {
    using folder = tempFolder({ ...files(25), 'service.yaml': example('service.yaml') });
    const { err } = await runInMemory(argv, { cwd: folder.path });
    expect(err.split('\n')).toEqual([
      ...[3, 5, 8, 10, 13, 15, 18, 20, 23, 25].map((done) => `replayed ${done} of 25 files`),
      '',
    ]);
  });

  test('is one line that is written anew on a terminal', async () => {
    using folder = tempFolder({ ...files(3), 'service.yaml': example('service.yaml') });
    const { err } = await runInMemory(argv, { cwd: folder.path, isTerminal: true, screen: fakeScreen() });
    const anew = '\u001b[1A\u001b[2K';
    expect(err).toBe(`replayed 1 of 3 files\n${anew}replayed 2 of 3 files\n${anew}replayed 3 of 3 files\n`);
  });
});

describe('broken files', () => {
  test('are named, counted and left out as a whole; the exit code says so in the end', async () => {
    using folder = tempFolder({
      'd/a.jsonl': example('good.jsonl'),
      // its first rollout is fine, its second is not
      'd/b.jsonl': `${example('good.jsonl')}${example('bad.jsonl').replace('"errors":', '"error":')}`,
      'd/c.jsonl': 'hello\n',
      'd/d.jsonl': '',
      'd/e.jsonl': '\n \n',
      'd/notes.txt': 'not asked for',
      'service.yaml': example('service.yaml'),
    });
    const argv = ['replay', '--history', 'd', '--service', 'service.yaml'];
    const { code, out, err } = await runInMemory(argv, { cwd: folder.path });
    expect(code).toBe(2);
    expect(out).toContain('checkout over 1 recorded rollout of d; left out as broken: 4 files');
    expect(err).toContain('d/b.jsonl is left out: there is no key error');
    expect(err).toContain('d/b.jsonl:42');
    expect(err).toContain('d/c.jsonl is left out: this line is not JSON');
    expect(err).toContain('d/d.jsonl is left out: d/d.jsonl cannot be replayed: it holds no rollout');
    const { broken, asIs } = JSON.parse(
      (await runInMemory([...argv, '--format', 'json'], { cwd: folder.path })).out,
    );
    expect(asIs.rollouts).toBe(1);
    expect(broken).toMatchObject([
      { file: 'd/b.jsonl', problems: [{ code: 'unknown-key' }] },
      { file: 'd/c.jsonl', problems: [{ code: 'not-json' }] },
      { file: 'd/d.jsonl', problems: [{ code: 'no-recording' }] },
      { file: 'd/e.jsonl', problems: [{ code: 'no-recording' }] },
    ]);
  });

  test.each([
    ['a folder that is not there', 'nope'],
    ['a folder without recordings', 'empty'],
    ['a file', 'service.yaml'],
  ])('%s is refused', async (_what, path) => {
    using folder = tempFolder({ 'empty/x.txt': '', 'service.yaml': example('service.yaml') });
    const { code, out, err } = await runInMemory(['replay', '--history', path, '--service', 'service.yaml'], {
      cwd: folder.path,
    });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(path);
  });
});
