// A scenario that does not fit its service file is refused at the place that has no effect.
import { describe, expect, it } from 'vitest';
import { refuseMismatch } from '../../src/cli/scenario-checks.ts';
import { parseServiceText } from '../../src/cli/service-source.ts';
import { parseSource, readYaml } from '../../src/cli/yaml-source.ts';
import { InvalidInputError } from '../../src/core/errors.ts';
import { ScenarioSchema } from '../../src/sim/scenario.ts';

const LAMBDA = `service: shop
target: { lambdaAlias: { function: shop, alias: live, interface: event } }
stages: [{ weight: 10%, bake: 5m }, { weight: 50%, bake: 5m }]
checks: { alarms: [ShopAlarm] }
`;
const ARN = 'arn:aws:elasticloadbalancing:eu-west-2:123456789012:';
const ALB = `service: shop
target:
  alb:
    listenerRule: ${ARN}listener-rule/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee
    slots: { blue: "${ARN}targetgroup/shop-blue/73e2d6bc24d8a067", green: "${ARN}targetgroup/shop-green/09966783158cda59" }
`;

/** The code and the place of each problem of a scenario whose fourth line is given. */
function refused(service: string, line: string): readonly string[] {
  const { spec } = parseServiceText(service, 'service.yaml');
  const source = readYaml(`description: x\nversion: "42"\ntraffic: { constant: 60 }\n${line}\n`, 's.yaml');
  try {
    refuseMismatch(spec, parseSource(ScenarioSchema, source), source);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    return error.problems.map(({ code, where }) => `${code} ${where}`);
  }
  return [];
}

describe('a scenario beside a service file', () => {
  it.each([
    ['a horizon before the end of the bakes', LAMBDA, 'horizon: 9m', '4:10'],
    ['an alarm that nobody looks at', LAMBDA, 'alarms: [{ name: Typo }]', '4:18'],
    ['an ALB world for a Lambda alias', LAMBDA, 'world: { alb: { oidc: true } }', '4:10'],
    [
      'a fault of an ALB API for a Lambda alias',
      LAMBDA,
      'faults: { apis: [{ api: ModifyRule, kind: deny }] }',
      '4:25',
    ],
    ['Lambda’s concurrency for an ALB rule', ALB, 'world: { provisionedConcurrency: true }', '4:10'],
    [
      'a fault of a Lambda API for an ALB rule',
      ALB,
      'faults: { apis: [{ api: UpdateAlias, kind: deny }] }',
      '4:25',
    ],
  ])('is refused at its place for %s', (_what, service, line, place) => {
    expect(refused(service, line)).toEqual([`impossible-scenario s.yaml:${place}`]);
  });

  it.each([
    ['a horizon of all bakes', LAMBDA, 'horizon: 10m'],
    ['an alarm of the service file', LAMBDA, 'alarms: [{ name: ShopAlarm }]'],
    ['a fault of its own API', LAMBDA, 'faults: { apis: [{ api: UpdateAlias, kind: deny }] }'],
    [
      'a fault of an API that every target needs',
      ALB,
      'faults: { apis: [{ api: GetMetricData, kind: deny }] }',
    ],
    ['its own world', ALB, 'world: { timeout: 60s, alb: { oidc: true } }'],
  ])('may have %s', (_what, service, line) => {
    expect(refused(service, line)).toEqual([]);
  });
});
