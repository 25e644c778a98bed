// Where a report cannot go is told with what is wrong about that place.
import { expect, test } from 'vitest';
import { runInMemory } from '../support/run-cli.ts';
import { tempFolder } from '../support/temp-folder.ts';

const SERVICE =
  'service: shop\ntarget: { lambdaAlias: { function: shop, alias: live, interface: event } }\nstages: quick\n';
const SCENARIO = 'description: x\nversion: "2"\ntraffic: { constant: 600 }\n';

test.each([
  ['', 'the report "" cannot be written: it has no name'],
  ['.', 'the report . cannot be written: it is a folder'],
  ['a/b/c.html', 'its folder lies in a folder that does not exist'],
  ...(process.platform === 'linux' ? [['/proc/x.html', 'its folder takes no new files']] : []),
])('a report named %j is refused', async (path = '', words = '') => {
  using folder = tempFolder({ 'service.yaml': SERVICE, 'scenario.yaml': SCENARIO });
  const { code, err } = await runInMemory(['simulate', '.', '--report', path], { cwd: folder.path });
  expect(code).toBe(2);
  expect(err).toContain(words);
});
