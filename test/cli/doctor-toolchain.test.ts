// Which CDK command line the doctor finds: the project's, one above it, or the one on the PATH.
import { mkdirSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readToolchain } from '../../src/cli/doctor-toolchain.ts';
import { tempFolder } from '../support/temp-folder.ts';

const pkg = (version: string, name = 'aws-cdk') => JSON.stringify({ name, version });

describe('the CDK command line', () => {
  it('is the project’s own, also from a folder below, before the one on the PATH', async () => {
    using folder = tempFolder({
      'project/node_modules/aws-cdk/package.json': pkg('2.1148.1'),
      'project/services/checkout.yaml': '',
      'global/aws-cdk/package.json': pkg('3.0.0'),
      'global/aws-cdk/bin/cdk': '',
    });
    const PATH = join(folder.path, 'global/aws-cdk/bin');
    const { cdk } = await readToolchain(join(folder.path, 'project/services'), { PATH });
    expect(cdk).toEqual({
      version: '2.1148.1',
      path: join(folder.path, 'project/node_modules/aws-cdk'),
    });
  });

  it('is the one on the PATH, through its link', async () => {
    using folder = tempFolder({
      'lib/aws-cdk/package.json': pkg('3.0.0'),
      'lib/aws-cdk/bin/cdk': '',
      'lib/aws-cdk/bin/package.json': '{"type":"module"}',
      'other/cdk': '',
    });
    mkdirSync(join(folder.path, 'bin'));
    symlinkSync(join(folder.path, 'lib/aws-cdk/bin/cdk'), join(folder.path, 'bin/cdk'));
    // what is called cdk and is another program is passed over
    const PATH = ['', '/nonexistent', join(folder.path, 'other'), join(folder.path, 'bin')].join(delimiter);
    const { cdk } = await readToolchain(folder.path, { PATH });
    expect(cdk).toMatchObject({ version: '3.0.0' });
  });

  it.each([
    ['is missing', {}],
    ['is broken', { 'node_modules/aws-cdk/package.json': '{' }],
    ['is another package', { 'node_modules/aws-cdk/package.json': pkg('1.0.0', 'else') }],
  ])('%s', async (_what, files) => {
    using folder = tempFolder({ 'a.txt': '', ...files });
    expect((await readToolchain(folder.path, {})).cdk).toBeNull();
  });
});

it('tells the Node that runs', async () => {
  expect((await readToolchain('/', {})).nodeVersion).toBe(process.versions.node);
});
