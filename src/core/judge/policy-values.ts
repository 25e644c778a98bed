// Values that people see beside stable's, and those they are told of when they stay over a limit. Neither moves traffic.
import type { ServiceSpec } from '../service-spec.ts';
import { ERRORS, LATENCY_PERCENTILE, percentileName, responseTimeName } from './measures.ts';

type Checks = ServiceSpec['checks'];

export interface ValuePolicy {
  readonly check: string;
  readonly measure: string;
  readonly label: string;
  readonly unit: string;
  readonly better: 'higher' | 'lower';
  readonly toleranceRatio: number;
}

/** Told to people when it is over its limit for some periods in a row. */
export interface AlertPolicy {
  readonly check: string;
  /** `errors`, or the measure of a value. */
  readonly measure: string;
  readonly label: string;
  readonly unit: '%' | 'ms';
  readonly limit: number;
  /** After a raise it is not looked at for so long. */
  readonly warmUpSeconds: number;
}

export function valuePolicies({ latency, custom }: Checks): readonly ValuePolicy[] {
  const own = custom.flatMap((check): ValuePolicy[] => {
    if (check.kind !== 'value') return [];
    const { name, better, toleranceRatio } = check;
    return [{ check: name, measure: name, label: name, unit: '', better, toleranceRatio }];
  });
  if (latency === null) return own;
  const percentile: ValuePolicy = {
    check: 'latency',
    measure: LATENCY_PERCENTILE,
    label: responseTimeName(latency.quantile),
    unit: 'ms',
    better: 'lower',
    toleranceRatio: latency.toleranceRatio,
  };
  return [percentile, ...own];
}

export function alertPolicies({ errors, latency }: Checks): readonly AlertPolicy[] {
  const failed = {
    check: 'errors',
    measure: ERRORS,
    label: 'error rate',
    unit: '%',
    limit: errors.limitPercent,
    warmUpSeconds: 0,
  } as const;
  if (latency === null) return [failed];
  const slow = {
    check: 'latency',
    measure: LATENCY_PERCENTILE,
    label: percentileName(latency.quantile),
    unit: 'ms',
    limit: latency.limitMs,
    warmUpSeconds: latency.warmUpSeconds,
  } as const;
  return [failed, slow];
}
