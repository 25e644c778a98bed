// The ids by which the series of a CloudWatch answer are known, those of our own reader, and which of them must be there.
import type { CustomCheck, ServiceSpec } from '../core/service-spec.ts';
import type { Fault } from './faults.ts';
import { isCountOfEvents } from './metric-rules.ts';
import type { NotJudged } from './recording.ts';

export type Kind = ServiceSpec['target']['kind'];

export const LATENCY_IDS = ['latency_p50', 'latency_p95', 'latency_p99'] as const;
/** Attempts that were turned away before any version saw them: one series for both. */
export const THROTTLED_ID = 'canary_throttled';
/** An alias has no series by version while it is not weighted: before a rollout it stands for stable. */
export const BEFORE: Readonly<Record<Kind, string | null>> = { 'lambda-alias': 'alias', 'alb-rule': null };

const SIDES = ['stable', 'canary'] as const;
const REQUEST_IDS: Readonly<Record<Kind, readonly string[]>> = {
  'lambda-alias': ['invocations', 'errors', 'http5xx', 'coldStarts'],
  'alb-rule': ['requests', 'answered2xx', 'answered3xx', 'answered4xx', 'answered5xx', 'refused'],
};
/** Without one of them a version would look better or worse than it is. */
const REQUIRED_IDS: Readonly<Record<Kind, readonly string[]>> = {
  'lambda-alias': ['invocations', 'errors'],
  'alb-rule': ['requests', 'answered2xx', 'answered3xx', 'answered4xx', 'refused'],
};
/** Failures that may be counted apart, but then of both versions. */
const FAILURES_APART: Readonly<Record<Kind, string>> = {
  'lambda-alias': 'http5xx',
  'alb-rule': 'answered5xx',
};

/** What tells whether a series was asked for: it may be empty. */
type Given = Pick<ReadonlySet<string>, 'has' | 'keys'>;

/** Every id that may be in such a file, by what the service file asks for. */
export function cloudwatchIds({ target: { kind }, checks }: ServiceSpec): readonly string[] {
  const before = BEFORE[kind];
  const custom = checks.custom.flatMap(idsOfCheck);
  const own = [...REQUEST_IDS[kind], ...LATENCY_IDS];
  return [
    ...SIDES.flatMap((side) => of(side, [...own, ...custom])),
    ...(before === null ? [] : of(before, own)),
    ...(kind === 'lambda-alias' ? [THROTTLED_ID] : []),
  ];
}

/** Ids whose values are whole numbers of requests or events. */
export function countedIds({ target: { kind }, checks }: ServiceSpec): ReadonlySet<string> {
  const custom = checks.custom.flatMap((check) => [
    ...(check.kind === 'rate' && isCountOfEvents(check.metric) ? [customId(check.name)] : []),
    ...(check.kind === 'rate' && check.per !== null && isCountOfEvents(check.per) ? [perId(check.name)] : []),
  ]);
  const before = BEFORE[kind];
  return new Set([
    ...SIDES.flatMap((side) => of(side, [...REQUEST_IDS[kind], ...custom])),
    ...(before === null ? [] : of(before, REQUEST_IDS[kind])),
    THROTTLED_ID,
  ]);
}

/** One fault an id that must be there and is not: as if absent, its values would read as zeros. */
export function missingIds(spec: ServiceSpec, given: Given): readonly Fault[] {
  const required = requiredIds(spec, given);
  return required
    .filter((id) => !given.has(id))
    .map((id) => ({
      code: 'missing-id',
      what: `${id} is missing, and must not be taken for zeros`,
      path: 'MetricDataResults',
      got: `no ${id}`,
      allowed: required.join(', '),
      fix: `Ask for ${id} as well; a series without values is fine`,
    }));
}

function requiredIds({ target: { kind }, checks }: ServiceSpec, given: Given): readonly string[] {
  const before = BEFORE[kind];
  const hasBefore = before !== null && [...given.keys()].some((id) => id.startsWith(`${before}_`));
  const apart = SIDES.flatMap((side) => of(side, [FAILURES_APART[kind]]));
  const needsApart = checks.errors.http5xx !== null || apart.some((id) => given.has(id));
  return [
    ...SIDES.flatMap((side) => of(side, REQUIRED_IDS[kind])),
    ...(needsApart ? apart : []),
    ...(hasBefore ? of(before, REQUIRED_IDS[kind]) : []),
  ];
}

/** Checks of which some series are there and some are not: no side may be compared with silence. */
export function unpairedChecks({ checks }: ServiceSpec, given: Given): readonly NotJudged[] {
  return checks.custom.flatMap((check) => {
    const ids = SIDES.flatMap((side) => of(side, idsOfCheck(check)));
    const missing = ids.filter((id) => !given.has(id));
    return missing.length === 0 || missing.length === ids.length ? [] : [{ check: check.name, missing }];
  });
}

export function customId(check: string): string {
  return `custom_${inId(check)}`;
}

export function perId(check: string): string {
  return `per_${inId(check)}`;
}

function idsOfCheck(check: CustomCheck): readonly string[] {
  return [customId(check.name), ...(check.kind === 'rate' && check.per !== null ? [perId(check.name)] : [])];
}

function of(side: string, names: readonly string[]): readonly string[] {
  return names.map((name) => `${side}_${name}`);
}

/** Ids have no hyphens, names of checks no underscores. */
function inId(check: string): string {
  return check.replaceAll('-', '_');
}
