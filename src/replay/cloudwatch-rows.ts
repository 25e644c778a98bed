// From what CloudWatch answered to rows of both versions, by the ids that our own reader gives its series.
import { THROTTLES } from '../core/judge/measures.ts';
import type { ServiceSpec } from '../core/service-spec.ts';
import { albCounts } from '../core/targets/alb-rule-counts.ts';
import type { CloudwatchSeries } from './cloudwatch-results.ts';
import { perName } from './recorded-counts.ts';
import type { RecordedRow } from './recording.ts';

type Kind = ServiceSpec['target']['kind'];
type Values = Readonly<Record<string, number | undefined>>;
/** The value of a series in one period, by the series' name. */
type ValueOf = (name: string) => number | undefined;
type RequestCounts = Pick<RecordedRow, 'requests' | 'errors' | 'coldStarts'>;

const LATENCY_IDS = ['latency_p50', 'latency_p95', 'latency_p99'] as const;
const REQUEST_IDS: Readonly<Record<Kind, readonly string[]>> = {
  'lambda-alias': ['invocations', 'errors', 'http5xx', 'coldStarts'],
  'alb-rule': ['requests', 'answered2xx', 'answered3xx', 'answered4xx', 'refused'],
};
/** A load balancer tells times in seconds. */
const LATENCY_UNIT_MS: Readonly<Record<Kind, number>> = { 'lambda-alias': 1, 'alb-rule': 1000 };
/** An alias has no series by version while it is not weighted: before a rollout it stands for stable. */
const BEFORE: Readonly<Record<Kind, string | null>> = { 'lambda-alias': 'alias', 'alb-rule': null };
/** Attempts that were turned away before any version saw them: one series for both. */
const THROTTLED_ID = 'canary_throttled';

/** Every id that may be in such a file, by what the service file asks for. */
export function cloudwatchIds({ target: { kind }, checks }: ServiceSpec): readonly string[] {
  const before = BEFORE[kind];
  const custom = checks.custom.flatMap((check) => [
    customId(check.name),
    ...(check.kind === 'rate' && check.per !== null ? [perId(check.name)] : []),
  ]);
  const own = [...REQUEST_IDS[kind], ...LATENCY_IDS];
  const of = (side: string, names: readonly string[]): string[] => names.map((name) => `${side}_${name}`);
  return [
    ...of('stable', [...own, ...custom]),
    ...of('canary', [...own, ...custom]),
    ...(before === null ? [] : of(before, own)),
    ...(kind === 'lambda-alias' ? [THROTTLED_ID] : []),
  ];
}

/** Rows of one period; null where no requests were reported. */
export function rowsAt(
  series: CloudwatchSeries,
  startMs: number,
  spec: ServiceSpec,
): { readonly stable: RecordedRow | null; readonly canary: RecordedRow | null } {
  const at: ValueOf = (id) => series.get(id)?.get(startMs);
  const canary = rowOf((name) => at(`canary_${name}`), at, spec);
  const stable = rowOf((name) => at(`stable_${name}`), at, spec);
  const before = BEFORE[spec.target.kind];
  const isThrottlingKnown = canary !== null && series.has(THROTTLED_ID);
  return {
    // with a canary, the alias speaks of both
    stable:
      stable ??
      (before === null || canary !== null ? null : rowOf((name) => at(`${before}_${name}`), at, spec)),
    canary: isThrottlingKnown
      ? { ...canary, metrics: { ...canary.metrics, [THROTTLES]: throttledPercent(at) } }
      : canary,
  };
}

function rowOf(own: ValueOf, at: ValueOf, spec: ServiceSpec): RecordedRow | null {
  const { kind } = spec.target;
  const counts = COUNTS[kind](own);
  if (counts === null) return null;
  const [p50, p95, p99] = LATENCY_IDS.map((id) => scaled(own(id), LATENCY_UNIT_MS[kind]));
  return { ...counts, ...defined({ p50, p95, p99 }), metrics: defined(customMetrics(spec, own, at)) };
}

/** As the metric source counts: null where no requests were reported. */
const COUNTS: Readonly<Record<Kind, (own: ValueOf) => RequestCounts | null>> = {
  'lambda-alias': (own) => {
    const requests = Math.round(own('invocations') ?? 0);
    if (requests <= 0) return null;
    const coldStarts = own('coldStarts');
    return {
      requests,
      errors: Math.min(requests, Math.round((own('errors') ?? 0) + (own('http5xx') ?? 0))),
      ...(coldStarts === undefined ? {} : { coldStarts: Math.min(requests, Math.round(coldStarts)) }),
    };
  },
  'alb-rule': (own) =>
    albCounts({
      requests: Math.round(own('requests') ?? 0),
      answered: (own('answered2xx') ?? 0) + (own('answered3xx') ?? 0) + (own('answered4xx') ?? 0),
      refused: own('refused') ?? 0,
    }),
};

/** A count that is absent is 0 while either version's is there: CloudWatch keeps no zeros that nobody sent. */
function customMetrics({ checks }: ServiceSpec, own: ValueOf, at: ValueOf): Values {
  return Object.fromEntries(
    checks.custom.flatMap((check): [string, number | undefined][] => {
      const id = customId(check.name);
      if (check.kind !== 'rate') return [[check.name, own(id)]];
      const either = at(`stable_${id}`) ?? at(`canary_${id}`);
      return [
        [check.name, own(id) ?? (either === undefined ? undefined : 0)],
        [perName(check.name), own(perId(check.name))],
      ];
    }),
  );
}

/** Of all attempts at the alias. */
function throttledPercent(at: ValueOf): number {
  const throttled = at(THROTTLED_ID) ?? 0;
  const attempts = throttled + (at('stable_invocations') ?? 0) + (at('canary_invocations') ?? 0);
  return (100 * throttled) / attempts;
}

function customId(check: string): string {
  return `custom_${inId(check)}`;
}

function perId(check: string): string {
  return `per_${inId(check)}`;
}

/** Ids have no hyphens, names of checks no underscores. */
function inId(check: string): string {
  return check.replaceAll('-', '_');
}

function scaled(value: number | undefined, unit: number): number | undefined {
  return value === undefined ? undefined : value * unit;
}

function defined(values: Values): Record<string, number> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
