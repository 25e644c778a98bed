// Checks that a team defines for itself: what the three kinds mean, and which words a mistake in one of them gets.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidInputError, type Problem } from '../../src/core/errors.ts';
import { parseServiceFile, type WrittenServiceFile } from '../../src/core/service-file.ts';
import { ServiceSpecSchema } from '../../src/core/service-spec.ts';
import { writeOut } from '../../src/core/written-service.ts';

const LAMBDA = { lambdaAlias: { function: 'checkout-api', alias: 'live' } };
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
const ORDERS = { namespace: 'Shop', name: 'Orders' };
const BY_VERSION = { FunctionName: '{function}', Version: '{version}' };
const RATE = { metric: ORDERS, per: 'request', better: 'higher' };
const VALUE = { metric: { ...ORDERS, stat: 'p90' }, better: 'lower' };
const GAUGE = { metric: ORDERS, hold: 'unusual' };

function fileWith(checks: unknown, target: unknown = LAMBDA) {
  return { service: 'checkout', target, checks };
}

function customOf(checks: unknown, target?: unknown) {
  return parseServiceFile(fileWith(checks, target)).checks.custom;
}

function problemsOf(checks: unknown, target?: unknown): readonly Problem[] {
  try {
    parseServiceFile(fileWith(checks, target));
  } catch (error) {
    if (error instanceof InvalidInputError) return error.problems;
    throw error;
  }
  return [];
}

describe('the keys of a check say what kind it is', () => {
  test('per makes a rate: Sum, the dimensions of the version and the tolerance go without saying', () => {
    expect(customOf({ conversion: RATE })).toEqual([
      {
        kind: 'rate',
        name: 'conversion',
        metric: { ...ORDERS, stat: 'Sum', dimensions: BY_VERSION },
        per: null,
        better: 'higher',
        toleranceRatio: 0.95,
        lagSeconds: 120,
      },
    ]);
  });

  test('per may be a metric of its own, and lower is better up to half as much again', () => {
    const per = { namespace: 'Shop', name: 'Visits', stat: 'SampleCount' };
    expect(customOf({ refusals: { ...RATE, per, better: 'lower' } })).toMatchObject([
      { per: { ...per, dimensions: BY_VERSION }, toleranceRatio: 1.5 },
    ]);
  });

  test.each([
    ['0s', 0],
    ['90s', 90],
    ['1h', 3600],
  ])('events of a rate may be counted %s after their request', (lag, lagSeconds) => {
    expect(customOf({ conversion: { ...RATE, lag } })).toMatchObject([{ kind: 'rate', lagSeconds }]);
  });

  test('neither per nor hold makes a value, whose statistic is said', () => {
    const metric = { namespace: 'Shop', name: 'Took', stat: 'p90' };
    expect(customOf({ 'checkout-p90': { metric, better: 'lower', tolerance: 'x1.25' } })).toEqual([
      {
        kind: 'value',
        name: 'checkout-p90',
        metric: { ...metric, dimensions: BY_VERSION },
        better: 'lower',
        toleranceRatio: 1.25,
      },
    ]);
  });

  test('hold makes a gauge, with stable as its measure or a limit of its own', () => {
    const limited = { metric: ORDERS, hold: { above: 80 }, onLimit: 'rollback' };
    const metric = { ...ORDERS, stat: 'Average', dimensions: BY_VERSION };
    expect(customOf({ cpu: GAUGE, memory: limited })).toEqual([
      { kind: 'gauge', name: 'cpu', metric, limit: null, onLimit: 'hold' },
      { kind: 'gauge', name: 'memory', metric, limit: 80, onLimit: 'rollback' },
    ]);
  });

  test('metric math keeps its series, each with its own dimensions', () => {
    const math = 'IF(m2 > 0, 100 * m1 / m2, 1e3)';
    const series = { m1: ORDERS, m2: { ...ORDERS, dimensions: { Shop: 'all' } } };
    expect(customOf({ load: { metric: { math, series }, hold: 'unusual' } })).toMatchObject([
      {
        metric: {
          expression: math,
          series: { m1: { dimensions: BY_VERSION }, m2: { dimensions: { Shop: 'all' } } },
        },
      },
    ]);
  });

  test('checks keep the order of the file, beside those that Stepshift knows', () => {
    const checks = { zeta: RATE, errors: { limit: '2%' }, alpha: GAUGE };
    expect(customOf(checks).map(({ name }) => name)).toEqual(['zeta', 'alpha']);
    expect(parseServiceFile(fileWith(checks)).checks.errors.limitPercent).toBe(2);
  });

  test('on a load balancer the dimensions are written', () => {
    const metric = { ...ORDERS, dimensions: { TargetGroup: '{targetGroup}' } };
    expect(customOf({ conversion: { ...RATE, metric } }, ALB)).toMatchObject([{ metric }]);
  });

  test('a number that both versions share may be watched, though not compared', () => {
    const shared = {
      namespace: 'AWS/RDS',
      name: 'CPUUtilization',
      dimensions: { DBInstanceIdentifier: 'db' },
    };
    expect(customOf({ database: { metric: shared, hold: { above: 80 } } })).toHaveLength(1);
  });
});

test('a construct may write checks of its own beside the known ones, and the compiler knows them', () => {
  const file: WrittenServiceFile = {
    service: 'checkout',
    target: LAMBDA,
    checks: {
      errors: { limit: '2%' },
      latency: false,
      conversion: { metric: ORDERS, per: 'request', better: 'higher' },
      cpu: { metric: ORDERS, hold: { above: 80 } },
      alarms: ['Checkout5xx'],
    },
  };
  // @ts-expect-error a check of its own is no number
  const wrong: WrittenServiceFile = { ...file, checks: { conversion: 5 } };
  expect(parseServiceFile(file).checks.custom).toHaveLength(2);
  expect(() => parseServiceFile(wrong)).toThrow('unknown-key');
});

describe('a slip in one key is told as that key', () => {
  test.each([
    ['conversion', { metrc: ORDERS, per: 'request', better: 'higher' }, 'metrc', 'metric'],
    ['conversion', { metric: ORDERS, pre: 'request', better: 'higher' }, 'pre', 'per'],
    ['conversion', { metric: ORDERS, per: 'request', beter: 'higher' }, 'beter', 'better'],
    ['conversion', { ...RATE, tolerence: 'x0.9' }, 'tolerence', 'tolerance'],
    ['conversion', { ...RATE, lagg: '0s' }, 'lagg', 'lag'],
    ['cpu', { metric: ORDERS, hodl: 'unusual' }, 'hodl', 'hold'],
    ['cpu', { ...GAUGE, onlimit: 'hold' }, 'onlimit', 'onLimit'],
  ])('checks.%s %j', (name, written, slip, meant) => {
    expect(problemsOf({ [name]: written })).toMatchObject([
      { code: 'unknown-key', where: `checks.${name}.${slip}`, fix: `Did you mean ${meant}?` },
    ]);
  });

  test.each([
    ['latncy', { limit: '500ms' }, 'Did you mean latency?'],
    ['alarm', ['Checkout5xx'], 'Did you mean alarms?'],
    ['throttle', false, 'Did you mean throttles?'],
    ['conversion', { tolerance: 'x0.9' }, 'Give it a metric, or remove it'],
    ['conversion', {}, 'Give it a metric, or remove it'],
  ])('checks.%s without a metric is no check of its own', (name, written, fix) => {
    expect(problemsOf({ [name]: written })).toMatchObject([
      { code: 'unknown-key', where: `checks.${name}`, got: name, fix },
    ]);
  });
});

describe('what is wrong in a check of its own is refused with its code', () => {
  const rate = (more: object) => ({ c: { ...RATE, ...more } });
  const gauge = (more: object) => ({ c: { ...GAUGE, ...more } });
  const math = (expression: string, series: object) => gauge({ metric: { math: expression, series } });
  const dimensions = (written: object) => rate({ metric: { ...ORDERS, dimensions: written } });
  const nine = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`c${index}`, GAUGE]));

  test.each<[string, string, string, unknown, unknown?]>([
    ['no-kind-of-check', 'c', 'per: request', { c: { metric: ORDERS } }],
    ['no-kind-of-check', 'c', 'per: request', { c: { metric: ORDERS, lag: '2m' } }],
    ['key-of-another-kind', 'c.tolerance', 'Remove tolerance', gauge({ tolerance: 'x2' })],
    ['key-of-another-kind', 'c.onLimit', 'Remove onLimit', rate({ onLimit: 'hold' })],
    ['key-of-another-kind', 'c.lag', 'add per: request', { c: { ...VALUE, lag: '2m' } }],
    ['key-of-another-kind', 'c.lag', 'Remove lag; or remove hold', gauge({ lag: '2m' })],
    ['missing-key', 'c.better', 'Add better', { c: { metric: ORDERS, per: 'request' } }],
    ['missing-key', 'c.metric', 'Add metric', { c: { per: 'request', better: 'higher' } }],
    ['missing-key', 'c.metric.stat', 'for example p90', { c: { metric: ORDERS, better: 'lower' } }],
    ['missing-key', 'c.metric.name', 'Add name', gauge({ metric: { namespace: 'Shop' } })],
    ['missing-key', 'c.metric.series', 'Add series', gauge({ metric: { math: 'm1' } })],
    ['wrong-type', 'c.metric', 'a map of keys', rate({ metric: 'Orders' })],
    ['wrong-format', 'c.metric.stat', 'Did you mean Sum?', rate({ metric: { ...ORDERS, stat: 'sum' } })],
    ['wrong-format', 'c.metric.stat', 'for example Sum', rate({ metric: { ...ORDERS, stat: 'p90' } })],
    ['wrong-format', 'c.metric.stat', 'Average', gauge({ metric: { ...ORDERS, stat: 'averag' } })],
    ['wrong-type', 'c.metric.dimensions.Version', 'Write "42"', dimensions({ Version: 42 })],
    ['unknown-word', 'c.per', 'Did you mean request?', rate({ per: 'requests' })],
    ['wrong-type', 'c.per', 'Write request', rate({ per: 5 })],
    ['unknown-word', 'c.better', 'Did you mean higher?', rate({ better: 'highr' })],
    ['not-a-ratio', 'c.tolerance', 'Write x0.9', rate({ tolerance: 0.9 })],
    ['out-of-range', 'c.tolerance', 'above x0', rate({ tolerance: 'x0' })],
    ['tolerance-on-wrong-side', 'c.tolerance', 'Write x0.67', rate({ tolerance: 'x1.5' })],
    ['tolerance-on-wrong-side', 'c.tolerance', 'Write x0.95', rate({ tolerance: 'x1' })],
    ['tolerance-on-wrong-side', 'c.tolerance', 'x1.1', rate({ better: 'lower', tolerance: 'x0.9' })],
    ['tolerance-on-wrong-side', 'c.tolerance', 'Write x1.5', rate({ better: 'lower', tolerance: 'x1' })],
    ['not-a-duration', 'c.lag', '2m for minutes or 2s for seconds', rate({ lag: 2 })],
    ['not-a-duration', 'c.lag', 'for example 90s', rate({ lag: '-1m' })],
    ['out-of-range', 'c.lag', 'at most 1h', rate({ lag: '3601s' })],
    ['rollback-without-limit', 'c.onLimit', 'above', gauge({ onLimit: 'rollback' })],
    ['unknown-word', 'c.hold', 'Did you mean unusual?', gauge({ hold: 'unusal' })],
    ['wrong-type', 'c.hold', '{ above: 80 }', gauge({ hold: 80 })],
    ['wrong-type', 'c.hold.above', 'for example 80', gauge({ hold: { above: '80%' } })],
    ['unknown-key', 'c.hold.abov', 'Did you mean above?', gauge({ hold: { abov: 80 } })],
    ['wrong-type', 'c.metric.dimensions.V', 'Write "{version}"', dimensions({ V: { version: null } })],
    ['wrong-type', 'c.metric.dimensions.V', 'Write text', dimensions({ V: { version: 1 } })],
    ['wrong-type', 'c.metric.dimensions.V', 'Write text', dimensions({ V: { version: null, alias: null } })],
    [
      'wrong-format',
      'c.metric.namespace',
      'Write Shop',
      gauge({ metric: { ...ORDERS, namespace: ':Shop' } }),
    ],
    ['wrong-format', 'c.metric.namespace', 'Stepshift', gauge({ metric: { ...ORDERS, namespace: ':' } })],
    ['series-and-math', 'c.metric', 'Remove math;', gauge({ metric: { ...ORDERS, math: 'm1' } })],
    [
      'series-and-math',
      'c.metric',
      'put stat into',
      gauge({ metric: { math: 'm1', series: { m1: ORDERS }, stat: 'Sum' } }),
    ],
    [
      'series-and-math',
      'c.per',
      'Remove math and series',
      rate({ per: { ...ORDERS, math: 'm', series: {} } }),
    ],
    ['unbalanced-math', 'c.metric.math', 'Add the bracket', math('(m1*2', { m1: ORDERS })],
    ['unbalanced-math', 'c.metric.math', 'Add the bracket', math('m1*2)', { m1: ORDERS })],
    ['unbalanced-math', 'c.metric.math', 'Add the bracket', math(')m1(', { m1: ORDERS })],
    ['unbalanced-math', 'c.metric.math', 'Add the bracket', math('SUM([m1)]', { m1: ORDERS })],
    ['unknown-series', 'c.metric.math', 'Did you mean m1?', math('m1 + m', { m1: ORDERS })],
    ['unused-series', 'c.metric.series.m2', 'Use m2', math('m1', { m1: ORDERS, m2: ORDERS })],
    ['unbound-math', 'c.metric.math', 'Name every series', math('SUM(METRICS()) + m1', { m1: ORDERS })],
    ['unbound-math', 'c.metric.math', 'Name every', math(`SEARCH('m2', "m3") + m1`, { m1: ORDERS })],
    ['wrong-key', 'c.metric.series.M1', 'Rename', math('M1', { M1: ORDERS })],
    ['out-of-range', 'c.metric.series', 'Add the series', math('1', {})],
    ['wrong-key', 'Conversion', 'Rename', { Conversion: RATE }],
    ['wrong-key', '__proto__', 'Rename', JSON.parse('{"__proto__":{"metric":{},"hold":"unusual"}}')],
    ['name-taken', 'latency-p50', 'my-latency-p50', { 'latency-p50': RATE }],
    ['name-taken', 'silence', 'Rename', { silence: RATE }],
    ['name-taken', 'constructor', 'Rename', { constructor: RATE }],
    ['too-many-checks', 'c8', 'alarms', nine],
    ['unknown-placeholder', 'c.metric.dimensions.V', '{version}', dimensions({ V: '{verison}' })],
    ['unknown-placeholder', 'c.metric.dimensions.T', '{version}', dimensions({ T: '{targetGroup}' })],
    ['same-on-both-sides', 'c.metric.dimensions', '{version}', dimensions({ F: '{function}' })],
    ['same-on-both-sides', 'c.metric.dimensions', '{version}', dimensions({})],
    [
      'same-on-both-sides',
      'c.per.dimensions',
      '{version}',
      rate({ per: { ...ORDERS, dimensions: { A: 'b' } } }),
    ],
    ['missing-key', 'c.metric.dimensions', '{targetGroup}', { c: RATE }, ALB],
    ['unknown-placeholder', 'c.metric.dimensions.F', '{version}', dimensions({ F: '{function}' }), ALB],
    ['same-on-both-sides', 'c.metric.dimensions', '{version}', dimensions({ A: 'b' }), ALB],
  ])('%s at checks.%s: %s', (code, where, fix, checks, target) => {
    expect(problemsOf(checks, target)).toEqual([
      expect.objectContaining({ code, where: `checks.${where}`, fix: expect.stringContaining(fix) }),
    ]);
  });

  test('a check that cannot differ says so for math only when none of its series differs', () => {
    const all = { ...ORDERS, dimensions: { Shop: 'all' } };
    const rateOf = (series: object) => ({ c: { ...RATE, metric: { math: 'm1 + m2', series } } });
    expect(problemsOf(rateOf({ m1: ORDERS, m2: all }))).toEqual([]);
    expect(problemsOf(rateOf({ m1: all, m2: all }))).toMatchObject([{ code: 'same-on-both-sides' }]);
  });

  test.each(['SUM([m1, (m1)])', 'IF(m1 > 0, m1, FILL(m1, 0)) + m1', `LABEL(m1, "(") + (m1)`])(
    'the brackets of %s match',
    (expression) => {
      expect(problemsOf(math(expression, { m1: ORDERS }))).toEqual([]);
    },
  );

  test('what is misread is told as what it is, not by a key that was meant', () => {
    const [bothShapes] = problemsOf(gauge({ metric: { math: 'm1', series: { m1: ORDERS }, ...ORDERS } }));
    expect(bothShapes?.what).toBe(
      'checks.c.metric is either a series or math, and this one has keys of both',
    );
    expect(problemsOf(dimensions({ V: { version: null } }))[0]?.what).toBe(
      'checks.c.metric.dimensions.V must be text, and {version} without quotes is a map in YAML',
    );
    expect(problemsOf(math('(m1', { m1: ORDERS }))[0]?.what).toMatch(/: \( is not closed$/);
    expect(problemsOf(math('m1]', { m1: ORDERS }))[0]?.what).toMatch(/: \] closes nothing$/);
  });

  test('what is allowed is named for the kind that was meant', () => {
    expect(problemsOf(gauge({ tolerance: 'x2' }))[0]?.allowed).toBe('metric, hold, onLimit');
    expect(problemsOf(rate({ onLimit: 'hold' }))[0]?.allowed).toBe('metric, per, better, tolerance, lag');
    expect(problemsOf(dimensions({ V: '{verison}' }))[0]?.allowed).toBe('{function}, {alias}, {version}');
  });

  test('mistakes in several checks are told at once, each at its place', () => {
    const checks = { a: { ...RATE, tolerance: 'x2' }, b: { ...GAUGE, hold: 5 }, c: RATE };
    expect(problemsOf(checks).map(({ where }) => where)).toEqual(['checks.a.tolerance', 'checks.b.hold']);
  });
});

describe('whatever is written', () => {
  const text = fc.constantFrom('request', 'higher', 'lower', 'unusual', 'x0.9', 'x2', 'Sum', 'p90', '');
  const series = fc.record(
    {
      namespace: fc.oneof(fc.constant('Shop'), text),
      name: fc.constant('Orders'),
      stat: fc.constantFrom('Sum', 'p90', 'SampleCount', 'sum'),
      dimensions: fc.dictionary(
        fc.constantFrom('A', 'B'),
        fc.constantFrom('{version}', '{function}', 'x', '{y}'),
      ),
    },
    { requiredKeys: ['name'] },
  );
  const math = fc.record({
    math: fc.constantFrom('m1', 'm1 + m2', 'm3'),
    series: fc.dictionary(fc.constantFrom('m1', 'm2'), series),
  });
  const check = fc.record(
    {
      metric: fc.oneof(series, math, text),
      per: fc.oneof(text, series),
      better: text,
      tolerance: text,
      lag: fc.oneof(text, fc.constantFrom('0s', '2m', '2h')),
      hold: fc.oneof(text, fc.record({ above: fc.oneof(fc.double(), text) })),
      onLimit: fc.constantFrom('hold', 'rollback', 'x'),
    },
    { requiredKeys: [] },
  );
  const checksMap = fc.dictionary(
    fc.constantFrom('a', 'b-1', 'C', 'latency', 'errors', 'silence'),
    fc.oneof({ weight: 9, arbitrary: check }, fc.jsonValue()),
  );

  test('either a valid spec comes out or complete problems under checks', () => {
    fc.assert(
      fc.property(checksMap, fc.constantFrom(LAMBDA, ALB), (checks, target) => {
        const problems = problemsOf(checks, target);
        for (const { code, what, where, allowed, fix } of problems) {
          expect([code, what, allowed, fix]).not.toContain('');
          expect(where).toMatch(/^checks\b/);
        }
        if (problems.length === 0) ServiceSpecSchema.parse(parseServiceFile(fileWith(checks, target)));
      }),
      { numRuns: 300, seed: 20_260_103 },
    );
  });

  const side = fc.constantFrom('{version}', 'v-{version}');
  const oneOfEachSide = (stats: readonly string[]) =>
    fc.record(
      {
        namespace: fc.constant('Shop'),
        name: fc.constantFrom('Orders', 'Took'),
        stat: fc.constantFrom(...stats),
        dimensions: fc.record(
          { Version: side, Shop: fc.constantFrom('all', '7') },
          { requiredKeys: ['Version'] },
        ),
      },
      { requiredKeys: ['namespace', 'name', 'stat', 'dimensions'] },
    );
  const sourceOf = (stats: readonly string[]) =>
    fc.oneof(
      oneOfEachSide(stats),
      oneOfEachSide(stats).map((m1) => ({ math: '1e3 * m1', series: { m1 } })),
    );
  const counted = sourceOf(['Sum', 'SampleCount', 'TC(:500)']);
  const valued = sourceOf(['Average', 'p90', 'p99.9', 'TM(10%:90%)']);
  const higher = fc
    .integer({ min: 1, max: 99 })
    .map((percent) => ({ better: 'higher', tolerance: `x0.${percent}` }));
  const lower = fc
    .integer({ min: 2, max: 100 })
    .map((times) => ({ better: 'lower', tolerance: `x${times}` }));
  const compared = fc.oneof(higher, lower, fc.constantFrom({ better: 'higher' }, { better: 'lower' }));
  const limited = fc.record({
    hold: fc.record({
      above: fc.double({ noNaN: true, noDefaultInfinity: true }).filter((x) => !Object.is(x, -0)),
    }),
    onLimit: fc.constantFrom('hold', 'rollback'),
  });
  const lag = fc.integer({ min: 0, max: 3600 }).map((seconds) => `${seconds}s`);
  const rightCheck = fc.oneof(
    fc
      .record(
        { metric: counted, per: fc.oneof(fc.constant('request'), counted), way: compared, lag },
        { requiredKeys: ['metric', 'per', 'way'] },
      )
      .map(({ way, ...rest }) => ({ ...rest, ...way })),
    fc.record({ metric: valued, way: compared }).map(({ way, metric }) => ({ metric, ...way })),
    fc
      .record({ metric: valued, watched: fc.oneof(limited, fc.constant({ hold: 'unusual' })) })
      .map(({ metric, watched }) => ({ metric, ...watched })),
  );

  test('a right check is taken, and written out means the same again', () => {
    const checksOf = fc.dictionary(fc.constantFrom('a', 'b-1', 'cpu', 'checkout-p90'), rightCheck);
    fc.assert(
      fc.property(checksOf, fc.constantFrom(LAMBDA, ALB), (checks, target) => {
        const spec = parseServiceFile(fileWith(checks, target));
        expect(spec.checks.custom.map(({ name }) => name)).toEqual(Object.keys(checks));
        expect(ServiceSpecSchema.parse(spec)).toEqual(spec);
        expect(parseServiceFile({ service: 'checkout', target, ...writeOut(spec) })).toEqual(spec);
      }),
      { numRuns: 200, seed: 20_260_104 },
    );
  });
});
