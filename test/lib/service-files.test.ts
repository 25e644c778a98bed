// The folder of service files: every mistake in it is told with its file and its fix, before anything is deployed.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { propsOfServices, readServiceFiles } from '../../lib/service-files.ts';
import { InvalidInputError, type Problem } from '../../src/core/errors.ts';
import { BASE_RULE, BLUE, GREEN } from '../contracts/alb-driver.ts';
import { serviceSpec } from './synth.ts';

const root = mkdtempSync(join(tmpdir(), 'stepshift-folder-'));
let folder = root;
let count = 0;
afterAll(() => rmSync(root, { recursive: true }));

beforeEach(() => {
  count += 1;
  folder = join(root, String(count));
  mkdirSync(folder);
});

const ON_ALIAS = 'target: { lambdaAlias: { function: shop-api, alias: live } }\n';
const ON_RULE = `target:\n  alb:\n    listenerRule: ${BASE_RULE}\n    slots: { blue: ${BLUE}, green: ${GREEN} }\n`;

function write(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

async function problemsIn(path: string): Promise<readonly Problem[]> {
  const refused = await readServiceFiles(path).then(
    () => null,
    (error: unknown) => error,
  );
  expect(refused).toBeInstanceOf(InvalidInputError);
  const { problems } = refused as InvalidInputError;
  for (const problem of problems) expect(Object.values(problem)).not.toContain('');
  return problems;
}

describe('a folder of service files', () => {
  it('is read by file name, and other files are left alone', async () => {
    const [b, a] = [write('b.yaml', `service: one\n${ON_ALIAS}`), write('a.yml', `service: two\n${ON_RULE}`)];
    write('README.md', '# ours');
    const found = await readServiceFiles(folder);
    expect(found.map(({ spec, serviceFile }) => [spec.service, serviceFile])).toEqual([
      ['two', a],
      ['one', b],
    ]);
  });

  it.each([
    ['alias', ON_ALIAS, 'shop-api:live'],
    ['listener rule', ON_RULE, 'shop rule 9683b2d02a6cabee'],
  ])('is refused when two services want one %s', async (_kind, target, label) => {
    const [a, b] = [write('a.yaml', `service: a\n${target}`), write('b.yaml', `service: b\n${target}`)];
    expect(await problemsIn(folder)).toEqual([
      {
        code: 'shared-target',
        what: `a (${a}) moves the traffic of ${label} already`,
        where: b,
        got: label,
        allowed: 'one service a target',
        fix: `Name another target in ${b} or ${a}, or remove one of them`,
      },
    ]);
  });

  it('is refused when two files register one service', async () => {
    const [a, b] = [
      write('a.yaml', `service: shop\n${ON_ALIAS}`),
      write('b.yaml', `service: shop\n${ON_RULE}`),
    ];
    expect(await problemsIn(folder)).toMatchObject([
      { code: 'duplicate-service', where: b, fix: expect.stringContaining(a) },
    ]);
  });

  it('is refused when it names a file that is not there', async () => {
    write('a.yaml', `service: a\n${ON_ALIAS}`);
    const gone = join(folder, 'gone.yaml');
    symlinkSync(join(folder, 'nowhere.yaml'), gone);
    mkdirSync(join(folder, 'sub.yaml'));
    expect(await problemsIn(folder)).toMatchObject([
      { code: 'unreadable-file', where: gone, got: 'there is no such file' },
      { code: 'unreadable-file', where: join(folder, 'sub.yaml'), got: 'it is not a file but a folder' },
    ]);
  });

  it('is refused when it is not there, is a file, or holds no service file', async () => {
    const file = write('a.yaml', `service: a\n${ON_ALIAS}`);
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    const fix = expect.stringContaining('-c services=FOLDER');
    for (const [path, code, got] of [
      [join(folder, 'gone'), 'unreadable-folder', 'ENOENT'],
      [file, 'unreadable-folder', 'a file'],
      [empty, 'no-service-files', 'no name that ends in .yaml or .yml'],
    ] as const) {
      expect(await problemsIn(path)).toMatchObject([{ code, where: path, got, fix }]);
    }
  });
});

describe('the name of a file in a template', () => {
  it.each([
    ['services/a.yaml', 'services/a.yaml'],
    ['/home/me/app/services/a.yaml', 'services/a.yaml'],
    // what lies elsewhere lies elsewhere on every machine
    ['/somewhere/else/a.yaml', 'a.yaml'],
    ['../shared/a.yaml', 'a.yaml'],
  ])('%s is %s on every machine', (file, name) => {
    const claims = [{ spec: serviceSpec('a'), serviceFile: file }];
    const { specs, serviceFiles } = propsOfServices(claims, '/home/me/app');
    expect([specs, serviceFiles.get('a')]).toEqual([[serviceSpec('a')], name]);
  });
});
