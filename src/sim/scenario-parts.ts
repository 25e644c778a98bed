// Quantities and windows that all parts of a scenario are written with.
import { duration, latency, percent, ratio } from '../core/quantities.ts';

export const DAY_SECONDS = 86_400;
export const Percent = percent({ min: 0, max: 100 });
export const Duration = duration({ min: 0, max: 14 * DAY_SECONDS });
/** More than no time at all. */
export const Length = duration({ min: 0, excludesMin: true, max: 14 * DAY_SECONDS });
export const Latency = latency({ min: 0, excludesMin: true, max: 900_000 });
export const Ratio = ratio({ min: 0, excludesMin: true, max: 1000 });

export const window = {
  from: Duration.default(0).describe('When it begins, since the start of the rollout'),
  for: Length.optional().describe('How long it lasts; left out: until the end'),
};
