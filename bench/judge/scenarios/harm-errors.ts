// Bad canaries that fail requests, from twice to a thousand times the usual rate.
import { recordedLoad } from '../traces/recorded.ts';
import { type Harm, type Scenario, USUAL_NOISE, type When } from '../traces/scenario.ts';
import { CHECKOUT, IMAGES, INGEST, LOGIN, NIGHT, PARTNERS, SEARCH } from '../traces/services.ts';
import { type Given, harmful } from './given.ts';

function errors(toShare: number, when: When = {}): readonly Harm[] {
  return [{ kind: 'errors', toShare, ...when }];
}

const steady = (given: Given): Scenario => harmful('errors from the start', given);

const FROM_THE_START: readonly Scenario[] = [
  steady({ name: 'errors-x2-login', says: '1 → 2 %', service: LOGIN, harm: errors(0.02) }),
  steady({ name: 'errors-x3-search', says: '0.2 → 0.6 %', service: SEARCH, harm: errors(0.006) }),
  steady({ name: 'errors-x5', says: '0.05 → 0.25 %', service: CHECKOUT, harm: errors(0.0025) }),
  steady({ name: 'errors-x10', says: '0.05 → 0.5 %', service: CHECKOUT, harm: errors(0.005) }),
  steady({ name: 'errors-x20', says: '0.05 → 1 %', service: CHECKOUT, harm: errors(0.01) }),
  steady({ name: 'errors-x100', says: '0.05 → 5 %', service: CHECKOUT, harm: errors(0.05) }),
  steady({ name: 'errors-x1000', says: '0.05 → 50 %', service: CHECKOUT, harm: errors(0.5) }),
  steady({ name: 'errors-ingest', says: '0 → 0.5 %', service: INGEST, harm: errors(0.005) }),
  steady({ name: 'errors-images', says: '0.1 → 2 %', service: IMAGES, harm: errors(0.02) }),
  steady({
    name: 'errors-partners',
    says: '3 → 9 %, in clusters of 3',
    service: PARTNERS,
    noise: { ...USUAL_NOISE, errorSd: 0.3, clusterSize: 3 },
    harm: errors(0.09),
  }),
  steady({ name: 'errors-night', says: '0.1 → 50 %, 5 requests/min', service: NIGHT, harm: errors(0.5) }),
  steady({ name: 'errors-night-all', says: 'all fail, 5 requests/min', service: NIGHT, harm: errors(1) }),
];

const timed = (given: Given): Scenario => harmful('errors in their own time', given);

const TIMED: readonly Scenario[] = [
  timed({
    name: 'errors-late-x20',
    says: '1 %, begins in minute 12–30',
    service: CHECKOUT,
    harm: errors(0.01, { fromMinute: [12, 30] }),
  }),
  timed({
    name: 'errors-late-x100',
    says: '5 %, begins in minute 12–30',
    service: CHECKOUT,
    harm: errors(0.05, { fromMinute: [12, 30] }),
  }),
  timed({
    name: 'errors-from-25',
    says: '1 % from 25 % of traffic on',
    service: CHECKOUT,
    harm: errors(0.01, { fromWeightPercent: 25 }),
  }),
  timed({
    name: 'errors-from-50',
    says: '4 % from 50 % of traffic on',
    service: SEARCH,
    harm: errors(0.04, { fromWeightPercent: 50 }),
  }),
  timed({
    name: 'errors-from-95',
    says: '5 % from 95 % of traffic on',
    service: CHECKOUT,
    harm: errors(0.05, { fromWeightPercent: 95 }),
  }),
  timed({
    name: 'errors-ramp',
    says: 'grow to 5 % in 25 min',
    service: CHECKOUT,
    harm: errors(0.05, { rampMinutes: 25 }),
  }),
  timed({
    name: 'errors-each-third-minute',
    says: '4 % in each third minute',
    service: CHECKOUT,
    harm: errors(0.04, { everyMinutes: 3 }),
  }),
];

const dim = (given: Given): Scenario => harmful('errors behind noise', given);

const BEHIND_NOISE: readonly Scenario[] = [
  dim({
    name: 'errors-clustered',
    says: '1 %, usual errors in clusters of 4',
    service: CHECKOUT,
    noise: { ...USUAL_NOISE, clusterSize: 4 },
    harm: errors(0.01),
  }),
  dim({
    name: 'errors-private-noise',
    says: '1 → 4 %, noise of each version',
    service: LOGIN,
    noise: { ...USUAL_NOISE, privateErrorSd: 0.4, privateLatencySd: 0.03 },
    harm: errors(0.04),
  }),
  dim({
    name: 'errors-in-incident',
    says: '2 %, while both fail for a while',
    service: CHECKOUT,
    incident: { minutes: [4, 10], startPart: [0, 0.2], errorShare: 0.1, latencyFactor: null },
    harm: errors(0.02),
  }),
  dim({
    name: 'errors-missing',
    says: '1 %, 12 % of periods missing',
    service: CHECKOUT,
    missingShare: 0.12,
    harm: errors(0.01),
  }),
  dim({
    name: 'errors-recorded',
    says: '1 %, recorded load',
    service: CHECKOUT,
    load: recordedLoad('elb_request_count_8c0756.csv'),
    harm: errors(0.01),
  }),
];

const planned = (plan: string, given: Given): Scenario =>
  harmful('errors under other plans and clocks', { plan, ...given });

const OTHER_PLANS: readonly Scenario[] = [
  planned('quick', { name: 'errors-quick', says: '1 %, quick', service: CHECKOUT, harm: errors(0.01) }),
  planned('careful', {
    name: 'errors-careful',
    says: '0.5 %, careful',
    service: CHECKOUT,
    harm: errors(0.005),
  }),
  planned('LambdaCanary10Percent5Minutes', {
    name: 'errors-canary10',
    says: '5 %, LambdaCanary10Percent5Minutes',
    service: CHECKOUT,
    harm: errors(0.05),
  }),
  planned('LambdaCanary10Percent5Minutes', {
    name: 'errors-canary10-half',
    says: '50 %, LambdaCanary10Percent5Minutes',
    service: SEARCH,
    harm: errors(0.5),
  }),
  planned('LambdaLinear10PercentEvery1Minute', {
    name: 'errors-linear',
    says: '5 %, LambdaLinear10PercentEvery1Minute',
    service: LOGIN,
    harm: errors(0.05),
  }),
  planned('ECSAllAtOnce', {
    name: 'errors-all-at-once',
    says: '5 %, nothing left on stable',
    service: CHECKOUT,
    harm: errors(0.05),
  }),
  planned('standard', {
    name: 'errors-10s',
    says: '1 %, periods of 10 s',
    service: CHECKOUT,
    periodSec: 10,
    harm: errors(0.01),
  }),
  planned('standard', {
    name: 'errors-300s',
    says: '1 %, periods of 300 s',
    service: CHECKOUT,
    periodSec: 300,
    harm: errors(0.01),
  }),
];

export const HARM_ERRORS: readonly Scenario[] = [
  ...FROM_THE_START,
  ...TIMED,
  ...BEHIND_NOISE,
  ...OTHER_PLANS,
];
