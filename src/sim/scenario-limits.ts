// What the numbers of a scenario may be together; what each may be alone is in its schema.
import { formatDuration } from '../core/units.ts';

export interface Impossible {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly allowed: string;
  readonly fix: string;
}

interface Behaving {
  readonly errors?: number | undefined;
  readonly http500?: number | undefined;
  readonly hang?: number | undefined;
  readonly p50?: number | undefined;
  readonly p95?: number | undefined;
}
interface Begun {
  readonly from: number;
}
interface Version extends Behaving {
  readonly changes: readonly (Behaving & Begun)[];
}

/** The parts of a scenario that are looked at, durations in seconds. */
interface Limited {
  readonly version: string;
  readonly horizon: number;
  readonly world: { readonly liveVersion: string };
  readonly traffic: Readonly<Record<string, unknown>>;
  readonly stable: Version;
  readonly canary: Version;
  readonly incidents: readonly Begun[];
  readonly metrics: {
    readonly lateness: number;
    readonly delays: readonly Begun[];
    readonly gaps: readonly Begun[];
    readonly problems: readonly Begun[];
  };
  readonly alarms: readonly { readonly name: string; readonly changes: readonly { readonly at: number }[] }[];
  readonly people: readonly { readonly at: number; readonly does: string; readonly version?: string }[];
  readonly faults: {
    readonly apis: readonly Begun[];
    readonly store: readonly Begun[];
    readonly events: readonly Begun[];
  };
}

/** A version that says nothing about its latency has these percentiles, milliseconds. */
export const DEFAULT_P50_MS = 80;
export const DEFAULT_P95_MS = 240;

export function refuseImpossible(scenario: Limited): readonly Impossible[] {
  return [
    ...oneTraffic(scenario),
    ...lateTimes(scenario),
    ...impossibleVersions(scenario),
    ...impossibleHotfixes(scenario),
    ...doubleAlarms(scenario),
  ];
}

function oneTraffic({ traffic }: Limited): Impossible[] {
  const given = Object.keys(traffic);
  if (given.length === 1) return [];
  return [
    {
      path: ['traffic'],
      message: given.length === 0 ? 'traffic says nothing' : `traffic has ${given.join(' and ')}`,
      allowed: 'exactly one of constant, diurnal, series',
      fix: 'Keep one of them, for example constant: 6000',
    },
  ];
}

/** What begins after the end would silently never happen. */
function lateTimes(scenario: Limited): Impossible[] {
  const { horizon, metrics, alarms, people } = scenario;
  const times: readonly [Impossible['path'], number][] = [
    [['metrics', 'lateness'], metrics.lateness],
    ...people.map(({ at }, index): [Impossible['path'], number] => [['people', index, 'at'], at]),
    ...alarms.flatMap(({ changes }, index) =>
      changes.map(({ at }, change): [Impossible['path'], number] => [
        ['alarms', index, 'changes', change, 'at'],
        at,
      ]),
    ),
    ...beginnings(scenario),
  ];
  return times
    .filter(([, seconds]) => seconds >= horizon)
    .map(([path, seconds]) => ({
      path,
      message: `${formatDuration(seconds)} is not before the end of the simulation`,
      allowed: `less than the horizon, ${formatDuration(horizon)}`,
      fix: 'Choose an earlier time, or a later horizon',
    }));
}

function beginnings({ stable, canary, incidents, metrics, faults }: Limited): [Impossible['path'], number][] {
  const lists: readonly [Impossible['path'], readonly Begun[]][] = [
    [['stable', 'changes'], stable.changes],
    [['canary', 'changes'], canary.changes],
    [['incidents'], incidents],
    [['metrics', 'delays'], metrics.delays],
    [['metrics', 'gaps'], metrics.gaps],
    [['metrics', 'problems'], metrics.problems],
    [['faults', 'apis'], faults.apis],
    [['faults', 'store'], faults.store],
    [['faults', 'events'], faults.events],
  ];
  return lists.flatMap(([path, windows]) =>
    windows.map(({ from }, index): [Impossible['path'], number] => [[...path, index, 'from'], from]),
  );
}

/** The canary behaves like stable where it says nothing else. */
function impossibleVersions({ stable, canary }: Limited): Impossible[] {
  const canaryNow = { ...stable, ...canary };
  return [
    ...impossibleBehaviour(['stable'], stable),
    ...stable.changes.flatMap((change, index) =>
      impossibleBehaviour(['stable', 'changes', index], { ...stable, ...change }),
    ),
    // what it takes over from stable is told there
    ...(saysSomething(canary) ? impossibleBehaviour(['canary'], canaryNow) : []),
    ...canary.changes.flatMap((change, index) =>
      impossibleBehaviour(['canary', 'changes', index], { ...canaryNow, ...change }),
    ),
  ];
}

function saysSomething({ errors, http500, hang, p50, p95 }: Behaving): boolean {
  return [errors, http500, hang, p50, p95].some((value) => value !== undefined);
}

function impossibleBehaviour(path: Impossible['path'], now: Behaving): Impossible[] {
  const { errors = 0, http500 = 0, hang = 0, p50 = DEFAULT_P50_MS, p95 = DEFAULT_P95_MS } = now;
  const badPercent = errors + http500 + hang;
  const tooMany: Impossible[] =
    badPercent <= 100
      ? []
      : [
          {
            path,
            message: `errors, http500 and hang of ${path[0]} make ${badPercent}% together`,
            allowed: 'at most 100% together',
            fix: 'Lower one of them',
          },
        ];
  const crossed: Impossible[] =
    p95 >= p50
      ? []
      : [
          {
            path,
            message: `p95 (${p95}ms) of ${path[0]} is below its p50 (${p50}ms)`,
            allowed: 'a p95 that is not below p50',
            fix: 'Give both p50 and p95',
          },
        ];
  return [...tooMany, ...crossed];
}

function impossibleHotfixes({ people, version, world }: Limited): Impossible[] {
  return people.flatMap((person, index) =>
    person.does === 'hotfix' && [version, world.liveVersion].includes(person.version ?? '')
      ? [
          {
            path: ['people', index, 'version'],
            message: `version ${person.version} takes part in the rollout, so it is no hotfix`,
            allowed: `another version than ${world.liveVersion} and ${version}`,
            fix: 'Name a third version, or use does: set-weight to move between the two',
          },
        ]
      : [],
  );
}

function doubleAlarms({ alarms }: Limited): Impossible[] {
  return alarms.flatMap(({ name }, index) =>
    alarms.findIndex((other) => other.name === name) < index
      ? [
          {
            path: ['alarms', index, 'name'],
            message: `the alarm ${name} is described twice`,
            allowed: 'one entry for each alarm',
            fix: 'Put both into one entry',
          },
        ]
      : [],
  );
}
