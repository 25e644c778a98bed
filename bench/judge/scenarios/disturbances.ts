// Healthy canaries that something else disturbs: incidents of both versions, cold starts, one client. A rollback is false.
import type { Incident, Scenario, WarmUp } from '../traces/scenario.ts';
import { CHECKOUT, LOGIN, SEARCH } from '../traces/services.ts';
import { type Given, healthy } from './given.ts';

const ERRORS_INCIDENT: Incident = {
  minutes: [3, 12],
  startPart: [0.02, 0.9],
  errorShare: 0.25,
  latencyFactor: null,
};
const LATENCY_INCIDENT: Incident = { ...ERRORS_INCIDENT, errorShare: null, latencyFactor: 3 };

const incident = (given: Given): Scenario => healthy('shared incidents', given);

const INCIDENTS: readonly Scenario[] = [
  incident({
    name: 'incident-errors',
    says: 'both fail 25 % for 3–12 min',
    service: CHECKOUT,
    incident: ERRORS_INCIDENT,
  }),
  incident({
    name: 'incident-errors-login',
    says: 'the same, fewer requests',
    service: LOGIN,
    incident: ERRORS_INCIDENT,
  }),
  incident({
    name: 'incident-outage',
    says: 'both fail 90 % for 2–5 min',
    service: SEARCH,
    incident: { ...ERRORS_INCIDENT, minutes: [2, 5], errorShare: 0.9 },
  }),
  incident({
    name: 'incident-latency',
    says: 'both three times slower',
    service: CHECKOUT,
    incident: LATENCY_INCIDENT,
  }),
  incident({
    name: 'incident-latency-search',
    says: 'the same, two latency modes',
    service: SEARCH,
    incident: LATENCY_INCIDENT,
  }),
  incident({
    name: 'incident-both',
    says: 'both fail and slow down',
    service: LOGIN,
    incident: { ...ERRORS_INCIDENT, latencyFactor: 3 },
  }),
  incident({
    name: 'incident-last-stage',
    says: 'both fail while 5 % are on stable',
    service: CHECKOUT,
    incident: { ...ERRORS_INCIDENT, startPart: [0.78, 0.95] },
  }),
  incident({
    name: 'incident-linear',
    says: 'both fail under a linear plan',
    service: CHECKOUT,
    plan: 'LambdaLinear10PercentEvery3Minutes',
    incident: { ...ERRORS_INCIDENT, minutes: [2, 6] },
  }),
];

const WARM_UP: WarmUp = { share: 0.08, minutes: 4, addedMs: 900, isCounted: false };
const warmUp = (given: Given): Scenario => healthy('cold starts', { warmUp: WARM_UP, ...given });

const WARM_UPS: readonly Scenario[] = [
  warmUp({ name: 'cold-uncounted', says: '8 % cold after a raise, not counted', service: CHECKOUT }),
  warmUp({
    name: 'cold-counted',
    says: 'the same, counted',
    service: CHECKOUT,
    warmUp: { ...WARM_UP, isCounted: true },
  }),
  warmUp({
    name: 'cold-search',
    says: '4 % cold, two latency modes',
    service: SEARCH,
    warmUp: { ...WARM_UP, share: 0.04 },
  }),
  warmUp({
    name: 'cold-many-counted',
    says: '30 % cold after a raise, counted',
    service: LOGIN,
    warmUp: { ...WARM_UP, share: 0.3, isCounted: true },
  }),
  warmUp({
    name: 'cold-linear',
    says: '8 % cold, a raise each 3 min',
    service: CHECKOUT,
    plan: 'LambdaLinear10PercentEvery3Minutes',
    warmUp: { ...WARM_UP, minutes: 2 },
  }),
];

const client = (given: Given): Scenario => healthy('one client', { client: [20, 95], ...given });

const CLIENTS: readonly Scenario[] = [
  client({ name: 'client-checkout', says: '20–95 bad requests in one period', service: CHECKOUT }),
  client({ name: 'client-search', says: 'the same, more requests', service: SEARCH }),
];

export const DISTURBANCES: readonly Scenario[] = [...INCIDENTS, ...WARM_UPS, ...CLIENTS];

const weakness = (given: Given): Scenario => ({ ...healthy('weakness', given), class: 'weakness' });

/** What the judge cannot tell from harm, or acts on by design. Shown apart, so that no mean hides it. */
export const WEAKNESSES: readonly Scenario[] = [
  weakness({
    name: 'incident-without-control',
    says: 'both fail while all traffic is on the canary',
    service: CHECKOUT,
    plan: 'ECSAllAtOnce',
    incident: { ...ERRORS_INCIDENT, startPart: [0, 0.5] },
  }),
  weakness({
    name: 'client-large',
    says: '200–500 bad requests of one client',
    service: CHECKOUT,
    client: [200, 500],
  }),
];
