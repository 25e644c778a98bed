// `npm run gameday` as a person meets it: what it refuses, what it asks, what it writes and how it ends.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FoundStack, Identity } from '../../gameday/core/admission.ts';
import { DAY_TAG, ENGINE, FORBID_TAG, SAMPLE_STACK } from '../../gameday/core/names.ts';
import { ResultSchema } from '../../gameday/core/result.ts';
import { EXPERIMENTS } from '../../gameday/experiments/index.ts';
import { folderFiles } from '../../gameday/run/files.ts';
import { runGameDay, type World } from '../../gameday/run/game-day.ts';
import type { Deployment } from '../../gameday/run/site.ts';
import { EXIT } from '../../src/cli/command.ts';
import { InvalidInputError } from '../../src/core/errors.ts';
import { fakeWorld, type Oddities, START_MS } from './fake-world.ts';

const ACCOUNT = '123456789012';
const BOOTSTRAPPED: FoundStack = { name: 'CDKToolkit', tags: {} };
const GO = ['--account', ACCOUNT, '--yes'];
const ONE = ['--only', 'alias-description-rotates'];

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gameday-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Given {
  readonly stacks?: readonly FoundStack[];
  readonly arn?: string;
  readonly answer?: string | null;
  readonly differs?: Partial<Oddities>;
  readonly deploy?: () => Promise<void>;
  readonly areCredentialsFixed?: boolean;
}

async function run(argv: readonly string[], given: Given = {}) {
  const stacks = new Map([BOOTSTRAPPED, ...(given.stacks ?? [])].map((one) => [one.name, one]));
  const identity: Identity = {
    accountId: ACCOUNT,
    arn: given.arn ?? `arn:aws:sts::${ACCOUNT}:assumed-role/Sandbox/ana`,
    region: 'eu-west-2',
  };
  const calls: string[] = [];
  let out = '';
  const remarks: string[] = [];
  const { answer = null } = given;
  const world: World = {
    identify: async () => identity,
    estate: {
      list: async () => [...stacks.values()],
      remove: async (name) => {
        calls.push(`remove ${name}`);
        stacks.delete(name);
      },
      removeLoose: async () => {},
    },
    deployer: {
      deploy: async ({ stacks: names, tags }: Deployment) => {
        calls.push(`deploy ${names.join(' ')}`);
        for (const name of names) stacks.set(name, { name, tags });
        await given.deploy?.();
      },
    },
    portsOf: () => fakeWorld(given.differs).ports,
    files: folderFiles(folder),
    nowMs: () => START_MS,
    newDay: () => 'day-1',
    areCredentialsFixed: given.areCredentialsFixed === true,
    ask: answer === null ? null : async () => answer,
  };
  const io = {
    writeOut: (text: string) => {
      out += text;
    },
    remark: (line: string) => void remarks.push(line),
  };
  let opened = false;
  const openWorld = () => {
    opened = true;
    return world;
  };
  try {
    const code = await runGameDay(argv, io, EXPERIMENTS, openWorld);
    return { code, out, calls, opened, remarks, problems: [] };
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    return {
      code: EXIT.invalidInput,
      out,
      calls,
      opened,
      remarks,
      problems: error.problems.map(({ code }) => code),
    };
  }
}

const resultIn = (file: string) => ResultSchema.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')));

describe('before anything is made', () => {
  it('shows plan and cost in a dry run, and opens nothing', async () => {
    const { code, out, opened } = await run(['--dry-run']);
    expect({ code, opened }).toEqual({ code: EXIT.promotedOrClean, opened: false });
    expect(out).toContain('canary-good');
    expect(out).toMatch(/Cost, estimated: \d+\.\d\d USD/);
  });

  it('helps without opening anything', async () => {
    const { code, out, opened } = await run(['--help']);
    expect({ code, opened }).toEqual({ code: EXIT.promotedOrClean, opened: false });
    expect(out).toContain('--clean');
  });

  it.each<[string, readonly string[], Given, string]>([
    ['without an account', ['--yes'], {}, 'account-not-named'],
    ['of another account', ['--account', '999999999999', '--yes'], {}, 'wrong-account'],
    ['that nobody said yes to', ['--account', ACCOUNT], {}, 'nobody-agreed'],
    [
      'as an identity of production',
      GO,
      { arn: 'arn:aws:sts::1:assumed-role/ProdAdmin/ana' },
      'production-identity',
    ],
    [
      'where a tag forbids it',
      GO,
      { stacks: [{ name: 'A', tags: { [FORBID_TAG]: 'yes' } }] },
      'forbidden-account',
    ],
    [
      'beside production',
      GO,
      { stacks: [{ name: 'A', tags: { Environment: 'production' } }] },
      'forbidden-account',
    ],
    ['beside an engine in use', GO, { stacks: [{ name: 'StepshiftEngine', tags: {} }] }, 'engine-in-use'],
    ['over a stack that is not its own', GO, { stacks: [{ name: ENGINE, tags: {} }] }, 'stack-name-taken'],
    ['over an earlier day', GO, { stacks: [{ name: ENGINE, tags: { [DAY_TAG]: 'day-0' } }] }, 'earlier-day'],
    ['when a person types another account', GO, { answer: 'yes' }, 'nobody-agreed'],
    ['that goes on with a day that is not there', [...GO, '--resume', 'day-9'], {}, 'no-such-day'],
  ])('refuses a day %s', async (_which, argv, given, problem) => {
    const { code, calls, problems } = await run([...argv, ...ONE], given);
    expect(code).toBe(EXIT.invalidInput);
    expect(problems).toContain(problem);
    expect(calls).toEqual([]);
  });

  it('warns of credentials that may not last', async () => {
    const { remarks } = await run(['--account', ACCOUNT, ...ONE], { areCredentialsFixed: true });
    expect(remarks.join()).toMatch(/temporary.*must last for \d+m/);
    expect((await run(['--account', ACCOUNT, ...ONE])).remarks).toEqual([]);
  });

  it('shows who would pay before it refuses', async () => {
    const { out } = await run(['--account', ACCOUNT, ...ONE]);
    expect(out).toContain(`Account   ${ACCOUNT}`);
    expect(out).toContain('eu-west-2');
    expect(out).toContain('assumed-role/Sandbox/ana');
  });
});

describe('a day', () => {
  it('ends with 0 when all is measured and agrees, and leaves nothing but its files', async () => {
    const { code, calls } = await run([...GO, ...ONE], { answer: ACCOUNT });
    expect(code).toBe(EXIT.promotedOrClean);
    expect(calls).toEqual([`deploy ${SAMPLE_STACK}`, `remove ${SAMPLE_STACK}`]);
    expect(readdirSync(folder).sort()).toEqual(['day-1.journal.ndjson', 'day-1.json', 'day-1.md']);
    expect(resultIn('day-1.json')).toMatchObject({
      account: '…9012',
      leftOver: [],
      facts: [{ verdict: 'agrees', samples: 6 }],
    });
  });

  it('ends with 3 when a fact disagrees, and says where the assumption is written', async () => {
    const { code, out } = await run([...GO, ...ONE], { differs: { descriptionKeepsRevision: true } });
    expect(code).toBe(EXIT.rolledBack);
    expect(out).toContain('**disagrees**');
    expect(out).toContain('docs/guarantees.md#what-is-assumed-about-aws');
  });

  it('ends with 1 when a deployment fails, and still removes and writes', async () => {
    const { code, calls } = await run([...GO, ...ONE], {
      deploy: () => Promise.reject(new Error('cdk deploy ended with 1')),
    });
    expect(code).toBe(EXIT.unexpected);
    expect(calls.at(-1)).toBe(`remove ${SAMPLE_STACK}`);
    expect(resultIn('day-1.json').facts).toMatchObject([{ verdict: 'unknown', error: 'not played' }]);
  });

  it('ends with 9 when the credentials run out', async () => {
    const expired = Object.assign(new Error('expired'), { name: 'ExpiredTokenException' });
    const { code } = await run([...GO, ...ONE], { deploy: () => Promise.reject(expired) });
    expect(code).toBe(EXIT.noPermission);
  });

  it('goes on with an earlier day, and never overwrites its result', async () => {
    await run([...GO, ...ONE]);
    const before = readFileSync(join(folder, 'day-1.json'), 'utf8');
    const { code, calls } = await run([...GO, ...ONE, '--resume', 'day-1']);
    expect(code).toBe(EXIT.promotedOrClean);
    expect(calls).toEqual([]);
    expect(readFileSync(join(folder, 'day-1.json'), 'utf8')).toBe(before);
    expect(resultIn('day-1-2.json').facts).toEqual(resultIn('day-1.json').facts);
  });
});

describe('cleaning', () => {
  const stacks = [ENGINE, SAMPLE_STACK].map((name) => ({ name, tags: { [DAY_TAG]: 'day-0' } }));

  it('removes what an earlier day left, and plays nothing', async () => {
    const { code, calls, out } = await run([...GO, '--clean'], { stacks });
    expect(code).toBe(EXIT.promotedOrClean);
    expect(calls).toEqual([`remove ${SAMPLE_STACK}`, `remove ${ENGINE}`]);
    expect(out).toContain('Nothing of a game day is left.');
  });

  it('is possible wherever something is left', async () => {
    const beside = { name: 'StepshiftEngine', tags: {} };
    const { code } = await run([...GO, '--clean'], { stacks: [...stacks, beside] });
    expect(code).toBe(EXIT.promotedOrClean);
  });

  it('asks for the account too', async () => {
    expect((await run(['--clean', '--yes'], { stacks })).problems).toEqual(['account-not-named']);
  });
});
