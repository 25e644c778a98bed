// What people give a command by mistake, over all verbs: one clear message, the right exit code, nothing printed as data and
// nothing left behind.
import { chmodSync, mkdirSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import { COMMANDS } from '../../src/cli/program.ts';
import { type CliWorld, runInMemory } from '../support/run-cli.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';

const EXAMPLES = join(process.cwd(), 'examples');
const SERVICE = join(EXAMPLES, 'replay/service.yaml');
const RECORDING = join(EXAMPLES, 'replay/good.jsonl');

/** Arguments without which the verb does not get far. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  init: ['checkout', '--function', 'checkout-api', '--alias', 'live'],
  validate: [SERVICE],
  plan: [SERVICE],
  simulate: [join(EXAMPLES, 'healthy')],
  replay: [RECORDING, '--service', SERVICE],
  start: ['checkout', '42'],
  watch: ['r1'],
  status: ['r1'],
  why: ['r1'],
  abort: ['r1', '-m', 'why'],
  pause: ['r1'],
  resume: ['r1'],
  approve: ['r1'],
  promote: ['r1'],
  report: ['r1'],
  verify: ['r1'],
  doctor: [],
  'emergency-stop': ['--function', 'checkout-api', '--alias', 'live'],
};

/** One problem, no data, no stack. */
async function refused(argv: readonly string[], world: CliWorld = {}) {
  const { code, out, err } = await runInMemory(argv, world);
  expect(out).toBe('');
  expect(err).not.toMatch(/\n\s+at /);
  const slugs = err.match(/^[a-z][a-z0-9-]+(?= {2})/gm) ?? [];
  return { code, slugs };
}

describe('flags', () => {
  it.each(COMMANDS)('$verb refuses an option that it does not have', async ({ verb }) => {
    const argv = [verb, ...(NEEDED[verb] ?? []), '--no-such-option'];
    expect(await refused(argv)).toEqual({ code: 2, slugs: ['wrong-usage'] });
  });

  it.each(COMMANDS)('$verb refuses a format that there is not', async ({ verb }) => {
    const argv = [verb, ...(NEEDED[verb] ?? []), '--format', 'xml'];
    expect(await refused(argv)).toEqual({ code: 2, slugs: ['wrong-usage'] });
  });

  const NO_MORE = COMMANDS.filter(({ verb }) => !['validate', 'doctor'].includes(verb));
  it.each(NO_MORE)('$verb refuses a word too many', async ({ verb }) => {
    const argv = [verb, ...(NEEDED[verb] ?? []), 'and', 'more'];
    expect(await refused(argv)).toEqual({ code: 2, slugs: ['wrong-usage'] });
  });

  it.each([
    ['init'],
    ['validate'],
    ['plan'],
    ['simulate'],
    ['replay'],
    ['replay', RECORDING],
    ['start'],
    ['start', 'checkout'],
    ['abort', 'r1'],
    ['pause'],
    ['resume'],
    ['approve'],
    ['promote'],
    ['report'],
    ['verify'],
  ])('%s %s lacks something', async (...argv) => {
    expect(await refused(argv)).toEqual({ code: 2, slugs: ['wrong-usage'] });
  });

  it.each<[string, readonly string[]]>([
    ['what-to-stop', ['emergency-stop']],
    ['what-to-stop', ['emergency-stop', SERVICE, '--rule', 'x', '--function', 'f', '--alias', 'a']],
    ['wrong-usage', ['replay', RECORDING, '--history', EXAMPLES, '--service', SERVICE]],
    ['wrong-usage', ['replay', '--history', EXAMPLES, '--weights', '5%@09:00', '--service', SERVICE]],
    ['wrong-usage', ['verify', 'r1', '--file', 'a.json']],
    ['wrong-usage', ['verify', '--file', 'a.json', '--save', 'b.json']],
    ['wrong-usage', ['report', 'r1', '--file', 'a.json']],
    ['wrong-usage', ['why', 'r1', '--file', 'a.json']],
    ['wrong-usage', ['status', 'r1', '--past']],
    ['wrong-usage', ['status', '--limit', '3']],
    ['wrong-usage', ['start', 'checkout', '42', '--timeout', '1h']],
    ['wrong-usage', ['simulate', join(EXAMPLES, 'healthy'), '--report', 'a', '--audit', 'a']],
    ['target-not-named', ['init', 'checkout']],
    ['wrong-option', ['plan', SERVICE, '--requests-per-minute', 'many']],
    ['wrong-option', ['plan', SERVICE, '--error-rate', '150%']],
    ['wrong-option', ['simulate', join(EXAMPLES, 'healthy'), '--seed', '-1']],
    ['wrong-option', ['approve', 'r1', '--stage', '0']],
    ['wrong-option', ['abort', 'r1', '-m', ' ']],
    ['wrong-name', ['start', 'Checkout', '42']],
    ['wrong-name', ['watch', 'a b']],
    ['wrong-usage', ['validate', '']],
    ['wrong-usage', ['simulate', '']],
    ['wrong-usage', ['why', '']],
    ['wrong-usage', ['plan', 'service.yaml', '--explain', '--write-out']],
    ['wrong-name', ['report', '../r1']],
  ])('%s: %j', async (slug, argv) => {
    expect(await refused(argv)).toEqual({ code: 2, slugs: [slug] });
  });

  it('a verb that is nearly right is named', async () => {
    const { code, err } = await runInMemory(['simulat', 'examples/healthy']);
    expect(code).toBe(2);
    expect(err).toContain('Did you mean simulate?');
  });
});

describe('files', () => {
  /** How each verb is given a file. */
  const READS: readonly (readonly [string, (file: string) => readonly string[]])[] = [
    ['validate', (file) => ['validate', file]],
    ['plan', (file) => ['plan', file]],
    ['simulate', (file) => ['simulate', file]],
    ['replay', (file) => ['replay', file, '--service', SERVICE]],
    ['replay --service', (file) => ['replay', RECORDING, '--service', file]],
    ['doctor', (file) => ['doctor', file]],
    ['emergency-stop', (file) => ['emergency-stop', file]],
    ['verify --file', (file) => ['verify', '--file', file]],
    ['why --file', (file) => ['why', '--file', file]],
    ['report --file', (file) => ['report', '--file', file]],
  ];
  const FILES: Readonly<Record<string, (path: string) => void>> = {
    'that is not there': () => {},
    'that is a folder': (path) => mkdirSync(path),
    'that is binary': (path) => writeFileSync(path, new Uint8Array([0xff, 0xfe, 0x00, 0x80])),
    'that is empty': (path) => writeFileSync(path, ''),
    'without end': (path) => {
      writeFileSync(path, '{');
      truncateSync(path, 600 * 1024 * 1024);
    },
  };
  const CASES = READS.flatMap(([name, argv]) => Object.keys(FILES).map((kind) => ({ name, argv, kind })));

  it.each(CASES)('$name of a file $kind', async ({ argv, kind }) => {
    using folder = tempFolder({});
    FILES[kind]?.(join(folder.path, 'file.yaml'));
    const { code, slugs } = await refused(argv('file.yaml'), { cwd: folder.path });
    expect(code).toBe(2);
    expect(slugs.length).toBeGreaterThan(0);
    expect(left(folder)).toEqual([]);
  });

  it.skipIf(process.getuid?.() === 0).each(READS)('%s of a file that is protected', async (_name, argv) => {
    using folder = tempFolder({ 'file.yaml': 'a: b' });
    chmodSync(join(folder.path, 'file.yaml'), 0);
    expect(await refused(argv('file.yaml'), { cwd: folder.path })).toMatchObject({ code: 2 });
  });

  it.each([
    ['simulate', join(EXAMPLES, 'healthy'), '--report'],
    ['simulate', join(EXAMPLES, 'healthy'), '--audit'],
  ])('%s %s %s into a folder that is not there', async (...argv) => {
    using folder = tempFolder({});
    const { code, err } = await runInMemory([...argv, 'no/such/folder/file'], { cwd: folder.path });
    expect(code).toBe(2);
    expect(err).toMatch(/^unwritable-file {2}/m);
    expect(left(folder)).toEqual([]);
  });

  function left(folder: TempFolder): readonly string[] {
    return readdirSync(folder.path).filter((name) => name !== 'file.yaml');
  }
});

describe('a terminal of one column', () => {
  test.each([
    ['validate', SERVICE],
    ['plan', SERVICE, '--requests-per-minute', '600'],
    ['plan', SERVICE, '--explain'],
    ['simulate', join(EXAMPLES, 'error-spike')],
    ['replay', join(EXAMPLES, 'replay/bad.jsonl'), '--service', SERVICE],
    ['--help'],
    ['start', '--help'],
  ])('%s %s is readable all the same', async (...argv) => {
    const { code, err } = await runInMemory(argv, { columns: 1, isTerminal: true });
    expect(err).not.toContain('unexpected');
    expect(code).not.toBe(1);
  });
});

describe('without AWS', () => {
  const ASKING = COMMANDS.filter(
    ({ verb }) =>
      !['demo', 'validate', 'plan', 'simulate', 'replay', 'judge', 'init', 'doctor'].includes(verb),
  );

  beforeEach(() => {
    for (const name of [
      'AWS_REGION',
      'AWS_DEFAULT_REGION',
      'AWS_PROFILE',
      'AWS_ACCESS_KEY_ID',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_SESSION_TOKEN',
      'HOME',
    ])
      vi.stubEnv(name, undefined);
    vi.stubEnv('AWS_CONFIG_FILE', '/dev/null');
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null');
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it.each(ASKING)('$verb says that no Region is known', async ({ verb }) => {
    using folder = tempFolder({});
    const { code, out, err } = await runInMemory([verb, ...(NEEDED[verb] ?? [])], { cwd: folder.path });
    expect({ code, out }).toEqual({ code: 9, out: '' });
    expect(err).toMatch(/^no-region {2}/m);
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it.each(ASKING)('$verb says that there are no credentials', async ({ verb }) => {
    vi.stubEnv('AWS_REGION', 'eu-west-2');
    using folder = tempFolder({});
    const { code, out, err } = await runInMemory([verb, ...(NEEDED[verb] ?? [])], { cwd: folder.path });
    expect({ code, out }).toEqual({ code: 9, out: '' });
    expect(err).toMatch(/^credentials-missing {2}/m);
    expect(err).toContain('Fix:');
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('init and doctor say so too, and init writes nothing', async () => {
    using folder = tempFolder({});
    const asked = ['init', 'checkout', '--function', 'checkout-api'];
    expect((await runInMemory(asked, { cwd: folder.path })).code).toBe(9);
    vi.stubEnv('AWS_REGION', 'eu-west-2');
    expect((await runInMemory(asked, { cwd: folder.path })).code).toBe(9);
    expect((await runInMemory(['doctor'], { cwd: folder.path })).code).toBe(9);
    expect(readdirSync(folder.path)).toEqual([]);
  });
});
