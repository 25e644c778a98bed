// `stepshift init`: what is asked of AWS and what flags decide, the file that comes out, and that nothing is written when
// anything is wrong.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { initCommandOn } from '../../../src/cli/commands/init.ts';
import { serviceText } from '../../../src/cli/init/service-text.ts';
import { parseServiceText } from '../../../src/cli/service-source.ts';
import { PermissionError, TransientError } from '../../../src/core/errors.ts';
import type { InitReader } from '../../../src/core/init-reader.ts';
import { BASE_RULE, BLUE, GREEN } from '../../contracts/alb-driver.ts';
import { type CliWorld, runInMemory } from '../../support/run-cli.ts';
import { type TempFolder, tempFolder } from '../../support/temp-folder.ts';

/** A function with one alias behind an API Gateway, a rule with two groups, one alarm. */
const ACCOUNT: InitReader = {
  aliases: async () => ['live'],
  isHttp: async () => true,
  targetGroups: async () => [BLUE, GREEN],
  alarms: async () => ({ names: ['Checkout5xx'], isComplete: true }),
};

function run(
  folder: TempFolder,
  argv: readonly string[],
  change: Partial<InitReader> = {},
  world: CliWorld = {},
) {
  const commands = [initCommandOn(async () => ({ ...ACCOUNT, ...change }))];
  return runInMemory(['init', ...argv], { cwd: folder.path, commands, ...world });
}

function written(folder: TempFolder, file = 'services/checkout.yaml'): string {
  return readFileSync(join(folder.path, file), 'utf8');
}

function spec(folder: TempFolder, file = 'services/checkout.yaml') {
  return parseServiceText(written(folder, file), file).spec;
}

const FUNCTION = ['checkout', '--function', 'checkout-api'];
const refusing = (): Promise<never> => Promise.reject(new PermissionError('GetPolicy: AccessDenied: no'));

describe('asking AWS', () => {
  it('finds the only alias, the interface and the alarms', async () => {
    using folder = tempFolder({});
    const { code, out } = await run(folder, FUNCTION);
    expect(code).toBe(0);
    expect(spec(folder)).toMatchObject({
      target: { functionName: 'checkout-api', alias: 'live', interface: 'http' },
      checks: { alarms: ['Checkout5xx'] },
    });
    expect(out).toMatchInlineSnapshot(`
      "Wrote services/checkout.yaml: checkout-api:live, stages standard.
      - The alias live was found.
      - The interface is http: an HTTP front may call the alias.
      - One alarm watches the target, by its metric. Take out what says nothing of a release.

      Next:
        stepshift validate services/checkout.yaml
        stepshift plan services/checkout.yaml --requests-per-minute 600
        npx cdk deploy 'Stepshift-Service-checkout'
      "
    `);
    expect(written(folder)).toMatchInlineSnapshot(`
      "# Made by stepshift init; change what you like. Every key: docs/service-reference.md.
      # Where every value comes from: stepshift plan FILE --explain
      service: checkout
      target:
        # http: it answers requests, so a status of 500 is a failure. event: only exceptions are failures.
        lambdaAlias: { function: checkout-api, alias: live, interface: http }
      # 5 % for 10m, 25 % for 10m, 50 % for 10m, 95 % for 10m, then promotion. A list of your own:
      #   stages: [{ weight: 5%, bake: 10m }, { weight: 50%, bake: 30m, approval: true }]
      stages: standard
      checks:
        errors:
          # Up to 1.5 times the error rate of the stable version, at least 0.1 % and never above 1 %.
          tolerance: x1.5
          floor: 0.1%
          limit: 1%
          # To Lambda an answer of 500 is a success. This metric counts them; a start without it is refused.
          # The function reports it by countHttpStatus, or the construct HttpStatusMetricFilter reads it off a log.
          http5xx: { namespace: Stepshift, name: Http5xx }
        # CloudWatch alarms: one that fires takes all traffic back.
        alarms:
          - Checkout5xx
      # How long a stage may wait for more evidence after its bake, and what follows: ask, advance or rollback.
      maxHold: 20m
      onInconclusive: ask
      "
    `);
  });

  it('takes a function that no HTTP front may call for one of events', async () => {
    using folder = tempFolder({});
    await run(folder, FUNCTION, { isHttp: async () => false });
    expect(spec(folder)).toMatchObject({
      target: { interface: 'event' },
      checks: { errors: { http5xx: null } },
    });
  });

  it('finds the slots of a listener rule', async () => {
    using folder = tempFolder({});
    const { code } = await run(folder, ['shop', '--listener-rule', BASE_RULE]);
    expect(code).toBe(0);
    expect(spec(folder, 'services/shop.yaml')).toMatchObject({
      target: { kind: 'alb-rule', listenerRuleArn: BASE_RULE, slots: { blue: BLUE, green: GREEN } },
    });
  });

  it('looks for alarms of the target alone', async () => {
    using folder = tempFolder({});
    const asked: unknown[] = [];
    const alarms: InitReader['alarms'] = async (subject) => {
      asked.push(subject);
      return { names: [], isComplete: true };
    };
    await run(folder, FUNCTION, { alarms });
    await run(folder, ['shop', '--listener-rule', BASE_RULE], { alarms });
    expect(asked).toMatchObject([
      { kind: 'function', functionName: 'checkout-api' },
      { kind: 'load-balancer', loadBalancerId: expect.stringMatching(/^app\//) },
    ]);
  });

  it('lets a person choose among several aliases, where there is one to ask', async () => {
    using folder = tempFolder({});
    const ask = async (_question: string, choices: readonly string[]) => choices[1] ?? null;
    await run(folder, FUNCTION, { aliases: async () => ['beta', 'live'] }, { ask });
    expect(spec(folder)).toMatchObject({ target: { alias: 'live' } });
  });

  it('writes the file without what it may not see, and says so', async () => {
    using folder = tempFolder({});
    const { code, out } = await run(folder, FUNCTION, {
      isHttp: refusing,
      alarms: () => Promise.reject(new TransientError('DescribeAlarms: Throttling')),
    });
    expect(code).toBe(0);
    expect(out.replaceAll(/\s+/g, ' ')).toContain('not yours to see, so the interface was taken to be http');
    expect(spec(folder)).toMatchObject({ target: { interface: 'http' }, checks: { alarms: [] } });
  });
});

describe('flags', () => {
  it('decide without asking', async () => {
    using folder = tempFolder({ 'schema/service.schema.json': '{}' });
    const commands = [initCommandOn(() => Promise.reject(new Error('AWS was asked')))];
    const argv = ['--alias', 'live', '--interface', 'event', '--stages', 'careful', '--notify', 'team-a'];
    const more = [
      '--alarm',
      'A: b',
      '--alarm',
      '#c',
      '--out',
      'mine/own.yaml',
      '--offline',
      '--format',
      'json',
    ];
    const { code, out } = await runInMemory(['init', ...FUNCTION, ...argv, ...more], {
      cwd: folder.path,
      commands,
    });
    expect(code).toBe(0);
    expect(spec(folder, 'mine/own.yaml')).toMatchObject({
      service: 'checkout',
      target: { alias: 'live', interface: 'event' },
      notify: 'team-a',
      checks: { alarms: ['A: b', '#c'] },
    });
    expect(written(folder, 'mine/own.yaml')).toMatch(
      /^# yaml-language-server: \$schema=\.\.\/schema\/service\.schema\.json\n/,
    );
    expect(JSON.parse(out)).toMatchObject({
      file: 'mine/own.yaml',
      next: [
        'stepshift validate mine/own.yaml',
        'stepshift plan mine/own.yaml --requests-per-minute 600',
        "npx cdk deploy 'Stepshift-Service-checkout' -c services=mine",
      ],
    });
  });

  it('name the slots that the rule does not show', async () => {
    using folder = tempFolder({});
    const argv = ['shop', '--listener-rule', BASE_RULE, '--blue', GREEN, '--green', BLUE];
    await run(folder, argv, { targetGroups: async () => [GREEN] });
    expect(spec(folder, 'services/shop.yaml')).toMatchObject({
      target: { slots: { blue: GREEN, green: BLUE } },
    });
  });

  it('keep a file that is there, unless they say otherwise', async () => {
    using folder = tempFolder({ 'services/checkout.yaml': 'mine' });
    const asked = { aliases: () => Promise.reject(new Error('AWS was asked')) };
    const { code, err } = await run(folder, FUNCTION, asked);
    expect(code).toBe(2);
    expect(err).toMatch(/^file-exists {2}/);
    expect(written(folder)).toBe('mine');
    expect((await run(folder, [...FUNCTION, '--force'])).code).toBe(0);
    expect(written(folder)).toContain('service: checkout');
  });
});

it('takes the place of the sample that the repository comes with, as the tutorial says', async () => {
  const sample = readFileSync(join(import.meta.dirname, '../../../services/checkout.yaml'), 'utf8');
  using folder = tempFolder({ 'services/checkout.yaml': sample });
  expect(await run(folder, [...FUNCTION, '--alias', 'live', '--offline'])).toMatchObject({
    code: 0,
    err: '',
  });
  expect(written(folder)).toContain('# Made by stepshift init');
});

describe('words that YAML takes for something else', () => {
  it.each(['true', 'null', 'yes', 'on', 'no', 'y'])('are a name like any other: %s', async (word) => {
    using folder = tempFolder({});
    const { code, err } = await run(folder, [
      word,
      '--function',
      word,
      '--alias',
      word,
      '--notify',
      word,
      '--offline',
    ]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(spec(folder, `services/${word}.yaml`)).toMatchObject({
      service: word,
      target: { functionName: word, alias: word },
      notify: word,
    });
  });
});

it('what comes next can be pasted, whatever the folder is called', async () => {
  using folder = tempFolder({});
  mkdirSync(join(folder.path, "Ana's files"));
  const { out } = await run(folder, [...FUNCTION, '--out', "Ana's files/checkout.yaml"]);
  expect(out).toContain("  stepshift validate 'Ana'\\''s files/checkout.yaml'\n");
  expect(out).toContain("  npx cdk deploy 'Stepshift-Service-checkout' -c 'services=Ana'\\''s files'\n");
});

describe('what is wrong', () => {
  it.each<[string, readonly string[], Partial<InitReader>, number]>([
    ['target-not-named', ['checkout'], {}, 2],
    ['target-not-named', [...FUNCTION, '--listener-rule', BASE_RULE], {}, 2],
    ['wrong-name', ['Checkout', '--function', 'f'], {}, 2],
    ['wrong-option', ['checkout', '--function', 'arn:aws:lambda:eu-west-2:123456789012:function:f'], {}, 2],
    ['wrong-option', ['checkout', '--function', ''], {}, 2],
    ['wrong-option', [...FUNCTION, '--alias', '42'], {}, 2],
    ['wrong-option', [...FUNCTION, '--interface', 'grpc'], {}, 2],
    ['wrong-option', [...FUNCTION, '--stages', 'swift'], {}, 2],
    ['wrong-option', [...FUNCTION, '--stages', 'constructor'], {}, 2],
    ['wrong-option', [...FUNCTION, '--alarm', ''], {}, 2],
    ['wrong-option', [...FUNCTION, '--notify', 'https://hooks.example.com'], {}, 2],
    ['wrong-option', ['shop', '--listener-rule', 'rule'], {}, 2],
    ['wrong-option', ['shop', '--listener-rule', BASE_RULE, '--blue', 'b', '--green', GREEN], {}, 2],
    ['wrong-usage', ['shop', '--listener-rule', BASE_RULE, '--blue', BLUE], {}, 2],
    ['wrong-usage', ['shop', '--listener-rule', BASE_RULE, '--blue', BLUE, '--green', BLUE], {}, 2],
    ['wrong-usage', ['shop', '--listener-rule', BASE_RULE, '--alias', 'live'], {}, 2],
    ['wrong-usage', [...FUNCTION, '--green', GREEN], {}, 2],
    ['wrong-usage', [...FUNCTION, '--offline'], {}, 2],
    ['unwritable-file', [...FUNCTION, '--out', ''], {}, 2],
    ['unwritable-file', [...FUNCTION, '--out', 'no/such/folder/a.yaml'], {}, 2],
    ['function-unknown', FUNCTION, { aliases: async () => null }, 5],
    ['no-alias', FUNCTION, { aliases: async () => [] }, 5],
    ['several-aliases', FUNCTION, { aliases: async () => ['beta', 'live'] }, 5],
    ['alias-missing', [...FUNCTION, '--alias', 'prod'], {}, 5],
    ['rule-unknown', ['shop', '--listener-rule', BASE_RULE], { targetGroups: async () => null }, 5],
    ['slots-not-found', ['shop', '--listener-rule', BASE_RULE], { targetGroups: async () => [BLUE] }, 5],
    ['no-permission', FUNCTION, { aliases: refusing }, 9],
    ['no-region', FUNCTION, { aliases: () => Promise.reject(new Error('Region is missing')) }, 9],
  ])('%s: %j', async (slug, argv, change, expected) => {
    using folder = tempFolder({});
    const { code, out, err } = await run(folder, argv, change);
    expect({ code, out }).toEqual({ code: expected, out: '' });
    expect(err).toMatch(new RegExp(`^${slug} {2}`));
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('without credentials nothing is written, however little was left to ask', async () => {
    using folder = tempFolder({});
    const cause = Object.assign(new Error('none'), { name: 'CredentialsProviderError' });
    const isHttp = () => Promise.reject(new PermissionError('GetPolicy: none', cause));
    expect((await run(folder, FUNCTION, { isHttp })).code).toBe(9);
    expect(existsSync(join(folder.path, 'services'))).toBe(false);
  });

  it('a folder in the place of the file is kept', async () => {
    using folder = tempFolder({});
    mkdirSync(join(folder.path, 'services/checkout.yaml'), { recursive: true });
    expect((await run(folder, FUNCTION)).err).toMatch(/^file-exists {2}/);
    expect((await run(folder, [...FUNCTION, '--force'])).err).toMatch(/^unwritable-file {2}/);
    expect(readdirSync(join(folder.path, 'services'))).toEqual(['checkout.yaml']);
  });

  it('a person who does not choose leaves nothing behind', async () => {
    using folder = tempFolder({});
    writeFileSync(join(folder.path, 'other'), '');
    const aliases = async () => ['beta', 'live'];
    const { err } = await run(folder, FUNCTION, { aliases }, { ask: async () => null });
    expect(err).toMatch(/^several-aliases {2}/);
    expect(readdirSync(folder.path)).toEqual(['other']);
  });
});

test('whatever an alarm is called, the file says exactly that', () => {
  // beyond ASCII too: line separators, byte-order marks, marks that turn the direction
  const lengths = { minLength: 1, maxLength: 255 };
  const name = fc
    .oneof(fc.string(lengths), fc.string({ unit: 'binary', ...lengths }))
    .filter((text) => /^[^\p{Cc}]+$/u.test(text));
  fc.assert(
    fc.property(fc.uniqueArray(name, { maxLength: 5 }), (alarms) => {
      const text = serviceText({
        service: 'checkout',
        target: { kind: 'lambda-alias', functionName: '007', alias: 'no', interface: 'http' },
        stages: 'quick',
        alarms,
        notify: null,
        schemaPath: null,
      });
      const made = parseServiceText(text, 'a.yaml').spec;
      expect(made.target).toMatchObject({ functionName: '007', alias: 'no' });
      expect(made.checks.alarms).toEqual(alarms);
    }),
  );
});
