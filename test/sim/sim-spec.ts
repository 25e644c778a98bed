// A spec with a check of every kind, and the traffic behind it, for tests of what the simulated metrics show.
import type { CustomCheck, ServiceSpec } from '../../src/core/service-spec.ts';
import type { Behaviour, VersionTruth } from '../../src/sim/traffic-behaviour.ts';
import { constantLoad } from '../../src/sim/traffic-load.ts';
import { type TrafficModel, type TrafficTruth, trafficModel } from '../../src/sim/traffic-model.ts';
import { LATENCY } from '../support/rollout-fixtures.ts';

export { LATENCY };

export const START_MS = Date.parse('2026-11-21T09:00:00Z');

export const GOOD: Behaviour = {
  errorPercent: 0,
  http500Percent: 0,
  hangPercent: 0,
  p50Ms: 80,
  p95Ms: 240,
  tailPercent: 0,
  tailSlowerMs: 0,
  throttledPercent: 0,
  ratePercents: {},
  levels: {},
};

const series = (name: string) => ({
  namespace: 'Shop',
  name,
  stat: 'Sum',
  dimensions: { Version: '{version}' },
});
const CUSTOM: readonly CustomCheck[] = [
  {
    kind: 'rate',
    name: 'conversion',
    metric: series('Orders'),
    per: null,
    better: 'higher',
    toleranceRatio: 0.95,
    lagSeconds: 120,
  },
  { kind: 'value', name: 'basket', metric: series('Basket'), better: 'higher', toleranceRatio: 0.9 },
  { kind: 'gauge', name: 'cpu', metric: series('Cpu'), limit: null, onLimit: 'hold' },
];

export function simSpec(checks: Partial<ServiceSpec['checks']> = {}): ServiceSpec {
  return {
    service: 'shop',
    target: { kind: 'lambda-alias', functionName: 'shop-api', alias: 'live', interface: 'event' },
    stages: [{ weightPercent: 50, bakeSeconds: 600 }],
    checks: {
      errors: { toleranceRatio: 1.5, floorPercent: 0.1, limitPercent: 1, http5xx: null },
      latency: LATENCY,
      throttlesLimitPercent: 1,
      custom: [...CUSTOM],
      alarms: [],
      ...checks,
    },
    maxHoldSeconds: 1200,
    sensitivity: 'normal',
    onInconclusive: 'ask',
    notify: null,
    waivers: {},
  };
}

export function versionTruth(
  behaviour: Partial<Behaviour> = {},
  more: Partial<VersionTruth> = {},
): VersionTruth {
  return { behaviour: { ...GOOD, ...behaviour }, changes: [], leak: null, coldStarts: null, ...more };
}

/** Stable is good, 6,000 requests a minute come. */
export function simTraffic(
  canary: VersionTruth = versionTruth(),
  more: Partial<TrafficTruth> = {},
): TrafficModel {
  return trafficModel({
    load: constantLoad(6000),
    versions: { stable: versionTruth(), canary },
    incidents: [],
    badAboveMs: null,
    seed: 1,
    fromMs: START_MS,
    ...more,
  });
}
