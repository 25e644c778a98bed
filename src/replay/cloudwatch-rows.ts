// From what CloudWatch answered to rows of both versions, by the ids that our own reader gives its series.
import { THROTTLES, throttledPercent } from '../core/judge/measures.ts';
import type { ServiceSpec } from '../core/service-spec.ts';
import { albCounts } from '../core/targets/alb-rule-counts.ts';
import { lambdaCounts } from '../core/targets/lambda-alias-counts.ts';
import { BEFORE, customId, type Kind, LATENCY_IDS, perId, THROTTLED_ID } from './cloudwatch-ids.ts';
import type { CloudwatchSeries } from './cloudwatch-results.ts';
import { perName } from './recorded-counts.ts';
import type { RecordedRow } from './recording.ts';

type Values = Readonly<Record<string, number | undefined>>;
/** The value of a series in one period, by the series' name. */
type ValueOf = (name: string) => number | undefined;
/** What is known of the file as a whole. */
interface Whole {
  readonly periodSeconds: number;
  /** Whether it has a load balancer's 5xx answers: without them, nothing tells a 5xx from a request in flight. */
  readonly has5xx: boolean;
}
type RequestCounts = Pick<RecordedRow, 'requests' | 'errors' | 'coldStarts'>;

/** A load balancer tells times in seconds. */
const LATENCY_UNIT_MS: Readonly<Record<Kind, number>> = { 'lambda-alias': 1, 'alb-rule': 1000 };

/** Rows of one period; null where no requests were reported. */
export function rowsAt(
  series: CloudwatchSeries,
  startMs: number,
  spec: ServiceSpec,
  periodSeconds: number,
): { readonly stable: RecordedRow | null; readonly canary: RecordedRow | null } {
  const at: ValueOf = (id) => series.get(id)?.get(startMs);
  const has5xx = series.has('stable_answered5xx') || series.has('canary_answered5xx');
  const row = (side: string): RecordedRow | null =>
    rowOf((name) => at(`${side}_${name}`), at, spec, { periodSeconds, has5xx });
  const canary = row('canary');
  const stable = row('stable');
  const before = BEFORE[spec.target.kind];
  const isThrottlingKnown = canary !== null && series.has(THROTTLED_ID);
  return {
    // with a canary, the alias speaks of both
    stable: stable ?? (before === null || canary !== null ? null : row(before)),
    canary: isThrottlingKnown
      ? { ...canary, metrics: { ...canary.metrics, [THROTTLES]: throttledOf(at) } }
      : canary,
  };
}

function rowOf(own: ValueOf, at: ValueOf, spec: ServiceSpec, whole: Whole): RecordedRow | null {
  const { kind } = spec.target;
  const counts = COUNTS[kind](own, whole);
  if (counts === null) return null;
  const [p50, p95, p99] = LATENCY_IDS.map((id) => scaled(own(id), LATENCY_UNIT_MS[kind]));
  return { ...counts, ...defined({ p50, p95, p99 }), metrics: defined(customMetrics(spec, own, at)) };
}

/** As the metric source counts: null where no requests were reported. */
const COUNTS: Readonly<Record<Kind, (own: ValueOf, whole: Whole) => RequestCounts | null>> = {
  'lambda-alias': (own) => {
    const counts = lambdaCounts({
      invocations: own('invocations'),
      errors: own('errors'),
      http5xx: own('http5xx'),
      coldStarts: own('coldStarts'),
    });
    if (counts === null) return null;
    const { coldStarts, ...requests } = counts;
    return coldStarts === null ? requests : { ...requests, coldStarts };
  },
  'alb-rule': (own, { periodSeconds, has5xx }) =>
    albCounts({
      requests: Math.round(own('requests') ?? 0),
      answered: (own('answered2xx') ?? 0) + (own('answered3xx') ?? 0) + (own('answered4xx') ?? 0),
      refused: own('refused') ?? 0,
      ...(has5xx
        ? {
            crossing: {
              answered5xx: own('answered5xx') ?? 0,
              responseSeconds: own('latency_p95') ?? null,
              periodSeconds,
            },
          }
        : {}),
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
function throttledOf(at: ValueOf): number {
  const requests = (at('stable_invocations') ?? 0) + (at('canary_invocations') ?? 0);
  return throttledPercent(at(THROTTLED_ID) ?? 0, requests);
}

function scaled(value: number | undefined, unit: number): number | undefined {
  return value === undefined ? undefined : value * unit;
}

function defined(values: Values): Record<string, number> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
