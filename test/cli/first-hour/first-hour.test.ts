// What is printed for the mistakes of a first hour, word by word, with the exit code: one file each under golden/.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { shellWord } from '../../../src/cli/shell-lines.ts';
import { type CliRun, runInMemory } from '../../support/run-cli.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { ENGINE_CASES, judgeBrokenLine, runWithEngine } from './engine-cases.ts';
import { FILE_CASES, type FileCase, SCENARIO } from './file-cases.ts';

const WITHOUT_CREDENTIALS = [
  ['start-without-credentials', ['start', 'checkout', '42']],
  ['status-without-credentials', ['status']],
  ['doctor-without-credentials', ['doctor']],
] as const;

const WITHOUT_REGION = [
  ['start-without-region', ['start', 'checkout', '42']],
  ['doctor-without-region', ['doctor']],
] as const;

const ALONE = ['report-into-a-read-only-folder', 'judge-broken-line', 'engine-not-deployed'] as const;

/** How often it is told depends on how fast the machine is. */
const PROGRESS = /^simulating … .*\n/gm;

/** As somebody sees it who types the line. Remarks come while it works, so before the result. */
function screen(argv: readonly string[], { code, out, err }: CliRun): string {
  const words = argv.map(shellWord);
  return `$ ${['stepshift', ...words].join(' ')}\n${err.replace(PROGRESS, '')}${out}exit code ${code}\n`;
}

async function shown(name: string, argv: readonly string[], run: CliRun): Promise<void> {
  await expect(screen(argv, run)).toMatchFileSnapshot(`golden/${name}.txt`);
}

describe('without AWS', () => {
  it.each(FILE_CASES)('$name', async ({ name, argv, files = {} }: FileCase) => {
    using folder = tempFolder(files);
    await shown(name, argv, await runInMemory(argv, { cwd: folder.path }));
  });

  // a file system that takes no files from anybody, not even from root
  it.runIf(process.platform === 'linux')('report-into-a-read-only-folder', async () => {
    using folder = tempFolder(SCENARIO);
    const argv = ['simulate', '.', '--report', '/proc/report.html'];
    await shown('report-into-a-read-only-folder', argv, await runInMemory(argv, { cwd: folder.path }));
  });

  it('judge-broken-line', async () => {
    await shown('judge-broken-line', ['judge'], await judgeBrokenLine());
  });
});

describe('with an engine', () => {
  it.each(ENGINE_CASES)('$name', async (one) => {
    await shown(one.name, one.argv, await runWithEngine(one));
  });
});

describe('on the way to AWS', () => {
  const NOWHERE = '/nonexistent/stepshift';

  function withoutAws(region: string | undefined): void {
    for (const name of ['AWS_PROFILE', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']) {
      vi.stubEnv(name, undefined);
    }
    for (const name of ['AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI']) {
      vi.stubEnv(name, undefined);
    }
    vi.stubEnv('AWS_CONTAINER_CREDENTIALS_FULL_URI', undefined);
    vi.stubEnv('AWS_CONFIG_FILE', NOWHERE);
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', NOWHERE);
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    vi.stubEnv('AWS_REGION', region);
    vi.stubEnv('AWS_DEFAULT_REGION', undefined);
  }

  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it.each(WITHOUT_CREDENTIALS)('%s', async (name, argv) => {
    withoutAws('eu-west-2');
    await shown(name, argv, await runInMemory(argv));
  });

  it.each(WITHOUT_REGION)('%s', async (name, argv) => {
    withoutAws(undefined);
    await shown(name, argv, await runInMemory(argv));
  });

  it('engine-not-deployed', async () => {
    withoutAws('eu-west-2');
    const stacks = mockClient(CloudFormationClient);
    // what CloudFormation answers for a stack that is not there
    const absent = Object.assign(new Error('Stack with id StepshiftEngine does not exist'), {
      name: 'ValidationError',
    });
    stacks.on(DescribeStacksCommand).rejects(absent);
    await shown('engine-not-deployed', ['status'], await runInMemory(['status']));
    stacks.restore();
  });
});

it('has no file of a mistake that nobody makes any more', () => {
  const names = [
    ...[...FILE_CASES, ...ENGINE_CASES].map(({ name }) => name),
    ...[...WITHOUT_CREDENTIALS, ...WITHOUT_REGION].map(([name]) => name),
    ...ALONE,
  ];
  const files = readdirSync(join(import.meta.dirname, 'golden'));
  expect(files.toSorted()).toEqual(names.map((name) => `${name}.txt`).toSorted());
});
