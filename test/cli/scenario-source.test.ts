// A scenario that cannot be played is told by the name that was typed.
import { expect, test } from 'vitest';
import { runInMemory } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';

const SERVICE = 'service: shop\ntarget: { lambdaAlias: { function: shop, alias: live, interface: event } }\n';

async function problems(path: string, files: Readonly<Record<string, string>>) {
  using folder = tempFolder(files);
  const { code, out } = await runInMemory(['simulate', path, '--format', 'json'], { cwd: folder.path });
  expect(code).toBe(2);
  return JSON.parse(out).error.problems;
}

test('a path that is not there is told once, as it was typed', async () => {
  expect(await problems('nope', {})).toMatchObject([
    { code: 'unreadable-file', what: 'nope does not exist' },
  ]);
});

test('files that are missing in the folder are named from where the person stands', async () => {
  expect(await problems('play', { 'play/other.txt': '' })).toMatchObject([
    { where: 'play/service.yaml' },
    { where: 'play/scenario.yaml' },
  ]);
});

test('a version that was written as a number is to be quoted', async () => {
  const scenario = 'description: x\nversion: 42\ntraffic: { constant: 600 }\n';
  const files = { 'a/service.yaml': SERVICE, 'a/scenario.yaml': scenario };
  expect(await problems('a', files)).toMatchObject([{ where: 'a/scenario.yaml:2:10', fix: 'Write "42"' }]);
});

test('an anchor that holds itself is refused with its place', async () => {
  const files = { 'a/service.yaml': 'service: &s [*s]\n', 'a/scenario.yaml': 'description: &d { x: *d }\n' };
  expect(await problems('a', files)).toMatchObject([
    { code: 'not-yaml', where: 'a/service.yaml:1:14' },
    { code: 'not-yaml', where: 'a/scenario.yaml:1:22' },
  ]);
});
