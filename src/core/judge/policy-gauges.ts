// CPU, memory, throttles, queue depth: few, autocorrelated values. They never prove harm; they are a reason to wait.
import type { ServiceSpec } from '../service-spec.ts';
import { LATENCY_PERCENTILE, type LatencyBaseline, responseTimeName, THROTTLES } from './measures.ts';

export interface GaugePolicy {
  readonly check: string;
  readonly measure: string;
  readonly label: string;
  readonly unit: string;
  /** In the gauge's own unit; null: held to stable's band. */
  readonly limit: number | null;
  readonly onLimit: 'hold' | 'rollback';
}

/** @param baseline stable's usual latency */
export function gaugePolicies(
  { custom, latency, throttlesLimitPercent }: ServiceSpec['checks'],
  baseline: LatencyBaseline | null,
): readonly GaugePolicy[] {
  const own = custom.flatMap((check): GaugePolicy[] =>
    check.kind === 'gauge'
      ? [
          {
            check: check.name,
            measure: check.name,
            label: check.name,
            unit: '',
            limit: check.limit,
            onLimit: check.onLimit,
          },
        ]
      : [],
  );
  const values = [...own, ...latencyGauge(latency, baseline)];
  if (throttlesLimitPercent === null) return values;
  const throttles: GaugePolicy = {
    check: 'throttles',
    measure: THROTTLES,
    label: 'throttled requests',
    unit: '%',
    limit: throttlesLimitPercent,
    onLimit: 'hold',
  };
  return [...values, throttles];
}

/** A limit that rolls back, where requests over it cannot be counted: its percentile alone proves nothing, and holds. */
function latencyGauge(
  latency: ServiceSpec['checks']['latency'],
  baseline: LatencyBaseline | null,
): readonly GaugePolicy[] {
  if (latency?.onLimit !== 'rollback' || baseline === null || baseline.isCounted) return [];
  const { quantile, limitMs } = latency;
  const label = responseTimeName(quantile);
  return [
    { check: 'latency', measure: LATENCY_PERCENTILE, label, unit: 'ms', limit: limitMs, onLimit: 'hold' },
  ];
}
