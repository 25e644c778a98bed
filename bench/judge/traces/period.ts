// Both versions in one period of a rollout.
import type { PeriodMessage, Row } from '../../../src/replay/line-protocol.ts';
import type { Random } from '../../../src/sim/random.ts';
import type { Weather } from './climate.ts';
import { drawFactor, drawUniform } from './draw.ts';
import { type Effect, effectIn, type PlannedHarm, slowedShare } from './harm.ts';
import { type BucketShares, bucketShares } from './latency.ts';
import type { Scenario, ServiceProfile } from './scenario.ts';
import type { Slot } from './timeline.ts';
import { type Conditions, type Drawn, drawVersion } from './version.ts';

/** Everything that is fixed for one rollout. */
export interface World {
  readonly random: Random;
  readonly scenario: Scenario;
  readonly service: ServiceProfile;
  readonly harm: readonly PlannedHarm[];
  readonly usualP95Ms: number;
  readonly usualP99Ms: number;
  /** Latency of cold requests; null where there are none. */
  readonly coldLatency: BucketShares | null;
  /** Index of the period that one client spoils. */
  readonly clientPeriod: number | null;
}

export interface PeriodSetting {
  readonly weather: Weather;
  /** How much slower than the weather each version is by chance. */
  readonly stableFactor: number;
  readonly canaryFactor: number;
  readonly isClientHere: boolean;
}

export interface PeriodResult {
  readonly message: PeriodMessage;
  /** Requests that the canary spoiled. */
  readonly bad: number;
  readonly isHarmful: boolean;
}

export function drawHistoryRow(world: World, weather: Weather): Row | null {
  const row = drawVersion(world.random, healthy(world, weather, 1, 1)).row;
  return isMissing(world) ? null : row;
}

export function drawPeriod(world: World, id: string, slot: Slot, setting: PeriodSetting): PeriodResult {
  const { random, scenario, service } = world;
  const { weather, stableFactor, canaryFactor } = setting;
  const stable = drawVersion(random, healthy(world, weather, 1 - slot.weight, stableFactor)).row;
  const usual = healthy(world, weather, slot.weight, canaryFactor);
  const effect = effectIn(world.harm, slot, scenario.periodSec, service, {
    latency: usual.latency,
    latencyFactor: weather.latencyFactor * canaryFactor,
    errorShare: usual.errorShare,
  });
  const canary = drawVersion(random, {
    ...usual,
    extraErrorShare: effect.extraErrorShare,
    latency: effect.latency,
    conversionShare: usual.conversionShare === null ? null : usual.conversionShare * (1 - effect.lostShare),
    cold: coldIn(world, slot),
    clientRequests:
      setting.isClientHere && scenario.client !== null ? Math.round(drawUniform(random, scenario.client)) : 0,
  });
  const isStableMissing = isMissing(world);
  const isCanaryMissing = isMissing(world) || effect.isSilent;
  return {
    message: {
      type: 'period',
      id,
      t: slot.t,
      step: slot.step,
      weight: slot.weight,
      stable: isStableMissing ? null : stable,
      canary: isCanaryMissing ? null : canary.row,
    },
    bad: spoiled(world, usual, effect, canary),
    isHarmful: effect.isHarmful,
  };
}

/** @param part of all requests */
function healthy(world: World, weather: Weather, part: number, factor: number): Conditions {
  const { random, scenario, service } = world;
  const errorShare = weather.errorShare * drawFactor(random, scenario.noise.privateErrorSd);
  return {
    meanRequests: ((weather.requestsPerMinute * scenario.periodSec) / 60) * part,
    errorShare: Math.min(1, errorShare),
    clusterSize: scenario.noise.clusterSize,
    latency: bucketShares(service.latency, weather.latencyFactor * factor),
    conversionShare: service.conversionShare,
    extraErrorShare: 0,
    cold: null,
    clientRequests: 0,
  };
}

function coldIn({ scenario: { warmUp }, coldLatency }: World, slot: Slot): Conditions['cold'] {
  if (warmUp === null || coldLatency === null) return null;
  const share = warmUp.share * Math.max(0, 1 - slot.sinceRaiseSec / (warmUp.minutes * 60));
  return { share, latency: coldLatency, isCounted: warmUp.isCounted };
}

/** Errors as they were drawn; slow requests and lost conversions as expected; every request of a silent canary. */
function spoiled(world: World, usual: Conditions, effect: Effect, { row, extraErrors }: Drawn): number {
  if (effect.isSilent) return row.requests;
  const slowed = row.requests * slowedShare(usual.latency, effect.latency, world.usualP95Ms);
  const lost = row.requests * (usual.conversionShare ?? 0) * effect.lostShare;
  return Math.min(row.requests, extraErrors + slowed + lost);
}

/** A version without data, by nature. */
function isMissing({ random, scenario: { missingShare } }: World): boolean {
  return missingShare > 0 && random() < missingShare;
}
