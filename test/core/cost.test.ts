// What a rollout and a month at rest cost, and the two targets that the engine has to keep.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { billOf, costOf } from '../../src/core/cost.ts';
import { ENGINE_AT_REST, monthAtRest } from '../../src/core/cost-at-rest.ts';
import { PRICES, PRICES_GATHERED_ON, type Price, type PriceName } from '../../src/core/cost-prices.ts';
import { planRollout } from '../../src/core/plan.ts';
import { gbSecondsOf } from '../../src/core/plan-usage.ts';
import { PRESETS } from '../../src/core/presets.ts';
import { parseServiceFile } from '../../src/core/service-file.ts';
import type { ServiceSpec } from '../../src/core/service-spec.ts';
import { STEPS } from '../../src/steps/index.ts';

const ALIAS = { lambdaAlias: { function: 'checkout-api', alias: 'live' } };
const ELB = 'arn:aws:elasticloadbalancing:us-east-1:123456789012';
const ALB = {
  alb: {
    listenerRule: `${ELB}:listener-rule/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee`,
    slots: {
      blue: `${ELB}:targetgroup/blue/73e2d6bc24d8a067`,
      green: `${ELB}:targetgroup/green/09966783158cda59`,
    },
  },
};
const HTTP_5XX = { errors: { http5xx: { namespace: 'Stepshift', name: 'Http5xx' } } };
/** Sixty minutes in four stages. */
const HOUR = [5, 25, 50, 95].map((weight) => ({ weight: `${weight}%`, bake: '15m' }));

function specOf(more: Readonly<Record<string, unknown>> = {}): ServiceSpec {
  return parseServiceFile({ service: 'checkout', target: ALIAS, ...more });
}

function usdOf(more: Readonly<Record<string, unknown>> = {}): number {
  return costOf(planRollout(specOf(more))).expected.usd;
}

function quantityOf(spec: ServiceSpec, item: PriceName): number {
  return costOf(planRollout(spec)).expected.lines.find((line) => line.item === item)?.quantity ?? 0;
}

describe('the targets', () => {
  const target = 0.03;

  test.each([
    ['an alias', { stages: HOUR }],
    ['an alias over HTTP', { stages: HOUR, checks: HTTP_5XX }],
    ['a load balancer', { stages: HOUR, target: ALB }],
    ['an alias, with ten alarms', { stages: HOUR, checks: { alarms: [...'abcdefghij'] } }],
  ])('a rollout of 60 minutes costs less than 0.03 USD: %s', (_name, more) => {
    expect(planRollout(specOf(more)).expected.seconds).toBe(3600);
    expect(usdOf(more)).toBeLessThan(target);
  });

  test('a month at rest costs less than 1.50 USD, and would cost more if X-Ray recorded the sweeper', () => {
    expect(monthAtRest().usd).toBeLessThan(1.5);
    expect(monthAtRest({ ...ENGINE_AT_REST, isSweeperTraced: true }).usd).toBeGreaterThan(1.5);
  });
});

describe('the cost of a rollout', () => {
  it('is the sum of its lines, each its quantity times its price', () => {
    const { expected, worst, exhausting } = costOf(planRollout(specOf({ stages: 'quick' })));
    for (const { lines, usd } of [expected, worst, exhausting]) {
      const sum = lines.reduce(
        (total, { item, quantity }) => total + (quantity / PRICES[item].per) * PRICES[item].usd,
        0,
      );
      expect(usd).toBeCloseTo(sum, 9);
    }
  });

  it('counts in AWS units what the plan counts', () => {
    const spec = specOf({ stages: 'quick' });
    const { expected } = planRollout(spec);
    expect(expected.functions).toContainEqual({
      name: 'bake',
      invocations: 10,
      gbSeconds: gbSecondsOf('bake', 10),
    });
    expect(quantityOf(spec, 'stateTransition')).toBe(expected.stateTransitions);
    expect(quantityOf(spec, 'metricRequested')).toBe(expected.metricsRequested);
    // the workflow's own, seven messages to people, and the guard at the end
    expect(quantityOf(spec, 'lambdaRequest')).toBe(expected.lambdaInvocations + 7 + 1);
    expect(quantityOf(spec, 'event')).toBe(7);
    expect(quantityOf(spec, 'publish')).toBe(7);
    expect(quantityOf(spec, 'trace')).toBe(quantityOf(spec, 'lambdaRequest'));
    expect(quantityOf(spec, 'alarmRequest')).toBe(0);
    // 1,000 bytes a call and 500 for each event of the history
    expect(quantityOf(spec, 'logMegabyte')).toBeCloseTo(
      (quantityOf(spec, 'lambdaRequest') * 1000 + expected.historyEvents * 500) / 1e6,
      9,
    );
  });

  it('bills memory by the gigabyte and time by the second', () => {
    // ten calls of 150 ms with half a gigabyte
    expect(gbSecondsOf('bake', 10)).toBeCloseTo(0.75, 9);
  });

  it('counts six events of a stage that is held: shifted, held, inconclusive, asked, answered, passed', () => {
    const { worst } = costOf(planRollout(specOf({ stages: 'quick' })));
    expect(worst.lines.find(({ item }) => item === 'event')?.quantity).toBe(3 + 2 * 6);
  });

  it('asks for alarms once by the gates and once a tick, however many there are', () => {
    const alarms = (count: number) => Array.from({ length: count }, (_, index) => `alarm-${index}`);
    const requests = (count: number) =>
      quantityOf(specOf({ stages: 'quick', checks: { alarms: alarms(count) } }), 'alarmRequest');
    expect([requests(1), requests(100)]).toEqual([11, 11]);
  });

  it('is what the courses make of it: all well, held, history used up', () => {
    const { expected, worst, exhausting } = costOf(planRollout(specOf()));
    expect(expected.usd).toBeLessThan(worst.usd);
    expect(worst.usd).toBeLessThan(exhausting.usd);
  });

  it('is never less with a longer bake, another stage, or more checks', () => {
    const stage = fc.record({
      weight: fc.integer({ min: 1, max: 95 }),
      minutes: fc.integer({ min: 1, max: 60 }),
    });
    const yaml = (stages: readonly { weight: number; minutes: number }[]) =>
      stages
        .toSorted((a, b) => a.weight - b.weight)
        .map(({ weight, minutes }) => ({ weight: `${weight}%`, bake: `${minutes}m` }));
    fc.assert(
      fc.property(
        fc.uniqueArray(stage, { minLength: 2, maxLength: 5, selector: ({ weight }) => weight }),
        (stages) => {
          const usd = usdOf({ stages: yaml(stages) });
          const longer = stages.map((one) => ({ ...one, minutes: one.minutes + 1 }));
          expect(usdOf({ stages: yaml(longer) })).toBeGreaterThan(usd);
          expect(usdOf({ stages: yaml(stages.slice(1)) })).toBeLessThan(usd);
          expect(usdOf({ stages: yaml(stages), checks: HTTP_5XX })).toBeGreaterThan(usd);
        },
      ),
      { numRuns: 30 },
    );
  });

  it.each(Object.keys(PRESETS))('is known of the preset %s', (stages) => {
    expect(usdOf({ stages })).toBeGreaterThan(0);
  });
});

describe('a month at rest', () => {
  it('is one of 31 days, in which the sweeper runs every minute', () => {
    const { lines } = monthAtRest();
    const quantity = (wanted: PriceName) => lines.find(({ item }) => item === wanted)?.quantity;
    expect(quantity('lambdaRequest')).toBe(44_640);
    expect(quantity('scheduledRun')).toBe(44_640);
    // of each month, kept for three
    expect(quantity('logMegabyte')).toBeCloseTo(44.64, 9);
    expect(quantity('logMegabyteMonth')).toBeCloseTo(3 * 44.64, 9);
  });

  it('is mostly alarms', () => {
    const { lines, usd } = monthAtRest();
    expect(lines[0]).toMatchObject({ item: 'alarmMonth', quantity: 12 });
    expect(lines[0]?.usd).toBeGreaterThan(usd / 2);
  });

  it('leaves out what is not used, and takes other prices', () => {
    const free = Object.fromEntries(Object.keys(PRICES).map((name) => [name, { usd: 0, per: 1 }]));
    expect(monthAtRest(ENGINE_AT_REST, free as typeof PRICES).usd).toBe(0);
    expect(billOf({ trace: 0, event: 1 }, PRICES).lines).toEqual([{ item: 'event', quantity: 1, usd: 1e-6 }]);
  });
});

describe('the assumptions', () => {
  it('cover every function of the engine that a rollout or the clock calls', () => {
    // a start that is refused is no rollout
    const { 'abandon-rollout': _refused, ...steps } = STEPS;
    const counted = ['state', 'schedule', 'rollout-event', 'execution-event'];
    for (const { name, trigger } of Object.values(steps)) {
      if (counted.includes(trigger.kind)) expect(gbSecondsOf(name, 1), name).toBeGreaterThan(0);
    }
    expect(() => gbSecondsOf('other', 1)).toThrow(TypeError);
  });
});

describe('the price list', () => {
  const rows: readonly (readonly [string, Price])[] = Object.entries(PRICES);

  // written down twice, since the document is generated from the list: a wrong `per` is a bill a thousand times too high
  it.each([
    ['stateTransition', 0.000025],
    ['metricRequested', 0.00001],
    ['alarmRequest', 0.00001],
    ['lambdaRequest', 0.0000002],
    ['lambdaGbSecond', 0.0000133334],
    ['writeUnit', 0.000000625],
    ['readUnit', 0.000000125],
    ['event', 0.000001],
    ['scheduledRun', 0],
    ['publish', 0.0000005],
    ['logMegabyte', 0.0005],
    ['logMegabyteMonth', 0.00003],
    ['trace', 0.000005],
    ['alarmMonth', 0.1],
  ] as const)('takes for one of %s %d USD', (name, usd) => {
    expect(PRICES[name].usd / PRICES[name].per).toBeCloseTo(usd, 15);
  });

  it('has a second entry for each', () => {
    expect(rows).toHaveLength(14);
  });

  it.each(rows)('says where the price of %s is from, and of when', (_name, price) => {
    expect(price.page).toMatch(/^https:\/\/aws\.amazon\.com\/[a-z-]+\/pricing\//);
    expect(price.usd / price.per).toBeGreaterThanOrEqual(0);
    if (price.asOf !== null) expect(price.asOf <= PRICES_GATHERED_ON).toBe(true);
    // a day is what makes figures of others worth quoting
    if (price.basis === 'price-list' || price.basis === 'article') expect(price.asOf).not.toBeNull();
  });
});
