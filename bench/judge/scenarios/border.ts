// Canaries exactly on Stepshift's tolerances. Its judge may roll back one in a hundred of them; the peers know no such border.
import { type Harm, type Noise, type Scenario, USUAL_NOISE } from '../traces/scenario.ts';
import { CHECKOUT, LOGIN, SEARCH } from '../traces/services.ts';
import { bordering } from './given.ts';

/** Rates that wander, or latency that differs by itself, would leave the border. */
const EXACT: Noise = { ...USUAL_NOISE, errorSd: 0, privateLatencySd: 0 };

const ERRORS_AT_FLOOR: Harm = { kind: 'errors', toShare: 0.001 };
const ERRORS_AT_RATIO: Harm = { kind: 'errors', toShare: 1.5 * LOGIN.errorShare };
const SLOWER: Harm = { kind: 'latency', factor: 1.25, ofShare: 1 };
const LOSING: Harm = { kind: 'kpi', lostShare: 0.05 };

export const BORDER: readonly Scenario[] = [
  bordering({
    name: 'border-errors-floor',
    says: 'errors at 0.1 % (stable 0.05 %)',
    service: CHECKOUT,
    noise: EXACT,
    harm: [ERRORS_AT_FLOOR],
  }),
  bordering({
    name: 'border-errors-ratio',
    says: 'errors at 1.5 × stable (1 %)',
    service: LOGIN,
    noise: EXACT,
    harm: [ERRORS_AT_RATIO],
  }),
  bordering({
    name: 'border-latency',
    says: 'exactly 25 % slower',
    service: CHECKOUT,
    noise: EXACT,
    harm: [SLOWER],
  }),
  bordering({
    name: 'border-latency-search',
    says: 'exactly 25 % slower, two modes',
    service: SEARCH,
    noise: EXACT,
    harm: [SLOWER],
  }),
  bordering({
    name: 'border-kpi',
    says: 'exactly 5 % fewer sales',
    service: CHECKOUT,
    noise: EXACT,
    harm: [LOSING],
  }),
  bordering({
    name: 'border-all',
    says: 'all three at once',
    service: CHECKOUT,
    noise: EXACT,
    harm: [ERRORS_AT_FLOOR, SLOWER, LOSING],
  }),
];
