// Every value of a canonical spec, and the key of a service file that stands for it.
import type { Path } from './json-schema-path.ts';
import type { ServiceSpec } from './service-spec.ts';
import { TARGET_KINDS } from './targets/index.ts';

/** Values without a value inside: texts, numbers, null, empty lists and maps. */
export function specLeaves(spec: ServiceSpec): readonly (readonly [Path, unknown])[] {
  return leaves(spec, []);
}

function leaves(value: unknown, path: Path): readonly (readonly [Path, unknown])[] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  const inner: readonly (readonly [PropertyKey, unknown])[] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value);
  return inner.length === 0 ? [[path, value]] : inner.flatMap(([key, each]) => leaves(each, [...path, key]));
}

/** Keys whose unit is in their name here and in their value there. */
const WRITTEN_KEYS: Readonly<Record<string, string>> = {
  functionName: 'function',
  listenerRuleArn: 'listenerRule',
  weightPercent: 'weight',
  bakeSeconds: 'bake',
  toleranceRatio: 'tolerance',
  floorPercent: 'floor',
  limitPercent: 'limit',
  limitMs: 'limit',
  quantile: 'percentile',
  warmUpSeconds: 'warmUp',
  lagSeconds: 'lag',
  maxHoldSeconds: 'maxHold',
};

export function writtenPath(spec: ServiceSpec, path: Path): Path {
  const [first, second, ...rest] = path;
  if (first === 'target') {
    const key = TARGET_KINDS.find(({ kind }) => kind === spec.target.kind)?.key ?? '';
    return second === 'kind' ? ['target', key] : ['target', key, ...[second ?? '', ...rest].map(writtenKey)];
  }
  if (first === 'checks' && second === 'throttlesLimitPercent') {
    return spec.checks.throttlesLimitPercent === null
      ? ['checks', 'throttles']
      : ['checks', 'throttles', 'limit'];
  }
  if (first === 'checks' && second === 'custom') return customPath(spec, rest);
  // names of gates and alarms are no keys of ours
  return first === 'waivers' ? path : path.map(writtenKey);
}

/** Stands where a check of the team's own could be. */
const NO_OWN_CHECK = 'own';

/** @param path within `checks.custom` */
function customPath({ checks }: ServiceSpec, [index, key, ...rest]: Path): Path {
  const check = checks.custom[Number(index)];
  if (check === undefined || key === undefined) return ['checks', NO_OWN_CHECK];
  const base: Path = ['checks', check.name];
  switch (key) {
    case 'name':
    case 'kind':
      return base;
    case 'limit':
      return check.kind === 'gauge' && check.limit === null ? [...base, 'hold'] : [...base, 'hold', 'above'];
    case 'metric':
    case 'per':
      // ids of series and names of dimensions are the team's own
      return [...base, key, ...rest.map((each, at) => (at === 0 && each === 'expression' ? 'math' : each))];
    default:
      return [...base, writtenKey(key)];
  }
}

function writtenKey(key: PropertyKey): PropertyKey {
  return typeof key === 'string' && Object.hasOwn(WRITTEN_KEYS, key) ? (WRITTEN_KEYS[key] ?? key) : key;
}
