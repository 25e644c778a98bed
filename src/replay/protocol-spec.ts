// The service that a `start` message of the line protocol stands for: our defaults, and the operator's limits.
import type { ServiceSpec } from '../core/service-spec.ts';
import type { StartMessage } from './line-protocol.ts';
import { CONVERSION } from './rows.ts';

/** The protocol knows the share of requests that failed, never above this in a service file. */
const MAX_PERCENT = 100;

/** 0.07 → 7, without the dust of binary fractions. */
export function percentOf(share: number): number {
  return Number((share * 100).toPrecision(12));
}

export function specOf({ plan, policy, history }: StartMessage): ServiceSpec {
  // who records conversions has them in every row; without a history nobody knows, and a stream without data is silent
  const hasKpi = history.length === 0 || history.some(({ stable }) => stable?.conversions !== undefined);
  const limitPercent = Math.min(MAX_PERCENT, (policy.errorRateMax ?? 0.01) * 100);
  return {
    service: 'recorded',
    target: { kind: 'lambda-alias', functionName: 'recorded', alias: 'live', interface: 'event' },
    stages: plan.map(({ weight, minutes }) => ({
      weightPercent: percentOf(weight),
      bakeSeconds: Math.round(minutes * 60),
    })),
    checks: {
      errors: {
        toleranceRatio: 1.5,
        floorPercent: Math.min(0.1, limitPercent / 2),
        limitPercent,
        http5xx: null,
      },
      latency: {
        toleranceRatio: 1.25,
        limitMs: policy.p99MaxMs ?? 500,
        quantile: policy.p99MaxMs === undefined ? 0.95 : 0.99,
        onLimit: 'alert',
        warmUpSeconds: 300,
        coldStarts: null,
      },
      throttlesLimitPercent: null,
      alarms: [],
      custom: hasKpi
        ? [
            {
              kind: 'rate',
              name: CONVERSION,
              metric: { namespace: 'Recorded', name: 'Conversions', stat: 'Sum', dimensions: {} },
              per: null,
              better: 'higher',
              toleranceRatio: 0.95,
              // a row has the conversions of its own requests
              lagSeconds: 0,
            },
          ]
        : [],
    },
    maxHoldSeconds: 1200,
    sensitivity: 'normal',
    onInconclusive: 'ask',
    notify: null,
    waivers: {},
  };
}
