// CPU, memory, throttles, queue depth: few, autocorrelated values. They never prove harm; they are a reason to wait.
import type { ServiceSpec } from '../service-spec.ts';
import { THROTTLES } from './measures.ts';

export interface GaugePolicy {
  readonly check: string;
  readonly measure: string;
  readonly label: string;
  readonly unit: string;
  /** In the gauge's own unit; null: held to stable's band. */
  readonly limit: number | null;
  readonly onLimit: 'hold' | 'rollback';
}

export function gaugePolicies({
  custom,
  throttlesLimitPercent,
}: ServiceSpec['checks']): readonly GaugePolicy[] {
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
  if (throttlesLimitPercent === null) return own;
  const throttles: GaugePolicy = {
    check: 'throttles',
    measure: THROTTLES,
    label: 'throttled requests',
    unit: '%',
    limit: throttlesLimitPercent,
    onLimit: 'hold',
  };
  return [...own, throttles];
}
