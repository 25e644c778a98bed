// Bad canaries that are slow, lose conversions or fall silent.
import type { Harm, Scenario, When } from '../traces/scenario.ts';
import { CHECKOUT, EDGE, IMAGES, LOGIN, SEARCH } from '../traces/services.ts';
import { type Given, harmful } from './given.ts';

function slower(factor: number, when: When & { readonly ofShare?: number } = {}): readonly Harm[] {
  return [{ kind: 'latency', factor, ofShare: 1, ...when }];
}

function losing(lostShare: number, when: When = {}): readonly Harm[] {
  return [{ kind: 'kpi', lostShare, ...when }];
}

/** One request in 120 waits five seconds longer. */
const THIN_TAIL: readonly Harm[] = [{ kind: 'tail', addedMs: 5000, ofShare: 0.008 }];
const COLD = { share: 0.08, minutes: 4, addedMs: 900, isCounted: false };

const slow = (given: Given): Scenario => harmful('latency', given);

const LATENCY: readonly Scenario[] = [
  slow({ name: 'latency-x1.4', says: '40 % slower', service: CHECKOUT, harm: slower(1.4) }),
  slow({ name: 'latency-x1.4-edge', says: '40 % slower, two modes', service: EDGE, harm: slower(1.4) }),
  slow({ name: 'latency-x2', says: 'twice as slow', service: CHECKOUT, harm: slower(2) }),
  slow({ name: 'latency-x2-images', says: 'twice as slow, wide spread', service: IMAGES, harm: slower(2) }),
  slow({ name: 'latency-x2-search', says: 'twice as slow, two modes', service: SEARCH, harm: slower(2) }),
  slow({ name: 'latency-x5', says: 'five times slower', service: CHECKOUT, harm: slower(5) }),
  slow({
    name: 'latency-late',
    says: 'twice as slow from minute 12–30 on',
    service: CHECKOUT,
    harm: slower(2, { fromMinute: [12, 30] }),
  }),
  slow({
    name: 'latency-from-50',
    says: 'three times slower from 50 % of traffic on',
    service: LOGIN,
    harm: slower(3, { fromWeightPercent: 50 }),
  }),
  slow({
    name: 'latency-of-a-tenth',
    says: 'a tenth of requests five times slower',
    service: CHECKOUT,
    harm: slower(5, { ofShare: 0.1 }),
  }),
  slow({
    name: 'latency-leak',
    says: 'grows to four times slower in 40 min',
    service: CHECKOUT,
    harm: slower(4, { rampMinutes: 40 }),
  }),
  slow({ name: 'latency-thin-tail', says: '0.8 % wait 5 s more', service: CHECKOUT, harm: THIN_TAIL }),
  slow({
    name: 'latency-thin-tail-cold',
    says: 'the same behind cold starts',
    service: CHECKOUT,
    warmUp: COLD,
    harm: THIN_TAIL,
  }),
  slow({
    name: 'latency-x2-cold',
    says: 'twice as slow behind cold starts',
    service: CHECKOUT,
    warmUp: COLD,
    harm: slower(2),
  }),
  slow({
    name: 'latency-x2-incident',
    says: 'twice as slow while both are slow for a while',
    service: CHECKOUT,
    incident: { minutes: [4, 10], startPart: [0, 0.2], errorShare: null, latencyFactor: 2.5 },
    harm: slower(2),
  }),
];

const business = (given: Given): Scenario => harmful('KPI', given);

const KPI: readonly Scenario[] = [
  business({ name: 'kpi-20', says: '20 % fewer sales', service: CHECKOUT, harm: losing(0.2) }),
  business({ name: 'kpi-20-search', says: '20 % fewer, more traffic', service: SEARCH, harm: losing(0.2) }),
  business({ name: 'kpi-50', says: 'half the sales', service: CHECKOUT, harm: losing(0.5) }),
  business({ name: 'kpi-100', says: 'no sales', service: CHECKOUT, harm: losing(1) }),
  business({
    name: 'kpi-50-late',
    says: 'half from minute 12–30 on',
    service: CHECKOUT,
    harm: losing(0.5, { fromMinute: [12, 30] }),
  }),
];

const silent = (given: Given): Scenario => harmful('silence and mixtures', given);

const OTHER: readonly Scenario[] = [
  silent({
    name: 'silent',
    says: 'the canary never reports',
    service: CHECKOUT,
    harm: [{ kind: 'silence' }],
  }),
  silent({
    name: 'silent-late',
    says: 'falls silent in minute 12–30',
    service: CHECKOUT,
    harm: [{ kind: 'silence', fromMinute: [12, 30] }],
  }),
  silent({
    name: 'slow-and-failing',
    says: '0.05 → 0.3 % and 50 % slower',
    service: CHECKOUT,
    harm: [...slower(1.5), { kind: 'errors', toShare: 0.003 }],
  }),
];

export const HARM_OTHER: readonly Scenario[] = [...LATENCY, ...KPI, ...OTHER];
