// The service that a `start` message of the line protocol stands for: our defaults, and the operator's limits.
import { parseServiceFile } from '../core/service-file.ts';
import type { ServiceSpec } from '../core/service-spec.ts';
import type { StartMessage } from './line-protocol.ts';
import { CONVERSION } from './rows.ts';

/** The protocol knows the share of requests that failed, never above this in a service file. */
const MAX_PERCENT = 100;

/** 0.07 → 7, without the dust of binary fractions. */
export function percentOf(share: number): number {
  return Number((share * 100).toPrecision(12));
}

/** What a service file that says nothing means, with the KPI that a row has of its own requests. */
function usualSpec(): ServiceSpec {
  return parseServiceFile({
    service: 'recorded',
    target: { lambdaAlias: { function: 'recorded', alias: 'live', interface: 'event' } },
    checks: {
      throttles: false,
      [CONVERSION]: {
        metric: { namespace: 'Recorded', name: 'Conversions' },
        per: 'request',
        better: 'higher',
        lag: '0s',
      },
    },
  });
}

/** Percentile that `p99MaxMs` is about. */
const LIMITED_QUANTILE = 0.99;

export function specOf({ plan, policy, history }: StartMessage): ServiceSpec {
  const usual = usualSpec();
  const { errors, latency, custom } = usual.checks;
  const { errorRateMax, p99MaxMs } = policy;
  const limitPercent =
    errorRateMax === undefined ? errors.limitPercent : Math.min(MAX_PERCENT, errorRateMax * 100);
  // who records conversions has them in every row; without a history nobody knows, and a stream without data is silent
  const hasKpi = history.length === 0 || history.some(({ stable }) => stable?.conversions !== undefined);
  return {
    ...usual,
    stages: plan.map(({ weight, minutes }) => ({
      weightPercent: percentOf(weight),
      bakeSeconds: Math.round(minutes * 60),
    })),
    checks: {
      ...usual.checks,
      errors: { ...errors, limitPercent, floorPercent: Math.min(errors.floorPercent, limitPercent / 2) },
      latency:
        latency === null || p99MaxMs === undefined
          ? latency
          : { ...latency, limitMs: p99MaxMs, quantile: LIMITED_QUANTILE },
      custom: hasKpi ? custom : [],
    },
  };
}
