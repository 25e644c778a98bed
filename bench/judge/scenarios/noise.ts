// Healthy canaries under plain noise: many services, loads, plans and clocks. A rollback here is false.
import { recordedLoad } from '../traces/recorded.ts';
import { type Scenario, USUAL_NOISE } from '../traces/scenario.ts';
import {
  CHECKOUT,
  EDGE,
  IMAGES,
  INGEST,
  LOGIN,
  NIGHT,
  PARTNERS,
  REPORTS,
  SEARCH,
} from '../traces/services.ts';
import { type Given, healthy } from './given.ts';

/** Plans of hours and clocks of seconds cost as much as several others. */
const ROLLOUTS_LONG = 100;

const noise = (given: Given): Scenario => healthy('plain noise', given);
const plan = (name: string, given: Partial<Scenario> = {}): Scenario =>
  healthy('other plans and clocks', {
    name: `plan-${name}`,
    says: `plan ${name}`,
    service: CHECKOUT,
    plan: name,
    ...given,
  });

const NOISE: readonly Scenario[] = [
  noise({ name: 'steady-checkout', says: 'steady load', service: CHECKOUT }),
  noise({ name: 'steady-edge', says: 'huge load, cache hits and misses', service: EDGE }),
  noise({ name: 'steady-ingest', says: 'no errors at all', service: INGEST }),
  noise({
    name: 'daily-search',
    says: 'daily swing, two latency modes',
    service: SEARCH,
    load: { kind: 'daily', swingRatio: 0.8 },
  }),
  noise({ name: 'chronic-login', says: '1 % errors always', service: LOGIN }),
  noise({
    name: 'chronic-partners',
    says: '3 % errors always, in clusters of 3',
    service: PARTNERS,
    noise: { ...USUAL_NOISE, errorSd: 0.3, clusterSize: 3 },
  }),
  noise({ name: 'spread-images', says: 'latency spread over decades', service: IMAGES }),
  noise({ name: 'slow-reports', says: 'few and slow requests', service: REPORTS }),
  noise({ name: 'thin-night', says: '5 requests a minute', service: NIGHT }),
  noise({
    name: 'monday-ramp',
    says: 'load grows sixfold in 100 min',
    service: CHECKOUT,
    load: { kind: 'ramp', factor: 6 },
  }),
  noise({
    name: 'walking-load',
    says: 'load is a random walk',
    service: LOGIN,
    load: { kind: 'walk', logSdPerMinute: 0.08 },
  }),
  noise({
    name: 'recorded-balancer',
    says: 'recorded load of a load balancer',
    service: CHECKOUT,
    load: recordedLoad('elb_request_count_8c0756.csv'),
  }),
  noise({
    name: 'recorded-mentions',
    says: 'recorded load with bursts',
    service: SEARCH,
    load: recordedLoad('Twitter_volume_AMZN_head.csv'),
  }),
  noise({
    name: 'clustered-errors',
    says: 'errors in clusters of 4',
    service: CHECKOUT,
    noise: { ...USUAL_NOISE, clusterSize: 4 },
  }),
  noise({
    name: 'private-noise',
    says: 'each version has noise of its own',
    service: LOGIN,
    noise: { ...USUAL_NOISE, privateErrorSd: 0.4, privateLatencySd: 0.03 },
  }),
  noise({
    name: 'wild-noise',
    says: 'clusters of 6, rates and latency of each version wander',
    service: SEARCH,
    noise: {
      loadSd: 0.2,
      errorSd: 0.5,
      latencyDriftSd: 0.08,
      privateErrorSd: 0.4,
      privateLatencySd: 0.04,
      clusterSize: 6,
    },
  }),
  noise({
    name: 'drifting-latency',
    says: 'latency of both drifts widely',
    service: SEARCH,
    noise: { ...USUAL_NOISE, latencyDriftSd: 0.12 },
  }),
  noise({ name: 'missing-data', says: '12 % of periods missing', service: CHECKOUT, missingShare: 0.12 }),
];

const PLANS: readonly Scenario[] = [
  plan('quick'),
  plan('careful', { rollouts: ROLLOUTS_LONG }),
  plan('LambdaCanary10Percent5Minutes'),
  plan('LambdaCanary10Percent30Minutes'),
  plan('LambdaLinear10PercentEvery1Minute'),
  plan('LambdaLinear10PercentEvery3Minutes', { service: LOGIN }),
  plan('ECSAllAtOnce', { service: SEARCH }),
  plan('standard', { name: 'clock-10s', says: 'periods of 10 s', periodSec: 10, rollouts: ROLLOUTS_LONG }),
  plan('standard', { name: 'clock-300s', says: 'periods of 300 s', periodSec: 300 }),
];

export const NOISES: readonly Scenario[] = [...NOISE, ...PLANS];
