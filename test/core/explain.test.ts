// Where the values of a resolved file come from: no key of the spec is left out, no default without its reason.
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { type ExplainedValue, explain } from '../../src/core/explain.ts';
import { presetReason } from '../../src/core/explain-reasons.ts';
import { PRESETS } from '../../src/core/presets.ts';
import { parseServiceFile } from '../../src/core/service-file.ts';
import { type ServiceSpec, ServiceSpecSchema } from '../../src/core/service-spec.ts';
import { writeOut } from '../../src/core/written-service.ts';

type Written = Readonly<Record<string, unknown>>;

const ARN = 'arn:aws:elasticloadbalancing:eu-west-2:123456789012';
const MINIMAL = { service: 'checkout', target: { lambdaAlias: { function: 'checkout-api', alias: 'live' } } };
const MINIMAL_ALB = {
  service: 'checkout',
  target: {
    alb: {
      listenerRule: `${ARN}:listener-rule/app/lb/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee`,
      slots: {
        blue: `${ARN}:targetgroup/checkout-blue/73e2d6bc24d8a067`,
        green: `${ARN}:targetgroup/checkout-green/d3fe8f1ab2c94e21`,
      },
    },
  },
};
const ORDERS = { namespace: 'Shop', name: 'Orders' };
const MATH = { math: 'm1 / m2', series: { m1: ORDERS, m2: ORDERS } };
const FULL = {
  ...MINIMAL,
  stages: [{ weight: '5%', bake: '10m', approval: true }],
  checks: {
    errors: { http5xx: ORDERS, limit: '2%' },
    latency: { coldStarts: ORDERS, onLimit: 'rollback' },
    conversion: { metric: ORDERS, per: 'request', better: 'higher' },
    refusals: { metric: MATH, per: ORDERS, better: 'lower', lag: '0s' },
    visits: { metric: ORDERS, per: MATH, better: 'lower' },
    took: { metric: { ...ORDERS, stat: 'p90' }, better: 'lower', tolerance: 'x1.25' },
    cpu: { metric: ORDERS, hold: 'unusual' },
    memory: { metric: MATH, hold: { above: 80 } },
    alarms: ['Checkout5xx', 'CheckoutSlow'],
  },
  notify: 'checkout-team',
  waivers: { 'not-blind-to-http-errors': 'the alarm sees them' },
};
const OFF = {
  ...MINIMAL,
  stages: 'ECSCanary10Percent5Minutes',
  checks: { latency: false, throttles: false },
};

const FILES: readonly (readonly [string, Written])[] = [
  ['the least that a Lambda alias needs', MINIMAL],
  ['the least that a load balancer needs', MINIMAL_ALB],
  ['everything', FULL],
  ['what can be switched off', OFF],
];

function explained(written: Written): readonly ExplainedValue[] {
  return explain(parseServiceFile(written), written);
}

function rowOf(written: Written, key: string): ExplainedValue | undefined {
  return explained(written).find((row) => row.key === key);
}

/** `a.b[0].c` for every value without a value inside; a walk of its own, so that the code is not checked by itself. */
function leafKeys(value: unknown, prefix = ''): readonly string[] {
  if (Array.isArray(value) && value.length > 0) {
    return value.flatMap((each, index) => leafKeys(each, `${prefix}[${index}]`));
  }
  if (value !== null && typeof value === 'object' && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([key, each]) =>
      leafKeys(each, prefix === '' ? key : `${prefix}.${key}`),
    );
  }
  return [prefix];
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

/** `a.b[].c` for every key that a spec may have. */
function schemaKeys(
  { properties, items, anyOf = [], oneOf = [] }: JsonSchema,
  prefix = '',
): readonly string[] {
  return [
    ...Object.entries(properties ?? {}).flatMap(([key, inner]) => {
      const name = prefix === '' ? key : `${prefix}.${key}`;
      return [name, ...schemaKeys(inner, name)];
    }),
    ...(items === undefined ? [] : schemaKeys(items, `${prefix}[]`)),
    ...[...anyOf, ...oneOf].flatMap((branch) => schemaKeys(branch, prefix)),
  ];
}

describe('every key of a spec', () => {
  test.each(FILES)('has one row: %s', (_, written) => {
    const keys = explained(written).map(({ specKey }) => specKey);
    expect(keys).toEqual(leafKeys(parseServiceFile(written)));
  });

  test('that the schema knows is explained in one of the files above', () => {
    const rows = FILES.flatMap(([, written]) => explained(written));
    const seen = rows.map(({ specKey }) => specKey.replaceAll(/\[\d+\]/g, '[]'));
    const isSeen = (key: string) =>
      seen.some((each) => `${each}.`.startsWith(`${key}.`) || each.startsWith(`${key}[`));
    const keys = schemaKeys(z.toJSONSchema(ServiceSpecSchema) as JsonSchema);
    expect(keys.length).toBeGreaterThan(50);
    expect(keys.filter((key) => !isSeen(key))).toEqual([]);
  });

  test('a key that was added to the spec and not to the reasons is found', () => {
    const spec = parseServiceFile(MINIMAL);
    const grown = { ...spec, checks: { ...spec.checks, errors: { ...spec.checks.errors, burst: 3 } } };
    expect(() => explain(grown as ServiceSpec, MINIMAL)).toThrow(
      'no reason is given for the default of checks.errors.burst',
    );
  });
});

describe('where a value comes from', () => {
  test('defaults and presets have a reason and a source, what is written has none', () => {
    for (const row of FILES.flatMap(([, written]) => explained(written))) {
      if (row.from === 'file') expect(row.reason, row.key).toBeNull();
      else expect(row.reason, row.key).toMatchObject({ source: /\w{3}/, why: /^[\w].*[^.]$/ });
    }
  });

  test.each([
    ['checks.errors.limit', FULL, 'file', '2%'],
    ['stages[0].approval', FULL, 'file', 'true'],
    ['checks.errors.floor', FULL, 'default', '0.1%'],
    ['checks.latency.limit', MINIMAL, 'default', '500ms'],
    ['checks.latency.warmUp', MINIMAL, 'default', '5m'],
    ['checks.latency.warmUp', MINIMAL_ALB, 'default', '0s'],
    ['checks.latency', OFF, 'file', 'off'],
    ['checks.throttles', OFF, 'file', 'off'],
    ['checks.throttles', MINIMAL_ALB, 'default', 'off'],
    ['checks.throttles.limit', MINIMAL, 'default', '1%'],
    ['checks.conversion.metric.stat', FULL, 'default', 'Sum'],
    ['checks.conversion.per', FULL, 'file', 'request'],
    ['checks.conversion.tolerance', FULL, 'default', 'x0.95'],
    ['checks.conversion.lag', FULL, 'default', '2m'],
    ['checks.refusals.lag', FULL, 'file', '0s'],
    ['checks.took.tolerance', FULL, 'file', 'x1.25'],
    ['checks.cpu.hold', FULL, 'file', 'unusual'],
    ['checks.cpu.onLimit', FULL, 'default', 'hold'],
    ['checks.memory.hold.above', FULL, 'file', '80'],
    ['checks.memory.metric.math', FULL, 'file', 'm1 / m2'],
    ['checks.memory.metric.series.m1.dimensions.Version', FULL, 'default', '{version}'],
    ['checks.alarms[1]', FULL, 'file', 'CheckoutSlow'],
    ['checks.alarms', MINIMAL, 'default', 'none'],
    ['notify', MINIMAL, 'default', 'none'],
    ['stages[0].weight', FULL, 'file', '5%'],
    ['stages[3].weight', MINIMAL, 'preset', '95%'],
    ['stages[0].bake', OFF, 'preset', '5m'],
    ['target.lambdaAlias.function', FULL, 'file', 'checkout-api'],
    ['target.lambdaAlias.interface', FULL, 'default', 'http'],
  ])('%s', (key, written, from, value) => {
    expect(rowOf(written, key)).toMatchObject({ key, from, value });
  });

  test('a preset is written by its name, or is the default', () => {
    expect(rowOf(OFF, 'stages[0].weight')).toMatchObject({
      isWritten: true,
      reason: {
        source: 'CodeDeploy preset ECSCanary10Percent5Minutes',
        why: 'one step in 5m, then promotion',
      },
    });
    expect(rowOf(MINIMAL, 'stages[0].weight')).toMatchObject({ isWritten: false });
  });

  test.each(Object.keys(PRESETS))('the preset %s has an owner', (name) => {
    const owner = ['quick', 'standard', 'careful'].includes(name) ? 'Stepshift' : 'CodeDeploy';
    expect(presetReason(name).source).toMatch(new RegExp(`^${owner} preset `));
  });

  test.each(FILES)('written out, everything that there is comes from the file: %s', (_, written) => {
    const spec = parseServiceFile(written);
    const all = { ...writeOut(spec), service: spec.service };
    expect(parseServiceFile(all)).toEqual(spec);
    const left = explained(all).filter(({ from }) => from !== 'file');
    expect(left.filter(({ value }) => value !== 'none')).toEqual([]);
  });
});
