// What a scenario says of custom checks must fit those of the service file; what would have no effect is refused.
import { closest } from '../core/closest.ts';
import type { CustomCheck, ServiceSpec } from '../core/service-spec.ts';
import { type PlacedProblem, pathText } from '../core/zod-problems.ts';
import type { Scenario } from './scenario.ts';
import type { WrittenMetric, WrittenVersion } from './scenario-version.ts';

/** Everything in `metrics` and `throttles` of the versions that nobody would ever read, each with its place. */
export function strangeMetrics(spec: ServiceSpec, scenario: Scenario): readonly PlacedProblem[] {
  return (['stable', 'canary'] as const).flatMap((side) => {
    const version = scenario[side];
    const changes = version.changes.map((change, index) =>
      problemsOf(spec, [side, 'changes', index], change),
    );
    return [...problemsOf(spec, [side], version), ...changes.flat()];
  });
}

type Said = Pick<WrittenVersion, 'metrics' | 'throttles'>;

function problemsOf(spec: ServiceSpec, path: PlacedProblem['path'], said: Said): PlacedProblem[] {
  const { custom } = spec.checks;
  const metrics = Object.entries(said.metrics ?? {}).flatMap(([name, metric]) => {
    const check = custom.find((one) => one.name === name);
    const place = [...path, 'metrics', name];
    return check === undefined ? [unknownCheck(custom, place, name)] : wrongUnit(check, place, metric);
  });
  return [...metrics, ...idleThrottles(spec, [...path, 'throttles'], said)];
}

function unknownCheck(
  custom: readonly CustomCheck[],
  path: PlacedProblem['path'],
  name: string,
): PlacedProblem {
  const names = custom.map((check) => check.name);
  const meant = closest(name, names);
  return {
    ...impossible(path, {
      what: `the service file has no check of its own that is called ${name}, so nobody asks for it`,
      got: name,
      allowed: names.length === 0 ? 'no name: the service file has no checks of its own' : names.join(', '),
      fix:
        meant === undefined
          ? `Correct the name, or add ${name} to checks of the service file`
          : `Did you mean ${meant}?`,
    }),
    at: 'key',
  };
}

function wrongUnit(
  { name, kind }: CustomCheck,
  path: PlacedProblem['path'],
  metric: WrittenMetric,
): PlacedProblem[] {
  const isNumber = typeof metric === 'number';
  if (isNumber === (kind !== 'rate')) return [];
  return [
    isNumber
      ? impossible(path, {
          what: `${name} is a rate, so it is a share of the requests`,
          got: String(metric),
          allowed: 'a percentage, for example 3.2%',
          fix: `Write ${metric}%`,
        })
      : impossible(path, {
          what: `${name} is a ${kind}, so it is a number in the metric’s own unit`,
          got: `${metric.percent}%`,
          allowed: 'a plain number, for example 45',
          fix: `Write ${metric.percent}`,
        }),
  ];
}

/** Only Lambda counts throttles, and only a service that asks for them sees them. */
function idleThrottles(
  { target, checks }: ServiceSpec,
  path: PlacedProblem['path'],
  said: Said,
): PlacedProblem[] {
  if (said.throttles === undefined || checks.throttlesLimitPercent !== null) return [];
  const isLambda = target.kind === 'lambda-alias';
  return [
    {
      ...impossible(path, {
        what: isLambda
          ? 'the service file has switched checks.throttles off, so nobody asks for them'
          : 'throttles have no effect, because only a Lambda function has them',
        got: `${said.throttles}%`,
        allowed: isLambda ? 'throttles where checks.throttles is on' : 'throttles of a Lambda alias',
        fix: isLambda ? 'Remove it, or switch checks.throttles on' : 'Remove it',
      }),
      at: 'key',
    },
  ];
}

function impossible(
  path: PlacedProblem['path'],
  words: Pick<PlacedProblem, 'what' | 'got' | 'allowed' | 'fix'>,
): PlacedProblem {
  return { code: 'impossible-scenario', ...words, where: pathText(path), path, at: 'value' };
}
