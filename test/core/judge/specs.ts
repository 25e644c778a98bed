// The services that the tests of the judge are about: the default checks, some of a team's own, a usual latency.
import type { LatencyBaseline } from '../../../src/core/judge/measures.ts';
import type { CustomCheck, ServiceSpec } from '../../../src/core/service-spec.ts';
import { LATENCY } from '../../support/rollout-fixtures.ts';

export { LATENCY };

type Checks = ServiceSpec['checks'];
type Latency = NonNullable<Checks['latency']>;

/** An hour of requests around 80 ms, counted by threshold. */
export const BASELINE: LatencyBaseline = { p50Ms: 80, p90Ms: 139, p99Ms: 252, isCounted: true };

const metric = { namespace: 'Shop', name: 'Some', stat: 'Sum', dimensions: {} };

/** At least 0.95 times stable's share of requests that end in a purchase. */
export const CONVERSION: Extract<CustomCheck, { kind: 'rate' }> = {
  kind: 'rate',
  name: 'conversion',
  metric,
  per: null,
  better: 'higher',
  toleranceRatio: 0.95,
  lagSeconds: 0,
};

export const CPU: Extract<CustomCheck, { kind: 'gauge' }> = {
  kind: 'gauge',
  name: 'cpu',
  metric,
  limit: null,
  onLimit: 'hold',
};

export const RENDERING: Extract<CustomCheck, { kind: 'value' }> = {
  kind: 'value',
  name: 'rendering',
  metric,
  better: 'lower',
  toleranceRatio: 1.1,
};

/** Four stages of ten minutes; errors alone unless more is asked for. */
export function specWith(
  changes: {
    readonly stages?: readonly number[];
    readonly bakeMinutes?: number;
    readonly sensitivity?: ServiceSpec['sensitivity'];
    readonly errors?: Partial<Checks['errors']>;
    readonly latency?: Partial<Latency>;
    readonly throttlesLimitPercent?: number;
    readonly custom?: readonly CustomCheck[];
  } = {},
): ServiceSpec {
  const { latency } = changes;
  return {
    service: 'orders-api',
    target: { kind: 'lambda-alias', functionName: 'orders', alias: 'live', interface: 'event' },
    stages: (changes.stages ?? [1, 5, 25, 50]).map((weightPercent) => ({
      weightPercent,
      bakeSeconds: (changes.bakeMinutes ?? 10) * 60,
    })),
    checks: {
      errors: { toleranceRatio: 1.5, floorPercent: 0.1, limitPercent: 1, http5xx: null, ...changes.errors },
      latency: latency === undefined ? null : { ...LATENCY, ...latency },
      throttlesLimitPercent: changes.throttlesLimitPercent ?? null,
      custom: [...(changes.custom ?? [])],
      alarms: [],
    },
    maxHoldSeconds: 20 * 60,
    sensitivity: changes.sensitivity ?? 'normal',
    onInconclusive: 'ask',
    notify: null,
    waivers: {},
  };
}

/** Everything that is judged by default, a rate and a gauge of the team's own. */
export const WHOLE_SPEC = specWith({ latency: {}, throttlesLimitPercent: 1, custom: [CONVERSION, CPU] });
