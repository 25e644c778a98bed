// What both versions of a service meet in each period: load, the usual error rate, how slow everything is.
import type { Random } from '../../../src/sim/random.ts';
import { drawFactor, drawNormal, drawUniform } from './draw.ts';
import { requestRates } from './load.ts';
import type { Incident, Scenario, ServiceProfile } from './scenario.ts';
import type { Slot } from './timeline.ts';

export interface Weather {
  readonly requestsPerMinute: number;
  readonly errorShare: number;
  /** How many times slower than usual requests are. */
  readonly latencyFactor: number;
}

/** Of a drift, the part that is left after one period. */
const DRIFT_MEMORY = 0.8;

/** @param slots the history and the rollout, in order */
export function climateOf(
  random: Random,
  scenario: Scenario,
  service: ServiceProfile,
  slots: readonly Slot[],
): readonly Weather[] {
  const { noise, load } = scenario;
  const rates = requestRates(random, load, service.requestsPerMinute, noise.loadSd, slots);
  const drift = drifts(random, noise.latencyDriftSd, slots.length);
  const isHit = incidentSlots(random, scenario.incident, slots, scenario.periodSec);
  return slots.map((_, i) => {
    const usual = service.errorShare * drawFactor(random, noise.errorSd);
    const incident = isHit[i] === true ? scenario.incident : null;
    return {
      requestsPerMinute: rates[i] ?? 0,
      errorShare: Math.min(1, Math.max(usual, incident?.errorShare ?? 0)),
      latencyFactor: (drift[i] ?? 1) * (incident?.latencyFactor ?? 1),
    };
  });
}

/** Factors around 1 whose logarithms are an autoregression of order 1. */
export function drifts(random: Random, logSd: number, count: number): readonly number[] {
  let log = 0;
  return Array.from({ length: count }, () => {
    log = DRIFT_MEMORY * log + (logSd === 0 ? 0 : logSd * drawNormal(random));
    return Math.exp(log);
  });
}

function incidentSlots(
  random: Random,
  incident: Incident | null,
  slots: readonly Slot[],
  periodSec: number,
): readonly boolean[] {
  if (incident === null) return [];
  const endSec = (slots.at(-1)?.t ?? 0) + periodSec;
  const fromSec = drawUniform(random, incident.startPart) * endSec;
  const untilSec = fromSec + drawUniform(random, incident.minutes) * 60;
  return slots.map(({ t }) => t >= 0 && t + periodSec > fromSec && t < untilSec);
}
