// Every row of the doctor's tables: what it makes of each reading, and that whatever is wrong comes with its fix.
import { describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { type DoctorRow, type Finding, NothingToRead, row, summarise } from '../../src/core/doctor.ts';
import { ACCOUNT_CHECKS } from '../../src/core/doctor-account-checks.ts';
import { ENGINE_CHECKS } from '../../src/core/doctor-engine-checks.ts';
import type { DoctorReader, SubscriptionReading } from '../../src/core/doctor-reader.ts';
import { RECORD_CHECK, SERVICE_CHECKS } from '../../src/core/doctor-service-checks.ts';
import { TESTED_CDK_CLI } from '../../src/core/doctor-tools.ts';
import { RejectedError } from '../../src/core/errors.ts';
import { BLUE, GREEN, THIRD } from '../contracts/alb-driver.ts';
import {
  ACCOUNT,
  alarm,
  deployedDefinition,
  healthyReader,
  NOW_MS,
  RECORDS,
  refused,
  subjectOf,
} from '../support/fake-doctor.ts';

type Change = Partial<DoctorReader>;
type Case = readonly [what: string, change: Change, expected: readonly string[]];

const ENGINE = { engineName: 'StepshiftEngine' };
const told = (findings: readonly Finding[]) => findings.map(({ code, severity }) => `${severity} ${code}`);

async function examine<Subject>(
  rows: readonly DoctorRow<Subject>[],
  id: string,
  change: Change,
  subject: Subject,
): Promise<readonly Finding[]> {
  const found = rows.find((candidate) => candidate.id === id);
  if (found === undefined) throw new Error(`no row ${id}`);
  return found.examine({ ...healthyReader(), ...change }, subject);
}

const cdk = (version: string): Change => ({
  toolchain: async () => ({ nodeVersion: '24.21.0', cdk: { version, path: '/p' } }),
});
const stack =
  (status: string, outputs: Readonly<Record<string, string>> = {}): DoctorReader['stack'] =>
  async (name) => ({
    name,
    status,
    outputs: { ...(await healthyReader().stack(name))?.outputs, ...outputs },
  });
const subscribed = (...all: Partial<SubscriptionReading>[]): Change => ({
  subscriptions: async () =>
    all.map((one) => ({ severity: 1, protocol: 'email', endpoint: 'a@b.c', isPending: false, ...one })),
});
const BOT = {
  severity: 2,
  protocol: 'https',
  endpoint: 'https://global.sns-api.chatbot.amazonaws.com',
} as const;
const chat = (status: string, stackStatus = 'CREATE_COMPLETE'): Change => ({
  chats: async () => [
    { stack: 'StepshiftEngine-Chat', logicalId: 'Channel', status, stackStatus, reason: '' },
  ],
});

const ENGINE_CASES: Readonly<Record<string, readonly Case[]>> = {
  node: [
    ['is new enough', {}, ['ok node-fits']],
    ['is too old', { toolchain: async () => ({ nodeVersion: '20.20.2', cdk: null }) }, ['warn node-too-old']],
  ],
  'cdk-cli': [
    ['is the pinned one', {}, ['ok cdk-cli-fits']],
    ['is newer', cdk('2.1150.0'), ['ok cdk-cli-fits']],
    ['is the mistaken publish', cdk('3.0.0'), ['fail cdk-cli-mistaken']],
    ['is older', cdk('2.1147.9'), ['warn cdk-cli-old']],
    ['is of another count of versions', cdk('2.99.0'), ['warn cdk-cli-old']],
    [
      'is missing',
      { toolchain: async () => ({ nodeVersion: '24.0.0', cdk: null }) },
      ['warn cdk-cli-missing'],
    ],
  ],
  region: [['is known', {}, ['ok region-set']]],
  credentials: [
    ['are somebody', {}, ['ok caller-known']],
    [
      'are the root user',
      { identity: async () => ({ arn: `arn:aws:iam::${ACCOUNT}:root`, account: ACCOUNT }) },
      ['warn caller-is-root'],
    ],
  ],
  bootstrap: [
    ['is there', {}, ['ok bootstrap-fits']],
    ['is missing', { stack: async () => null }, ['warn bootstrap-missing']],
    ['is old', { stack: stack('CREATE_COMPLETE', { BootstrapVersion: '5' }) }, ['warn bootstrap-old']],
    [
      'has no version',
      { stack: stack('CREATE_COMPLETE', { BootstrapVersion: 'x' }) },
      ['warn bootstrap-old'],
    ],
  ],
  concurrency: [
    ['leaves room', {}, ['ok concurrency-has-room']],
    [
      'is that of a new account',
      { concurrency: async () => ({ limit: 10, unreserved: 10, wayBackReserved: null }) },
      ['warn concurrency-low'],
    ],
    [
      'leaves just no room',
      { concurrency: async () => ({ limit: 1000, unreserved: 105, wayBackReserved: null }) },
      ['ok concurrency-no-room'],
    ],
    [
      'leaves just enough',
      { concurrency: async () => ({ limit: 1000, unreserved: 106, wayBackReserved: null }) },
      ['ok concurrency-has-room'],
    ],
    [
      'cannot be divided by unknown services',
      { services: refused('cloudformation:ListImports') },
      ['ok concurrency-shared'],
    ],
    [
      'is reserved',
      { concurrency: async () => ({ limit: 1000, unreserved: 900, wayBackReserved: 2 }) },
      ['ok concurrency-reserved'],
    ],
    [
      'is reserved below the services',
      { concurrency: async () => ({ limit: 1000, unreserved: 900, wayBackReserved: 1 }) },
      ['warn concurrency-ceiling'],
    ],
  ],
  trail: [
    ['delivers', {}, ['ok trail-delivers']],
    ['is missing', { trails: async () => [] }, ['warn trail-missing']],
    [
      'is stopped, another keeps reads only',
      {
        trails: async () => [
          { name: 'a', isLogging: false, keepsWrites: true },
          { name: 'b', isLogging: true, keepsWrites: false },
        ],
      },
      ['warn trail-missing'],
    ],
  ],
  engine: [
    ['is there', {}, ['ok engine-installed']],
    ['is missing', { stack: async () => null }, ['fail engine-missing']],
    [
      'is in another Region',
      { stack: async () => null, regionsWithStack: async () => ['eu-west-1'] },
      ['fail engine-in-other-region'],
    ],
    ['is being deployed', { stack: stack('UPDATE_IN_PROGRESS') }, ['warn engine-unsettled']],
    ['was rolled back', { stack: stack('UPDATE_ROLLBACK_COMPLETE') }, ['warn engine-unsettled']],
    ['cleans up', { stack: stack('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS') }, ['warn engine-unsettled']],
    ['never came to be', { stack: stack('ROLLBACK_COMPLETE') }, ['fail engine-broken']],
    ['is stuck', { stack: stack('UPDATE_ROLLBACK_FAILED') }, ['fail engine-broken']],
    ['is being deleted', { stack: stack('DELETE_IN_PROGRESS') }, ['fail engine-broken']],
    [
      'is another stack',
      { stack: async (name) => ({ name, status: 'CREATE_COMPLETE', outputs: {} }) },
      ['ok engine-installed', 'fail engine-outputs-missing'],
    ],
  ],
  release: [
    ['is the same', {}, ['ok workflow-same']],
    [
      'is the same with another tick',
      { definition: async () => deployedDefinition(2) },
      ['ok workflow-same'],
    ],
    [
      'is another',
      {
        definition: async () => deployedDefinition().replace('"TimeoutSeconds":120', '"TimeoutSeconds":121'),
      },
      ['warn workflow-differs'],
    ],
    ['is no workflow', { definition: async () => '{"States":{}}' }, ['warn workflow-differs']],
    ['has no machine', { definition: async () => null }, ['fail machine-missing']],
    ['is no JSON', { definition: async () => '' }, ['warn workflow-differs']],
  ],
  sweeper: [
    ['was here', {}, ['ok sweeper-recent']],
    [
      'is silent',
      { lastSweep: async () => ({ hasTable: true, atMs: NOW_MS - 301_000, nowMs: NOW_MS }) },
      ['fail sweeper-silent'],
    ],
    [
      'was never here',
      { lastSweep: async () => ({ hasTable: true, atMs: null, nowMs: NOW_MS }) },
      ['fail sweeper-never'],
    ],
    [
      'has no table',
      { lastSweep: async () => ({ hasTable: false, atMs: null, nowMs: NOW_MS }) },
      ['fail table-missing'],
    ],
  ],
  'engine-alarms': [
    ['are quiet', {}, ['ok engine-alarms-quiet']],
    ['are none', { engineAlarms: async () => [] }, ['warn engine-alarms-none']],
    [
      'are not quiet',
      {
        engineAlarms: async () => [
          alarm('a', 'ALARM'),
          alarm('b', 'INSUFFICIENT_DATA'),
          alarm('c', 'MISSING'),
          alarm('d'),
        ],
      },
      ['warn engine-alarm-firing', 'warn engine-alarm-undecided', 'warn engine-alarm-missing'],
    ],
  ],
  people: [
    ['are told', {}, ['ok people-told']],
    ['are none', { subscriptions: async () => [] }, ['warn nobody-told-1', 'warn nobody-told-2']],
    ['are told of rollbacks only', subscribed({ severity: 2 }), ['warn nobody-told-1']],
    [
      'have not confirmed',
      subscribed({ isPending: true }, { severity: 2 }),
      ['warn nobody-told-1', 'warn subscription-pending'],
    ],
    [
      'have confirmed but for one',
      subscribed({}, { severity: 2 }, { severity: 4, isPending: true }),
      ['warn subscription-pending'],
    ],
  ],
  chat: [
    ['is not used', {}, ['ok chat-not-used']],
    ['is subscribed', { ...chat('CREATE_COMPLETE'), ...subscribed(BOT) }, ['ok chat-subscribed']],
    ['is subscribed by hand', subscribed(BOT), ['ok chat-subscribed']],
    ['is not subscribed', chat('UPDATE_COMPLETE'), ['warn chat-not-subscribed']],
    [
      'never confirmed',
      { ...chat('CREATE_COMPLETE'), ...subscribed({ ...BOT, isPending: true }) },
      ['warn chat-not-subscribed'],
    ],
    [
      'is no bot',
      {
        ...chat('CREATE_COMPLETE'),
        ...subscribed({ endpoint: 'https://example.com/chatbot.amazonaws.com' }),
      },
      ['warn chat-not-subscribed'],
    ],
    ['was refused', chat('CREATE_FAILED'), ['warn chat-not-authorised']],
    ['was rolled back', chat('DELETE_COMPLETE', 'ROLLBACK_COMPLETE'), ['warn chat-not-authorised']],
  ],
  services: [
    ['are registered', {}, ['ok services-registered']],
    ['are none', { services: async () => [] }, ['warn services-none']],
  ],
};

const alias = (primaryVersion: string, additionalShares = {}, owner: string | null = null): Change => ({
  alias: async () => ({ alias: { primaryVersion, additionalShares }, owner }),
});
const rule = (
  shares: Readonly<Record<string, number>> | null,
  missingSlots: string[] = [],
  owner: string | null = null,
): Change => ({
  rule: async () => ({ shares, missingSlots, owner }),
});
type Template = Awaited<ReturnType<DoctorReader['retention']>>['template'];
const retention = (primaryVersion: string, template: Template): Change => ({
  retention: async () => ({
    alias: { primaryVersion, additionalShares: {} },
    publishedVersions: ['41'],
    template,
  }),
});
const KEEPS: Template = { stack: 'Shop', deletedVersions: [], aliases: [] };

const LAMBDA_CASES: Readonly<Record<string, readonly Case[]>> = {
  registered: [
    ['as the file says', {}, ['ok service-registered']],
    ['not at all', { service: async () => null }, ['fail service-unregistered']],
    ['otherwise', { service: async () => RECORDS['shop'] ?? null }, ['warn service-differs']],
  ],
  'target-place': [['has no place of its own', {}, []]],
  alias: [
    ['is ready', {}, ['ok alias-ready']],
    ['is missing', { alias: async () => ({ alias: null, owner: null }) }, ['fail alias-missing']],
    ['is split by a stranger', alias('41', { 42: 10 }), ['fail alias-split']],
    ['is split by a rollout', alias('41', { 42: 10 }, 'r1'), ['warn rollout-running']],
    ['points at $LATEST', alias('$LATEST'), ['fail alias-on-latest']],
  ],
  rule: [['is no matter of an alias', {}, []]],
  versions: [
    ['are kept', {}, ['ok versions-kept']],
    ['lack the stable one', retention('40', KEEPS), ['fail stable-version-missing']],
    ['are nobody’s', retention('41', null), ['unknown versions-kept-by-others']],
    [
      'are deleted by the next deployment, which moves the alias as well',
      retention('41', { stack: 'Shop', deletedVersions: ['V'], aliases: ['A'] }),
      ['warn stable-may-be-deleted', 'warn alias-in-template'],
    ],
    ['of $LATEST need not be there', retention('$LATEST', KEEPS), ['ok versions-kept']],
    [
      'are another row’s matter without an alias',
      { retention: async () => ({ alias: null, publishedVersions: [], template: null }) },
      [],
    ],
  ],
  alarms: [
    ['are quiet', {}, ['ok alarms-quiet']],
    ['are none', { alarms: async () => [] }, ['ok alarms-none']],
    [
      'are not quiet',
      {
        alarms: async () => [
          alarm('a', 'ALARM'),
          alarm('b', 'INSUFFICIENT_DATA'),
          alarm('c', 'MISSING'),
          alarm('d'),
        ],
      },
      ['fail alarm-firing', 'warn alarm-undecided', 'fail alarm-missing'],
    ],
  ],
};

const ALB_CASES: Readonly<Record<string, readonly Case[]>> = {
  'target-place': [
    ['is here', {}, ['ok target-here']],
    ['is another Region', { region: async () => 'us-east-1' }, ['fail target-elsewhere']],
    ['is another account', { identity: async () => ({ arn: 'a', account: '1' }) }, ['fail target-elsewhere']],
  ],
  alias: [['is no matter of a rule', {}, []]],
  versions: [['are no matter of a rule', {}, []]],
  rule: [
    ['is ready', {}, ['ok rule-ready']],
    ['is missing, and a slot', rule(null, [GREEN]), ['fail rule-missing', 'fail slot-missing']],
    ['lacks a slot', rule({ [BLUE]: 100 }, [GREEN]), ['fail slot-missing']],
    ['is split by a rollout', rule({ [BLUE]: 90, [GREEN]: 10 }, [], 'r1'), ['warn rollout-running']],
    ['is split by a stranger', rule({ [BLUE]: 90, [GREEN]: 10 }), ['fail rule-not-on-one-slot']],
    ['forwards elsewhere', rule({ [THIRD]: 100 }), ['fail rule-not-on-one-slot']],
    ['forwards nowhere', rule({}), ['fail rule-not-on-one-slot']],
  ],
};

const flat = (cases: Readonly<Record<string, readonly Case[]>>) =>
  Object.entries(cases).flatMap(([id, some]) => some.map(([what, ...rest]) => [id, what, ...rest] as const));

describe('a row', () => {
  it.each(flat(ENGINE_CASES))('%s %s', async (id, _what, change, expected) => {
    expect(told(await examine([...ACCOUNT_CHECKS, ...ENGINE_CHECKS], id, change, ENGINE))).toEqual(expected);
  });

  it.each(flat(LAMBDA_CASES))('of a Lambda service: %s %s', async (id, _what, change, expected) => {
    expect(told(await examine(SERVICE_CHECKS, id, change, subjectOf('checkout', 'c.yaml')))).toEqual(
      expected,
    );
  });

  it.each(flat(ALB_CASES))('of a load balancer’s service: %s %s', async (id, _what, change, expected) => {
    expect(told(await examine(SERVICE_CHECKS, id, change, subjectOf('shop')))).toEqual(expected);
  });

  it('has cases here, each of them', () => {
    const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id).sort();
    expect(ids([...ACCOUNT_CHECKS, ...ENGINE_CHECKS])).toEqual(Object.keys(ENGINE_CASES).sort());
    const ofServices = new Set([...Object.keys(LAMBDA_CASES), ...Object.keys(ALB_CASES)]);
    expect(ids(SERVICE_CHECKS)).toEqual([...ofServices].sort());
  });

  it('comes with what to do about whatever it warns of, and with nothing else but a tip', async () => {
    for (const [cases, rows, subject] of [
      [ENGINE_CASES, [...ACCOUNT_CHECKS, ...ENGINE_CHECKS], ENGINE],
      [LAMBDA_CASES, SERVICE_CHECKS, subjectOf('checkout')],
      [ALB_CASES, SERVICE_CHECKS, subjectOf('shop')],
    ] as const) {
      for (const [id, , change] of flat(cases)) {
        for (const finding of await examine(rows as readonly DoctorRow<unknown>[], id, change, subject)) {
          expect(finding.check).toBe(id);
          expect(finding.code).toMatch(/^[a-z0-9-]+$/);
          expect(finding.what).toMatch(/^[A-Za-z0-9$].*\S$/);
          expect(finding.where).not.toBe('');
          if (finding.severity !== 'ok') expect(finding.fix, finding.code).not.toBeNull();
          if (finding.command !== null) expect(finding.fix, finding.code).not.toBeNull();
        }
      }
    }
  });
});

describe('a row that could not be made', () => {
  const ALL = [...ACCOUNT_CHECKS, ...ENGINE_CHECKS];
  const readerThat = (fail: () => Promise<never>): DoctorReader =>
    Object.fromEntries(Object.keys(healthyReader()).map((name) => [name, fail])) as unknown as DoctorReader;

  it('is unknown and names the permission that was missing, never fine', async () => {
    const reader = readerThat(refused('lambda:GetAlias'));
    const findings = (await Promise.all(ALL.map(({ examine: look }) => look(reader, ENGINE)))).flat();
    expect(findings).toHaveLength(ALL.length);
    for (const finding of findings) {
      expect(finding).toMatchObject({
        severity: 'unknown',
        code: 'read-refused',
        missingAction: 'lambda:GetAlias',
      });
      expect(finding.what).toContain('lambda:GetAlias');
    }
    expect(summarise(findings)).toEqual({
      counts: { ok: 0, warn: 0, fail: 0, unknown: ALL.length },
      missingActions: ['lambda:GetAlias'],
    });
  });

  it.each([
    ['nothing-to-read', new NothingToRead('there is no engine'), 'Not looked at: there is no engine.'],
    ['read-failed', new Error('socket hang up'), 'Not looked at, the read failed: socket hang up'],
    ['read-failed', 'just text', 'Not looked at, the read failed: just text'],
  ])('says why: %s', async (code, error, what) => {
    const reader = readerThat(() => Promise.reject(error));
    const [finding] = await examine(ENGINE_CHECKS, 'services', reader, ENGINE);
    expect(finding).toMatchObject({ code, what, severity: 'unknown', missingAction: null });
  });

  it('does not hide a defect of its judgement behind an unknown', async () => {
    const broken = row({
      id: 'broken',
      needs: [],
      where: () => 'here',
      read: (reader) => reader.region(),
      judge: () => {
        throw new RejectedError([]);
      },
    });
    await expect(broken.examine(healthyReader(), ENGINE)).rejects.toThrow(RejectedError);
  });
});

it('tells a service whose stack is there and whose record is gone', async () => {
  const reader = { ...healthyReader(), service: async () => null };
  expect(told(await RECORD_CHECK.examine(reader, 'gone'))).toEqual(['fail service-unregistered']);
  expect(await RECORD_CHECK.examine(healthyReader(), 'checkout')).toEqual([]);
});

it('tests with the CDK command line that the project pins', () => {
  expect(packageJson.devDependencies['aws-cdk']).toBe(TESTED_CDK_CLI);
});
