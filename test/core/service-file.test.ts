// The service file: what its keys mean, what they default to, and what is refused with which words.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidInputError, type Problem } from '../../src/core/errors.ts';
import { PRESETS } from '../../src/core/presets.ts';
import { parseServiceFile } from '../../src/core/service-file.ts';
import { ServiceSpecSchema } from '../../src/core/service-spec.ts';
import { writeOut } from '../../src/core/written-service.ts';

const TARGET = { lambdaAlias: { function: 'checkout-api', alias: 'live' } };
const ARN = 'arn:aws:elasticloadbalancing:eu-west-2:123456789012';
const ALB = {
  alb: {
    listenerRule: `${ARN}:listener-rule/app/lb/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee`,
    slots: {
      blue: `${ARN}:targetgroup/checkout-blue/73e2d6bc24d8a067`,
      green: `${ARN}:targetgroup/checkout-green/d3fe8f1ab2c94e21`,
    },
  },
};
const MINIMAL = { service: 'checkout', target: TARGET };

function problemsOf(written: unknown): readonly Problem[] {
  try {
    parseServiceFile(written);
  } catch (error) {
    if (error instanceof InvalidInputError) return error.problems;
    throw error;
  }
  return [];
}

describe('a service file becomes a spec', () => {
  test('service and target are enough; everything else has its default', () => {
    expect(parseServiceFile(MINIMAL)).toEqual({
      service: 'checkout',
      target: { kind: 'lambda-alias', functionName: 'checkout-api', alias: 'live', interface: 'http' },
      stages: PRESETS['standard'],
      checks: {
        errors: { toleranceRatio: 1.5, floorPercent: 0.1, limitPercent: 1, http5xx: null },
        latency: {
          toleranceRatio: 1.25,
          limitMs: 500,
          quantile: 0.95,
          onLimit: 'alert',
          warmUpSeconds: 300,
          coldStarts: null,
        },
        throttlesLimitPercent: 1,
        custom: [],
        alarms: [],
      },
      sensitivity: 'normal',
      maxHoldSeconds: 1200,
      onInconclusive: 'ask',
      notify: null,
      waivers: {},
    });
  });

  test('everything that can be written arrives as a number with its unit', () => {
    const spec = parseServiceFile({
      ...MINIMAL,
      stages: [
        { weight: '5%', bake: '90s', approval: false },
        { weight: '100%', bake: '1h30m', approval: true },
      ],
      checks: {
        errors: {
          tolerance: 'x2',
          floor: '0.2%',
          limit: '3%',
          http5xx: { namespace: 'Stepshift', name: 'Http5xx' },
        },
        latency: {
          tolerance: 'x1.4',
          limit: '1.2s',
          percentile: 'p99',
          onLimit: 'rollback',
          warmUp: '90s',
          coldStarts: { namespace: 'Stepshift', name: 'ColdStart' },
        },
        throttles: { limit: '2%' },
        alarms: ['Checkout5xx'],
      },
      sensitivity: 'high',
      maxHold: '0m',
      onInconclusive: 'rollback',
      notify: 'checkout-team',
      waivers: { 'not-blind-to-http-errors': 'the alarm sees them' },
    });
    expect(spec.stages).toEqual([
      { weightPercent: 5, bakeSeconds: 90 },
      { weightPercent: 100, bakeSeconds: 5400, approval: true },
    ]);
    expect(spec.checks).toEqual({
      errors: {
        toleranceRatio: 2,
        floorPercent: 0.2,
        limitPercent: 3,
        http5xx: { namespace: 'Stepshift', name: 'Http5xx' },
      },
      latency: {
        toleranceRatio: 1.4,
        limitMs: 1200,
        quantile: 0.99,
        onLimit: 'rollback',
        warmUpSeconds: 90,
        coldStarts: { namespace: 'Stepshift', name: 'ColdStart' },
      },
      throttlesLimitPercent: 2,
      custom: [],
      alarms: ['Checkout5xx'],
    });
    expect(spec).toMatchObject({
      sensitivity: 'high',
      maxHoldSeconds: 0,
      onInconclusive: 'rollback',
      notify: 'checkout-team',
      waivers: { 'not-blind-to-http-errors': 'the alarm sees them' },
    });
  });

  test('latency and throttles are on without being written, and false switches them off', () => {
    const off = parseServiceFile({ ...MINIMAL, checks: { latency: false, throttles: false } }).checks;
    expect(off).toMatchObject({ latency: null, throttlesLimitPercent: null });
    const on = parseServiceFile(MINIMAL).checks;
    expect(parseServiceFile({ ...MINIMAL, checks: { latency: {}, throttles: {} } }).checks).toEqual(on);
  });

  test('a load balancer has no throttles, and its targets are warm', () => {
    const { checks } = parseServiceFile({ service: 'checkout', target: ALB });
    expect(checks.throttlesLimitPercent).toBeNull();
    expect(checks.latency?.warmUpSeconds).toBe(0);
    const written = { latency: { warmUp: '2m' }, throttles: false };
    expect(parseServiceFile({ service: 'checkout', target: ALB, checks: written }).checks).toMatchObject({
      latency: { warmUpSeconds: 120 },
      throttlesLimitPercent: null,
    });
  });
});

describe('what is wrong is refused with its code', () => {
  const stages = (...weights: string[]) => ({
    ...MINIMAL,
    stages: weights.map((weight) => ({ weight, bake: '10m' })),
  });
  const checks = (written: unknown) => ({ ...MINIMAL, checks: written });

  test.each<[string, string, unknown]>([
    ['missing-key', 'target', { service: 'checkout' }],
    ['missing-key', 'service', { target: TARGET }],
    ['missing-key', 'stages[0].bake', { ...MINIMAL, stages: [{ weight: '5%' }] }],
    ['wrong-type', 'the document', 'checkout'],
    ['wrong-type', 'the document', null],
    ['wrong-type', 'checks.alarms', checks({ alarms: 'Checkout5xx' })],
    ['wrong-type', 'checks.latency', checks({ latency: null })],
    ['wrong-format', 'service', { ...MINIMAL, service: 'Checkout' }],
    ['wrong-format', 'notify', { ...MINIMAL, notify: 'https://hooks.example.com/x' }],
    ['wrong-format', 'stages', { ...MINIMAL, stages: 5 }],
    ['wrong-format', 'checks.alarms[0]', checks({ alarms: ['arn:aws:cloudwatch:eu-west-2:1:alarm:X'] })],
    ['unknown-key', 'schedule', { ...MINIMAL, schedule: 'nights' }],
    ['unknown-key', 'target.ecsService', { ...MINIMAL, target: { ...TARGET, ecsService: {} } }],
    ['unknown-key', 'waivers.target-whole', { ...MINIMAL, waivers: { 'target-whole': 'because' } }],
    ['unknown-word', 'stages', { ...MINIMAL, stages: 'standrad' }],
    ['unknown-word', 'onInconclusive', { ...MINIMAL, onInconclusive: 'wait' }],
    ['not-one-target', 'target', { ...MINIMAL, target: {} }],
    ['not-a-percent', 'stages[0].weight', { ...MINIMAL, stages: [{ weight: 5, bake: '10m' }] }],
    ['not-a-percent', 'checks.errors.limit', checks({ errors: { limit: '1' } })],
    ['not-a-duration', 'maxHold', { ...MINIMAL, maxHold: 20 }],
    ['not-a-latency', 'checks.latency.limit', checks({ latency: { limit: 500 } })],
    ['not-a-ratio', 'checks.errors.tolerance', checks({ errors: { tolerance: 1.5 } })],
    ['not-a-percentile', 'checks.latency.percentile', checks({ latency: { percentile: '95%' } })],
    ['out-of-range', 'stages[0].weight', stages('0%')],
    ['out-of-range', 'stages[0].weight', stages('101%')],
    ['out-of-range', 'stages', { ...MINIMAL, stages: [] }],
    ['out-of-range', 'checks.errors.tolerance', checks({ errors: { tolerance: 'x0.5' } })],
    [
      'out-of-range',
      'waivers.not-blind-to-http-errors',
      { ...MINIMAL, waivers: { 'not-blind-to-http-errors': '' } },
    ],
    ['stages-must-rise', 'stages[1].weight', stages('25%', '10%', '95%')],
    ['stages-must-rise', 'stages[1].weight', stages('25%', '25%')],
    ['weight-too-fine', 'stages[0].weight', stages('0.5%')],
    ['floor-above-limit', 'checks.errors.floor', checks({ errors: { floor: '2%' } })],
    ['duplicate-alarm', 'checks.alarms[1]', checks({ alarms: ['A', 'A'] })],
    ['wrong-type', 'checks.latency', checks({ latency: true })],
    ['wrong-type', 'checks.throttles', checks({ throttles: 'off' })],
    ['wrong-type', 'checks', checks(['errors'])],
    ['unknown-key', 'checks.latency.tolerence', checks({ latency: { tolerence: 'x2' } })],
    ['unknown-key', 'checks.throttles.floor', checks({ throttles: { floor: '1%' } })],
    ['out-of-range', 'checks.latency.warmUp', checks({ latency: { warmUp: '2h' } })],
    ['out-of-range', 'checks.latency.tolerance', checks({ latency: { tolerance: 'x0.9' } })],
    ['unknown-word', 'checks.latency.onLimit', checks({ latency: { onLimit: 'page' } })],
    ['unknown-word', 'sensitivity', { ...MINIMAL, sensitivity: 'low' }],
    [
      'not-on-this-target',
      'checks.throttles',
      { service: 'checkout', target: ALB, checks: { throttles: {} } },
    ],
    [
      'not-on-this-target',
      'checks.latency.coldStarts',
      {
        service: 'checkout',
        target: ALB,
        checks: { latency: { coldStarts: { namespace: 'Shop', name: 'Cold' } } },
      },
    ],
    [
      'not-on-this-target',
      'checks.errors.http5xx',
      {
        service: 'checkout',
        target: ALB,
        checks: { errors: { http5xx: { namespace: 'Shop', name: 'Http5xx' } } },
      },
    ],
    [
      'wrong-format',
      'checks.errors.http5xx.namespace',
      checks({ errors: { http5xx: { namespace: ':Shop', name: 'Http5xx' } } }),
    ],
    [
      'wrong-type',
      'stages[0].approval',
      { ...MINIMAL, stages: [{ weight: '5%', bake: '1m', approval: 'ana' }] },
    ],
  ])('%s at %s', (code, where, written) => {
    expect(problemsOf(written).map((problem) => [problem.code, problem.where])).toEqual([[code, where]]);
  });

  test('every problem of a file is told at once', () => {
    const written = {
      service: 5,
      target: TARGET,
      stages: [{ weight: 5 }],
      checks: { errors: { limit: 1 }, latency: { limit: 5 }, latncy: false },
      maxhold: '20m',
    };
    expect(problemsOf(written).map((problem) => problem.code)).toEqual([
      'wrong-type',
      'not-a-percent',
      'missing-key',
      'not-a-percent',
      'not-a-latency',
      'unknown-key',
      'unknown-key',
    ]);
  });

  test('a bare number is told how it is written', () => {
    const fix = (written: unknown) => problemsOf(written)[0]?.fix;
    expect(fix({ ...MINIMAL, maxHold: 20 })).toBe('Write 20m for minutes or 20s for seconds');
    expect(fix(checks({ errors: { limit: 1 } }))).toBe('Write 1%');
    expect(fix(checks({ errors: { tolerance: 1.5 } }))).toBe('Write x1.5');
    expect(fix(checks({ latency: { limit: 500 } }))).toBe('Write 500ms for milliseconds or 500s for seconds');
  });

  test('a slip of the pen is answered with the key that was meant', () => {
    expect(problemsOf({ ...MINIMAL, maxhold: '20m' })[0]?.fix).toBe('Did you mean maxHold?');
  });

  test('a file of nonsense is answered with a hundred problems at the most', () => {
    const nonsense = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`key${index}`, index]));
    expect(problemsOf(nonsense)).toHaveLength(100);
  });
});

describe('whatever is written', () => {
  const quantity = fc.oneof(
    fc.string({ maxLength: 6 }),
    fc.constantFrom('5%', '10m', '500ms', 'x1.5', 'p95', '25%'),
    fc.integer(),
    fc.constant(null),
  );
  const nearlyRight = fc.record(
    {
      service: fc.oneof(fc.constant('checkout'), fc.jsonValue()),
      target: fc.oneof(fc.constant(TARGET), fc.jsonValue()),
      stages: fc.oneof(
        fc.constantFrom(...Object.keys(PRESETS)),
        fc.array(fc.record({ weight: quantity, bake: quantity }, { requiredKeys: [] }), { maxLength: 4 }),
        fc.jsonValue(),
      ),
      checks: fc.oneof(
        fc.record({ errors: fc.dictionary(fc.constantFrom('tolerance', 'floor', 'limit', 'x'), quantity) }),
        fc.jsonValue(),
      ),
      maxHold: quantity,
      onInconclusive: fc.oneof(fc.constantFrom('ask', 'advance'), fc.jsonValue()),
    },
    { requiredKeys: [] },
  );

  test('either a valid spec comes out or InvalidInputError with complete problems', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), nearlyRight), (written) => {
        const problems = problemsOf(written);
        if (problems.length === 0) {
          expect(ServiceSpecSchema.safeParse(parseServiceFile(written)).success).toBe(true);
        }
        for (const problem of problems) {
          for (const word of ['code', 'what', 'where', 'allowed', 'fix'] as const) {
            expect(problem[word], `${word} of ${JSON.stringify(problem)}`).not.toBe('');
          }
        }
      }),
      { numRuns: 500, seed: 20_260_101 },
    );
  });

  test('a spec written out in full means the same again', () => {
    const percent = (max: number) => fc.integer({ min: 1, max }).map((value) => `${value}%`);
    fc.assert(
      fc.property(
        fc.record({
          stages: fc
            .uniqueArray(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 6 })
            .map((weights) =>
              weights
                .sort((a, b) => a - b)
                .map((weight) => ({
                  weight: `${weight}%`,
                  bake: `${weight}m30s`,
                  approval: weight % 2 === 0,
                })),
            ),
          checks: fc.record({
            errors: fc.record({ limit: percent(100) }),
            latency: fc.oneof(
              fc.constant(false),
              fc.record({
                percentile: fc.constantFrom('p50', 'p95', 'p99', 'p99.9', 'p90.12345678'),
                onLimit: fc.constantFrom('alert', 'rollback'),
                warmUp: fc.integer({ min: 0, max: 3600 }).map((seconds) => `${seconds}s`),
              }),
            ),
            throttles: fc.oneof(fc.constant(false), fc.record({ limit: percent(100) })),
          }),
          sensitivity: fc.constantFrom('normal', 'high'),
          maxHold: fc.integer({ min: 0, max: 100_000 }).map((seconds) => `${seconds}s`),
        }),
        (more) => {
          const spec = parseServiceFile({ ...MINIMAL, ...more });
          expect(parseServiceFile({ ...MINIMAL, ...writeOut(spec) })).toEqual(spec);
        },
      ),
      { numRuns: 100, seed: 20_260_102 },
    );
  });
});

describe('numbers that are none', () => {
  test.each([
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, 'Infinity'],
    [-5, '-5'],
    ['-5%', '-5%'],
  ])('a weight of %s is one problem, named as it is, and its fix offers no such number', (weight, got) => {
    const problems = problemsOf({ ...MINIMAL, stages: [{ weight, bake: '5m' }] });
    expect(problems).toMatchObject([
      { code: 'not-a-percent', got, fix: expect.stringMatching(/^Write a number/) },
    ]);
  });
});

describe('a name that is given in another form', () => {
  test('of a function ARN the name alone is asked for', () => {
    const arn = 'arn:aws:lambda:eu-central-1:111122223333:function:checkout-api:live';
    const target = { lambdaAlias: { function: arn, alias: 'live' } };
    expect(problemsOf({ ...MINIMAL, target })).toMatchObject([{ fix: 'Give the name alone: checkout-api' }]);
  });

  test('quotes are offered where they mend it, and only there', () => {
    const lambdaAlias = { function: 42, alias: 42 };
    expect(problemsOf({ ...MINIMAL, target: { lambdaAlias } })).toMatchObject([
      { fix: 'Write "42"' },
      { fix: expect.not.stringContaining('42') },
    ]);
  });
});
