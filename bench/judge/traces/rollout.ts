// One rollout as a judge sees it, and what only the benchmark knows: when harm began and how many requests it spoiled.
import type { EndMessage, PeriodMessage, StartMessage } from '../../../src/replay/line-protocol.ts';
import type { Random } from '../../../src/sim/random.ts';
import { climateOf, drifts, type Weather } from './climate.ts';
import { drawUniform } from './draw.ts';
import { planHarm, waiting } from './harm.ts';
import { bucketShares, expectedQuantile, LATENCY_EDGES_MS } from './latency.ts';
import { drawHistoryRow, drawPeriod, type World } from './period.ts';
import { rolloutRandom } from './random.ts';
import type { Scenario, ServiceProfile } from './scenario.ts';
import { historySlots, rolloutSlots, stagesOf } from './timeline.ts';

interface Truth {
  /** Start of the first period in which harm acts, seconds; null where none does. */
  readonly onsetSec: number | null;
  /** Per period: requests that the canary spoiled and stable would not have. */
  readonly bad: readonly number[];
}

export interface Trace {
  readonly start: StartMessage;
  readonly periods: readonly PeriodMessage[];
  readonly end: EndMessage;
  readonly truth: Truth;
}

/** What an operator allows at the least, whatever is usual. */
const LEAST_ERROR_LIMIT = 0.01;
/** … and how far beyond what is usual the absolute limits lie. */
const LIMIT_FACTOR = 2;

/** Same arguments, same trace. */
export function traceOf(scenario: Scenario, seed: number, index: number): Trace {
  const random = rolloutRandom(seed, scenario.name, index);
  const before = historySlots(scenario.periodSec);
  const slots = rolloutSlots(scenario.plan, scenario.periodSec);
  const world = worldOf(random, scenario, slots.length);
  const climate = climateOf(random, scenario, world.service, [...before, ...slots]);
  const id = `${scenario.name}#${index}`;
  const history = before.map(({ t }, i) => ({ t, stable: drawHistoryRow(world, weatherAt(climate, i)) }));
  const stableDrifts = drifts(random, scenario.noise.privateLatencySd, slots.length);
  const canaryDrifts = drifts(random, scenario.noise.privateLatencySd, slots.length);
  const results = slots.map((slot, i) =>
    drawPeriod(world, id, slot, {
      weather: weatherAt(climate, before.length + i),
      stableFactor: stableDrifts[i] ?? 1,
      canaryFactor: canaryDrifts[i] ?? 1,
      isClientHere: i === world.clientPeriod,
    }),
  );
  return {
    start: startMessage(world, id, history),
    periods: results.map(({ message }) => message),
    end: { type: 'end', id },
    truth: {
      onsetSec: results.find(({ isHarmful }) => isHarmful)?.message.t ?? null,
      bad: results.map(({ bad }) => bad),
    },
  };
}

function weatherAt(climate: readonly Weather[], index: number): Weather {
  const weather = climate[index];
  if (weather === undefined) throw new RangeError(`no weather in period ${index}`);
  return weather;
}

/** No two services of a kind are equal: a rollout draws its own load and speed. */
function worldOf(random: Random, scenario: Scenario, periods: number): World {
  const speed = drawUniform(random, [0.8, 1.25]);
  const usual = scenario.service;
  const service: ServiceProfile = {
    ...usual,
    requestsPerMinute: usual.requestsPerMinute * drawUniform(random, [0.75, 1.35]),
    latency: usual.latency.map((mode) => ({ ...mode, medianMs: mode.medianMs * speed })),
  };
  const latency = bucketShares(service.latency);
  return {
    random,
    scenario,
    service,
    harm: planHarm(random, scenario.harm),
    usualP95Ms: expectedQuantile(latency, 0.95),
    usualP99Ms: expectedQuantile(latency, 0.99),
    coldLatency: scenario.warmUp === null ? null : waiting(service, scenario.warmUp.addedMs),
    clientPeriod: scenario.client === null ? null : Math.floor(random() * periods),
  };
}

/** The limits are those that an operator would set who knows the service: twice what is usual. */
function startMessage(world: World, id: string, history: StartMessage['history']): StartMessage {
  const { scenario, service, usualP99Ms } = world;
  return {
    type: 'start',
    id,
    periodSec: scenario.periodSec,
    plan: stagesOf(scenario.plan).map(({ weightPercent, bakeSeconds }) => ({
      weight: weightPercent / 100,
      minutes: bakeSeconds / 60,
    })),
    latencyEdgesMs: [...LATENCY_EDGES_MS],
    history,
    policy: {
      errorRateMax: Math.max(LEAST_ERROR_LIMIT, LIMIT_FACTOR * service.errorShare),
      p99MaxMs: Number((LIMIT_FACTOR * usualP99Ms).toPrecision(2)),
    },
  };
}
