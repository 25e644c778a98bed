import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../src/core/errors.ts';
import type { ServiceSpec } from '../../src/core/service-spec.ts';
import { type Scenario, ScenarioSchema } from '../../src/sim/scenario.ts';
import { strangeMetrics } from '../../src/sim/scenario-metrics.ts';
import { simulate } from '../../src/sim/simulate.ts';
import { simSpec } from './sim-spec.ts';

function scenarioOf(more: Readonly<Record<string, unknown>>): Scenario {
  return ScenarioSchema.parse({ description: 'x', version: '2', traffic: { constant: 60 }, ...more });
}

function problemsOf(more: Readonly<Record<string, unknown>>, spec: ServiceSpec = simSpec()) {
  return strangeMetrics(spec, scenarioOf(more));
}

const ELB = 'arn:aws:elasticloadbalancing:eu-west-2:123456789012';
const ALB: ServiceSpec = {
  ...simSpec({ throttlesLimitPercent: null }),
  target: {
    kind: 'alb-rule',
    listenerRuleArn: `${ELB}:listener-rule/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee`,
    slots: {
      blue: `${ELB}:targetgroup/shop-blue/73e2d6bc24d8a067`,
      green: `${ELB}:targetgroup/shop-green/09966783158cda59`,
    },
    mode: 'rule-per-rollout',
  },
};

describe('what a scenario says of custom checks', () => {
  it('is fine where the service file has a check of that name and kind', () => {
    const metrics = { conversion: '3%', basket: 20, cpu: 45 };
    expect(problemsOf({ stable: { metrics }, canary: { changes: [{ metrics }] } })).toEqual([]);
  });

  it.each([
    [
      'a name that no check has',
      { canary: { metrics: { refunds: '1%' } } },
      'canary.metrics.refunds',
      'Correct the name, or add refunds to checks of the service file',
    ],
    [
      'a name that is nearly right',
      { stable: { metrics: { convertion: '1%' } } },
      'stable.metrics.convertion',
      'Did you mean conversion?',
    ],
    [
      'a name in a change',
      { canary: { changes: [{}, { metrics: { memory: 1 } }] } },
      'canary.changes[1].metrics.memory',
      'Correct the name, or add memory to checks of the service file',
    ],
    [
      'a rate without its unit',
      { canary: { metrics: { conversion: 3.2 } } },
      'canary.metrics.conversion',
      'Write 3.2%',
    ],
    ['a gauge as a share', { canary: { metrics: { cpu: '45%' } } }, 'canary.metrics.cpu', 'Write 45'],
    ['a value as a share', { canary: { metrics: { basket: '20%' } } }, 'canary.metrics.basket', 'Write 20'],
  ])('is refused at its place for %s', (_what, more, where, fix) => {
    const [problem, ...others] = problemsOf(more);
    expect(others).toEqual([]);
    expect(problem).toMatchObject({ code: 'impossible-scenario', where, fix });
  });

  it('names the checks that there are', () => {
    const refunds = { canary: { metrics: { refunds: '1%' } } };
    expect(problemsOf(refunds)[0]?.allowed).toBe('conversion, basket, cpu');
    expect(problemsOf(refunds, simSpec({ custom: [] }))[0]?.allowed).toContain('no checks of its own');
  });

  it('keeps a simulation from starting', async () => {
    const scenario = scenarioOf({ canary: { metrics: { refunds: '1%' } } });
    await expect(simulate(simSpec(), 'a'.repeat(64), scenario)).rejects.toBeInstanceOf(InvalidInputError);
  });
});

describe('throttles of a scenario', () => {
  const throttles = { canary: { throttles: '5%' } };

  it('are fine where the service asks for them', () => {
    expect(problemsOf(throttles)).toEqual([]);
  });

  it.each([
    [
      'a service that does not ask',
      simSpec({ throttlesLimitPercent: null }),
      'switched checks.throttles off',
    ],
    ['a load balancer', ALB, 'only a Lambda function has them'],
  ])('are refused for %s', (_what, spec, words) => {
    const [problem] = problemsOf(throttles, spec);
    expect(problem).toMatchObject({ where: 'canary.throttles', at: 'key' });
    expect(problem?.what).toContain(words);
  });
});
