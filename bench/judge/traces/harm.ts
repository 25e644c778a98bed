// What a bad version does to its own requests in a period, and how many of them it spoils.
import type { Random } from '../../../src/sim/random.ts';
import { drawUniform } from './draw.ts';
import { type BucketShares, bucketShares, edgeAt, expectedQuantile, mixed, shareAbove } from './latency.ts';
import type { Harm, ServiceProfile } from './scenario.ts';
import { activity, type Slot } from './timeline.ts';

/** A cause of harm with its drawn beginning. */
export interface PlannedHarm {
  readonly harm: Harm;
  readonly fromMinute: number;
}

export interface Effect {
  /** Of the requests that would not have failed anyway. */
  readonly extraErrorShare: number;
  readonly latency: BucketShares;
  /** Share of conversions that is lost. */
  readonly lostShare: number;
  readonly isSilent: boolean;
  /** Whether any cause acts. */
  readonly isHarmful: boolean;
}

/** Spread of the waits that harm or a cold start adds. */
const WAIT_LOG_SD = 0.25;

export function planHarm(random: Random, harm: readonly Harm[]): readonly PlannedHarm[] {
  return harm.map((each) => ({ harm: each, fromMinute: drawUniform(random, each.fromMinute ?? [0, 0]) }));
}

/** Requests that wait `addedMs` on top of the service's median. */
export function waiting(service: ServiceProfile, addedMs: number): BucketShares {
  const medianMs = expectedQuantile(bucketShares(service.latency), 0.5);
  return bucketShares([{ share: 1, medianMs: medianMs + addedMs, logSd: WAIT_LOG_SD }]);
}

/**
 * @param healthy latency of the period without harm
 * @param latencyFactor how slow the period is for everybody
 */
export function effectIn(
  planned: readonly PlannedHarm[],
  slot: Slot,
  periodSec: number,
  service: ServiceProfile,
  healthy: { readonly latency: BucketShares; readonly latencyFactor: number; readonly errorShare: number },
): Effect {
  let effect: Effect = {
    extraErrorShare: 0,
    latency: healthy.latency,
    lostShare: 0,
    isSilent: false,
    isHarmful: false,
  };
  for (const { harm, fromMinute } of planned) {
    const part = activity(harm, fromMinute, slot, periodSec);
    if (part > 0) effect = { ...effect, ...change(harm, part, effect, service, healthy), isHarmful: true };
  }
  return effect;
}

function change(
  harm: Harm,
  part: number,
  effect: Effect,
  service: ServiceProfile,
  healthy: { readonly latencyFactor: number; readonly errorShare: number },
): Partial<Effect> {
  switch (harm.kind) {
    case 'errors': {
      const usual = Math.min(service.errorShare, harm.toShare);
      const missing = ((harm.toShare - usual) * part) / Math.max(1 - healthy.errorShare, 1e-9);
      return { extraErrorShare: Math.min(1, Math.max(effect.extraErrorShare, missing)) };
    }
    case 'latency': {
      // a leak slows down evenly, so the factor grows as a power
      const slower = bucketShares(service.latency, healthy.latencyFactor * harm.factor ** part);
      return { latency: mixed(effect.latency, slower, harm.ofShare) };
    }
    case 'tail':
      return { latency: mixed(effect.latency, waiting(service, harm.addedMs), harm.ofShare * part) };
    case 'kpi':
      return { lostShare: harm.lostShare * part };
    case 'silence':
      return { isSilent: true };
  }
}

/**
 * Expected share of requests that harm made slower than the service's usual p95: the latency that its users know.
 * @param usualP95Ms without any drift or incident
 */
export function slowedShare(healthy: BucketShares, harmed: BucketShares, usualP95Ms: number): number {
  if (healthy === harmed) return 0;
  const edge = edgeAt(usualP95Ms);
  return Math.max(0, shareAbove(harmed, edge) - shareAbove(healthy, edge));
}
