// `stepshift doctor`: exit codes, what people and tools read, and that it looks at files or at what is registered.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { doctorCommand, doctorCommandOn } from '../../../src/cli/commands/doctor.ts';
import type { DoctorReader } from '../../../src/core/doctor-reader.ts';
import { PermissionError } from '../../../src/core/errors.ts';
import { alarm, healthyReader, refused } from '../../support/fake-doctor.ts';
import { type CliWorld, runInMemory } from '../../support/run-cli.ts';
import { tempFolder } from '../../support/temp-folder.ts';

type Change = Partial<DoctorReader>;

function run(change: Change, argv: readonly string[] = [], world: CliWorld = {}) {
  const commands = [doctorCommandOn(async () => ({ ...healthyReader(), ...change }))];
  return runInMemory(['doctor', ...argv], { commands, ...world });
}

async function json(change: Change, argv: readonly string[] = []) {
  const { code, out } = await run(change, [...argv, '--format', 'json']);
  return { code, data: JSON.parse(out) };
}

const withCause = (name: string, message: string) =>
  new PermissionError(`GetCallerIdentity: ${name}`, Object.assign(new Error(message), { name }));
const nothing: Change = Object.fromEntries(
  Object.keys(healthyReader()).map((name) => [name, () => Promise.reject(new Error('connect ETIMEDOUT'))]),
);

/** Ill in every way that a text has to show. */
const ILL: Change = {
  stack: async (name) => (name === 'CDKToolkit' ? null : healthyReader().stack(name)),
  lastSweep: async () => ({ hasTable: true, atMs: null, nowMs: 0 }),
  subscriptions: async () => [
    { severity: 1, protocol: 'email', endpoint: 'team@example.com', isPending: true },
    { severity: 2, protocol: 'sqs', endpoint: 'queue', isPending: false },
  ],
  concurrency: async () => ({ limit: 10, unreserved: 10, wayBackReserved: null }),
  trails: refused('cloudtrail:DescribeTrails'),
  alarms: async (names) => names.map((name) => alarm(name, 'MISSING')),
  alias: async () => ({ alias: { primaryVersion: '41', additionalShares: { 42: 10 } }, owner: null }),
};

describe('a healthy account', () => {
  it('is clean', async () => {
    const { code, out, err } = await run({});
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatchSnapshot();
  });

  it('is one JSON value for tools, and lines that end with what it comes to', async () => {
    const { code, data } = await json({});
    expect(code).toBe(0);
    expect(data).toMatchObject({ canStart: true, engine: 'StepshiftEngine', missingActions: [] });
    expect(data.findings[0]).toEqual({
      check: 'node',
      service: null,
      code: 'node-fits',
      severity: 'ok',
      what: 'Node 24.21.0 runs this.',
      where: 'this machine',
      fix: null,
      command: null,
      missingAction: null,
    });
    const { out } = await run({}, ['--format', 'ndjson']);
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.slice(0, -1)).toEqual(data.findings);
    const { findings: _findings, ...end } = data;
    expect(lines.at(-1)).toEqual(end);
  });
});

describe('an ill account', () => {
  it('is told with every fix, and ends with 5', async () => {
    const { code, out } = await run(ILL);
    expect(code).toBe(5);
    expect(out).toMatchSnapshot();
  });

  it.each([80, 60])('fits into a terminal of %d columns', async (columns) => {
    const { out } = await run(ILL, [], { columns });
    const tooWide = out.split('\n').filter((line) => [...line].length > columns);
    expect(tooWide).toEqual([]);
  });

  it('shows commands that can be copied as they stand', async () => {
    const { out } = await run(ILL);
    const joined = out.replaceAll(/ \\\n\s+/g, ' ');
    const { data } = await json(ILL);
    const commands = data.findings.flatMap(({ command }: { command: string | null }) => command ?? []);
    expect(commands.length).toBeGreaterThan(3);
    for (const command of commands) expect(joined).toContain(`$ ${command}`);
  });

  it('tells the same reason and what to do about it once', async () => {
    const { out } = await run(nothing);
    expect(out.match(/connect ETIMEDOUT/g)).toHaveLength(1);
    expect(out.match(/for the same reason/g)?.length).toBeGreaterThan(5);
    expect(out.match(/Run it again/g)).toHaveLength(1);
  });

  it('has colour for a person only', async () => {
    expect((await run(ILL, [], { isTerminal: true })).out).toContain('\u001b[31m✖');
    expect((await run(ILL, [], { isTerminal: true, env: { NO_COLOR: '1' } })).out).not.toContain('\u001b');
  });

  it('lets no text of AWS drive the terminal', async () => {
    const evil = { ...alarm('x', 'ALARM'), reason: '\u001b[2Jgone' };
    const { out } = await run({ alarms: async () => [evil] });
    expect(out).toContain('[2Jgone');
    expect(out).not.toContain('\u001b');
  });
});

describe('exit codes', () => {
  it('warnings and what was not looked at leave it at 0', async () => {
    const change = { subscriptions: async () => [], trails: refused('cloudtrail:DescribeTrails') };
    const { code, data } = await json(change);
    expect(code).toBe(0);
    expect(data.missingActions).toEqual(['cloudtrail:DescribeTrails']);
    expect(data.counts).toMatchObject({ fail: 0, warn: 2, unknown: 1 });
  });

  it('9 when the engine’s stack may not be seen, since nothing is known then', async () => {
    const { code, data } = await json({ stack: refused('cloudformation:DescribeStacks') });
    expect({ code, canStart: data.canStart }).toEqual({ code: 9, canStart: false });
    expect((await run({ stack: refused('cloudformation:DescribeStacks') })).out).toContain(
      '? The engine could not be looked at',
    );
  });

  it('1 when AWS cannot be reached, with each thing that was not looked at', async () => {
    const { code, data } = await json(nothing);
    expect(code).toBe(1);
    expect(data.counts).toMatchObject({ ok: 0, warn: 0, fail: 0 });
  });

  it.each([
    [
      'no credentials at all',
      withCause('CredentialsProviderError', 'Could not load credentials from any providers'),
    ],
    ['an expired token', withCause('ExpiredToken', 'The security token included in the request is expired')],
  ])('9 with one message for %s', async (_what, error) => {
    const asked: string[] = [];
    const change: Change = {
      identity: () => Promise.reject(error),
      stack: async (name) => {
        asked.push(name);
        return null;
      },
    };
    const { code, out, err } = await run(change);
    expect({ code, err, asked }).toEqual({ code: 9, err: '', asked: [] });
    expect(out.match(/[✖!?]/gu)).toEqual(['✖']);
    expect(out).toContain('fix: Log in');
    expect((await json(change)).data.findings).toMatchObject([{ code: 'credentials-missing' }]);
  });

  it('9 with one message without a Region', async () => {
    const { code, data } = await json({ region: () => Promise.reject(new Error('Region is missing')) });
    expect(code).toBe(9);
    expect(data.findings).toMatchObject([{ code: 'no-region', severity: 'fail' }]);
  });

  it('does not take a name server that fails for missing credentials', async () => {
    const { code, data } = await json({ identity: () => Promise.reject(new Error('getaddrinfo EAI_AGAIN')) });
    expect(code).toBe(0);
    expect(data.findings).toContainEqual(
      expect.objectContaining({ check: 'credentials', severity: 'unknown' }),
    );
  });
});

describe('services', () => {
  const files = {
    'checkout.yaml': 'service: checkout\ntarget: { lambdaAlias: { function: other-api, alias: live } }\n',
    'wrong.yaml': 'service: B!\ntarget: { lambdaAlias: { function: f, alias: live } }\n',
  };
  const services = (data: { findings: { service: string | null }[] }) => [
    ...new Set(data.findings.flatMap(({ service }) => service ?? [])),
  ];

  it('are those that are registered, without files', async () => {
    expect(services((await json({})).data)).toEqual(['checkout', 'shop']);
  });

  it('are those of the files, with files', async () => {
    using folder = tempFolder(files);
    const { code, out } = await run({}, ['checkout.yaml', '--format', 'json'], { cwd: folder.path });
    const data = JSON.parse(out);
    expect({ code, services: services(data) }).toEqual({ code: 0, services: ['checkout'] });
    expect(data.findings).toContainEqual(
      expect.objectContaining({ code: 'service-differs', where: 'checkout.yaml' }),
    );
  });

  it('with a mistake in a file end it with 2 before anything is asked', async () => {
    using folder = tempFolder(files);
    const { code, err } = await run(nothing, ['wrong.yaml', 'none.yaml'], { cwd: folder.path });
    expect(code).toBe(2);
    expect(err).toContain('wrong.yaml:1:');
    expect(err).toContain('none.yaml');
  });

  it('whose record is gone, or cannot be read, are told and keep no other from being looked at', async () => {
    const { service } = healthyReader();
    const gone = await json({ service: async (name) => (name === 'shop' ? null : service(name)) });
    expect(gone.code).toBe(5);
    expect(gone.data.findings).toContainEqual(
      expect.objectContaining({ service: 'shop', code: 'service-unregistered' }),
    );
    const unread = await json({ service: refused('dynamodb:GetItem') });
    expect(unread.data.counts).toMatchObject({ unknown: 2, fail: 0 });
  });

  it('are asked a few at a time', async () => {
    let running = 0;
    let most = 0;
    const names = Array.from({ length: 20 }, (_unused, index) => `checkout-${index}`);
    const { service } = healthyReader();
    await json({
      services: async () => names,
      service: () => service('checkout'),
      alias: async () => {
        running += 1;
        most = Math.max(most, running);
        await Promise.resolve();
        running -= 1;
        return { alias: null, owner: null };
      },
    });
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
  });
});

describe('without AWS', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('says at once that there is no Region', async () => {
    for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_PROFILE']) vi.stubEnv(name, undefined);
    vi.stubEnv('AWS_CONFIG_FILE', '/nonexistent/config');
    const { code, out } = await runInMemory(['doctor'], { commands: [doctorCommand] });
    expect(code).toBe(9);
    expect(out).toContain('AWS_REGION');
  });
});
