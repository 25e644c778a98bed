// The GitHub Actions example: no long-lived keys, pinned actions, least permissions, and commands that Stepshift understands.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { EXIT } from '../../src/cli/command.ts';
import { COMMANDS, runCli } from '../../src/cli/program.ts';

const FOLDER = join(import.meta.dirname, '../../examples/pipelines/github-actions');
const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8');

interface Job {
  readonly needs?: string | readonly string[];
  readonly 'timeout-minutes'?: number;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly {
    readonly id?: string;
    readonly uses?: string;
    readonly run?: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly with?: Readonly<Record<string, unknown>>;
  }[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly concurrency: { readonly group: string; readonly 'cancel-in-progress': boolean };
  readonly jobs: Readonly<Record<string, Job>>;
}

const TEXT = read('release.yaml');
const WORKFLOW: Workflow = parse(TEXT);
const JOBS = Object.entries(WORKFLOW.jobs);
const STEPS = JOBS.flatMap(([, { steps }]) => steps);
const ROLE_STEPS = STEPS.filter(({ uses }) => uses?.startsWith('aws-actions/') === true);

describe('the workflow', () => {
  it('gives nothing by default, and to a job only the code and, where it takes the role on, an identity', () => {
    expect(WORKFLOW.permissions).toEqual({});
    const given = JOBS.map(([name, { permissions }]) => [name, permissions]);
    expect(Object.fromEntries(given)).toEqual({
      build: { contents: 'read' },
      publish: { contents: 'read', 'id-token': 'write' },
      rollout: { contents: 'read', 'id-token': 'write' },
      after: undefined,
    });
  });

  it('holds no keys and no secrets: a role is taken on', () => {
    expect(TEXT).not.toMatch(/secrets\.|access-key|AKIA|ASIA/i);
    expect(ROLE_STEPS).toHaveLength(2);
    for (const step of ROLE_STEPS) expect(step.with?.['role-to-assume']).toContain('vars.RELEASE_ROLE_ARN');
  });

  it('pins every action to a commit and says which release that is', () => {
    const lines = TEXT.split('\n').filter((line) => /\buses:/.test(line));
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('puts no value into a script but by the environment', () => {
    const scripts = STEPS.flatMap(({ run }) => run ?? []);
    expect(scripts.length).toBeGreaterThan(0);
    expect(scripts.filter((script) => /\$\{\{/.test(script))).toEqual([]);
  });

  it('runs for what was merged, never for a pull request', () => {
    expect(WORKFLOW.on).toEqual({ push: { branches: ['main'] } });
  });

  it('never cancels a rollout for a newer commit, and ends at some time', () => {
    expect(WORKFLOW.concurrency['cancel-in-progress']).toBe(false);
    for (const [name, job] of JOBS) expect(job['timeout-minutes'], name).toBeGreaterThan(0);
  });

  // every step of a job with `id-token: write` can ask for the token and take the role on, before the step that does
  it('runs nothing of a dependency where it has an identity', () => {
    for (const [name, { permissions, steps }] of JOBS) {
      if (permissions?.['id-token'] === undefined) continue;
      const scripts = steps.flatMap(({ run }) => run ?? []);
      const npm = scripts.flatMap((script) => script.match(/npm \S+.*/g) ?? []);
      for (const command of npm)
        expect(command, name).toMatch(/^npm (ci .*--ignore-scripts$|run -s stepshift )/);
      expect(steps.some(({ uses }) => uses?.startsWith('aws-actions/') === true)).toBe(true);
    }
  });

  it('publishes what the build left, under the name that the script is told', () => {
    const { build, publish } = WORKFLOW.jobs;
    const stepOf = (job: Job | undefined, action: string) =>
      job?.steps.find(({ uses }) => uses?.startsWith(action) === true)?.with;
    const left = stepOf(build, 'actions/upload-artifact');
    const taken = stepOf(publish, 'actions/download-artifact');
    const zip = publish?.steps.find(({ id }) => id === 'publish')?.env?.['ZIP_FILE'];
    expect(publish?.needs).toBe('build');
    expect(taken?.['name']).toBe(left?.['name']);
    // an artifact of one file holds the file without its folders
    expect(zip).toBe(`${taken?.['path']}/${basename(String(left?.['path']))}`);
    expect(left?.['if-no-files-found']).toBe('error');
  });

  it('goes on only after the rollout', () => {
    expect(WORKFLOW.jobs['rollout']?.needs).toBe('publish');
    expect(WORKFLOW.jobs['after']?.needs).toContain('rollout');
  });
});

describe('the command that starts', () => {
  const script = STEPS.map(({ run }) => run ?? '').find((run) => run.includes('stepshift')) ?? '';
  const [, words = ''] = /npm run -s stepshift -- (.+?) \|\|/.exec(script) ?? [];
  const argv = words.replaceAll('"$VERSION"', '42').split(' ');

  it('is understood', async () => {
    const idle = COMMANDS.map((command) => ({
      ...command,
      run: async () => ({ code: EXIT.promotedOrClean, data: null, text: '' }),
    }));
    const io = {
      writeOut: () => {},
      writeErr: () => {},
      isTerminal: { out: false, err: false },
      cwd: FOLDER,
      env: {},
    };
    expect(argv.slice(0, 3)).toEqual(['start', 'checkout', '42']);
    expect(argv).toContain('--wait');
    expect(await runCli(argv, io, idle)).toBe(EXIT.promotedOrClean);
  });

  it('fails the job with the code that it ended with', () => {
    expect(script).toContain('|| code=$?');
    expect(script.trimEnd().endsWith('exit $code')).toBe(true);
    const named = [...script.matchAll(/^\s+(\d+)\)/gm)].map(([, code]) => Number(code));
    const { promotedOrClean, rolledBack, aborted, rejected, watchTimedOut, rollbackIncomplete } = EXIT;
    expect(named).toEqual([
      promotedOrClean,
      rolledBack,
      aborted,
      rejected,
      watchTimedOut,
      rollbackIncomplete,
    ]);
  });

  it('stops watching before its credentials and the job end', () => {
    const hours = Number(argv[argv.indexOf('--timeout') + 1]?.replace('h', ''));
    const sessionSeconds = Number(ROLE_STEPS[1]?.with?.['role-duration-seconds']);
    expect(hours * 3600).toBeLessThan(sessionSeconds);
    expect(hours * 60).toBeLessThan(WORKFLOW.jobs['rollout']?.['timeout-minutes'] ?? 0);
  });
});

describe('the role', () => {
  const [trust] = JSON.parse(read('trust-policy.json')).Statement;
  const permissions: { Action: string | string[]; Resource: string | string[] }[] = JSON.parse(
    read('permissions.json'),
  ).Statement;
  const actions = permissions.flatMap(({ Action }) => Action);

  it('trusts one branch of one repository, by numbers that are never given twice', () => {
    const prefix = 'token.actions.githubusercontent.com';
    expect(trust.Action).toBe('sts:AssumeRoleWithWebIdentity');
    expect(trust.Condition).toEqual({
      StringEquals: {
        [`${prefix}:aud`]: 'sts.amazonaws.com',
        [`${prefix}:sub`]: expect.stringMatching(/^repo:[\w-]+@\d+\/[\w-]+@\d+:ref:refs\/heads\/main$/),
      },
    });
  });

  it('may publish, start and read, and may not move traffic', () => {
    expect(actions.toSorted()).toEqual([
      'cloudformation:DescribeStacks',
      'dynamodb:GetItem',
      'dynamodb:Query',
      'lambda:GetFunctionConfiguration',
      'lambda:PublishVersion',
      'lambda:UpdateFunctionCode',
      'states:DescribeExecution',
      'states:StartExecution',
    ]);
  });

  it('means no resource of everybody', () => {
    for (const resource of permissions.flatMap(({ Resource }) => Resource)) {
      expect(resource).toMatch(/^arn:aws:[a-z]+:eu-west-2:123456789012:.*(checkout|Stepshift)/);
    }
  });
});
