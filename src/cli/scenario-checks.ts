// What a scenario says must fit the service file beside it; what would silently have no effect is refused at its place.
import { InvalidInputError } from '../core/errors.ts';
import type { ServiceSpec } from '../core/service-spec.ts';
import type { TargetKindName } from '../core/targets/index.ts';
import { formatDuration } from '../core/units.ts';
import { type PlacedProblem, pathText } from '../core/zod-problems.ts';
import type { Scenario } from '../sim/scenario.ts';
import { strangeMetrics } from '../sim/scenario-metrics.ts';
import type { YamlSource } from './yaml-source.ts';

type Api = Scenario['faults']['apis'][number]['api'];

interface KindWorld {
  readonly title: string;
  /** What a rollout on such a target calls. */
  readonly apis: readonly Api[];
  /** Keys of `world` that only another kind of target reads. */
  readonly foreignKeys: readonly (keyof Scenario['world'])[];
}

const ALWAYS_CALLED: readonly Api[] = ['GetMetricData', 'DescribeAlarms'];
const KINDS: Readonly<Record<TargetKindName, KindWorld>> = {
  'lambda-alias': {
    title: 'a Lambda alias',
    apis: ['GetAlias', 'UpdateAlias', ...ALWAYS_CALLED],
    foreignKeys: ['alb'],
  },
  'alb-rule': {
    title: 'an ALB rule',
    apis: ['DescribeRules', 'CreateRule', 'ModifyRule', 'DeleteRule', ...ALWAYS_CALLED],
    foreignKeys: ['published', 'provisionedConcurrency', 'calledOverHttp', 'httpStream', 'newVersionRole'],
  },
};

/** Throws InvalidInputError (`impossible-scenario`) with everything that does not fit, each with its place in the scenario. */
export function refuseMismatch(spec: ServiceSpec, scenario: Scenario, source: YamlSource): void {
  const problems = [
    ...shortHorizon(spec, scenario),
    ...foreignWorld(spec, source.value),
    ...strangeAlarms(spec, scenario),
    ...uncalledApis(spec, scenario),
    ...strangeMetrics(spec, scenario),
  ];
  if (problems.length > 0) throw new InvalidInputError(problems.map(source.locate));
}

function shortHorizon({ stages }: ServiceSpec, { horizon }: Scenario): PlacedProblem[] {
  const bakesSeconds = stages.reduce((sum, { bakeSeconds }) => sum + bakeSeconds, 0);
  if (horizon >= bakesSeconds) return [];
  return [
    impossible(['horizon'], {
      what: 'the simulation would stop before a rollout that goes well could end',
      got: formatDuration(horizon),
      allowed: `at least ${formatDuration(bakesSeconds)}, all bakes of the service file together`,
      // holds and questions need time as well
      fix: `Write for example horizon: ${formatDuration(2 * bakesSeconds)}`,
    }),
  ];
}

/** The parsed scenario has every default, so what was written tells what was meant. */
function foreignWorld({ target }: ServiceSpec, written: unknown): PlacedProblem[] {
  const { title, foreignKeys } = KINDS[target.kind];
  const world = recordOf(recordOf(written)['world']);
  return foreignKeys
    .filter((key) => Object.hasOwn(world, key))
    .map((key) =>
      impossible(
        ['world', key],
        {
          what: `world.${key} has no effect, because the service’s target is ${title}`,
          got: key,
          allowed: `keys of world that ${title} has`,
          fix: 'Remove it',
        },
        'key',
      ),
    );
}

function strangeAlarms({ checks }: ServiceSpec, { alarms }: Scenario): PlacedProblem[] {
  return alarms.flatMap(({ name }, index) =>
    checks.alarms.includes(name)
      ? []
      : [
          impossible(['alarms', index, 'name'], {
            what: `the service file does not list the alarm ${name}, so nobody looks at it`,
            got: name,
            allowed:
              checks.alarms.length === 0
                ? 'no alarm: checks.alarms of the service file is empty'
                : checks.alarms.join(', '),
            fix: 'Correct the name, or add the alarm to checks.alarms of the service file',
          }),
        ],
  );
}

function uncalledApis({ target }: ServiceSpec, { faults }: Scenario): PlacedProblem[] {
  const { title, apis } = KINDS[target.kind];
  return faults.apis.flatMap(({ api }, index) =>
    apis.includes(api)
      ? []
      : [
          impossible(['faults', 'apis', index, 'api'], {
            what: `${api} is never called, because the service’s target is ${title}`,
            got: api,
            allowed: apis.join(', '),
            fix: 'Name an API that a rollout on this target calls',
          }),
        ],
  );
}

function impossible(
  path: PlacedProblem['path'],
  words: Pick<PlacedProblem, 'what' | 'got' | 'allowed' | 'fix'>,
  at: PlacedProblem['at'] = 'value',
): PlacedProblem {
  return { code: 'impossible-scenario', ...words, where: pathText(path), path, at };
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
