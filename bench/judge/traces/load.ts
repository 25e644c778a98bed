// Expected requests per minute in each period, after the load shape of a scenario.
import type { Random } from '../../../src/sim/random.ts';
import { constantLoad, diurnalLoad, type Load, seriesLoad } from '../../../src/sim/traffic-load.ts';
import { drawFactor, drawNormal, drawUniform } from './draw.ts';
import type { LoadShape } from './scenario.ts';
import type { Slot } from './timeline.ts';

/** A recorded series may pause; a service that runs a canary does not. */
const LEAST_PART_OF_MEAN = 0.05;

export function requestRates(
  random: Random,
  shape: LoadShape,
  meanPerMinute: number,
  loadSd: number,
  slots: readonly Slot[],
): readonly number[] {
  const least = LEAST_PART_OF_MEAN * meanPerMinute;
  const rates = shape.kind === 'walk' ? walk(random, shape.logSdPerMinute, meanPerMinute, slots) : null;
  const load = loadOf(random, shape, meanPerMinute, slots);
  return slots.map(({ t }, i) => {
    const expected = rates?.[i] ?? load(t * 1000);
    return Math.max(least, expected) * drawFactor(random, loadSd);
  });
}

function loadOf(random: Random, shape: LoadShape, meanPerMinute: number, slots: readonly Slot[]): Load {
  switch (shape.kind) {
    case 'constant':
    case 'walk':
      return constantLoad(meanPerMinute);
    case 'daily':
      return diurnalLoad({
        meanPerMinute,
        peakHour: drawUniform(random, [0, 24]),
        swingRatio: shape.swingRatio,
      });
    case 'ramp': {
      const first = slots[0]?.t ?? 0;
      const seconds = Math.max(1, (slots.at(-1)?.t ?? 0) - first);
      return (atMs) => meanPerMinute * shape.factor ** ((atMs / 1000 - first) / seconds - 0.5);
    }
    case 'recorded': {
      const firstMs = shape.samples[0]?.atMs ?? 0;
      const lengthMs = (shape.samples.at(-1)?.atMs ?? 0) - firstMs;
      return seriesLoad({
        samples: shape.samples,
        meanPerMinute,
        offsetMs: drawUniform(random, [0, lengthMs]),
        startMs: 0,
      });
    }
  }
}

/** Starts at the mean an hour before the rollout. */
function walk(
  random: Random,
  logSdPerMinute: number,
  meanPerMinute: number,
  slots: readonly Slot[],
): readonly number[] {
  const minutes = ((slots[1]?.t ?? 60) - (slots[0]?.t ?? 0)) / 60;
  let log = 0;
  return slots.map(() => {
    log += logSdPerMinute * Math.sqrt(minutes) * drawNormal(random);
    return meanPerMinute * Math.exp(log);
  });
}
