// Which weight applied when, for recordings that do not say: as a person writes it, or from the stages of the plan.
import type { Stage } from '../core/service-spec.ts';
import { parsePercent } from '../core/units.ts';
import { type Fault, faultsError } from './faults.ts';
import type { Shift } from './recording.ts';

const DAY_MS = 86_400_000;
const MAX_WEIGHTS = 40;

/** One weight and its instant, or its time of day in UTC. */
export interface WrittenWeight {
  readonly weightPercent: number;
  readonly at: { readonly instantMs: number } | { readonly timeOfDayMs: number };
}

/** `5%@09:00,25%@2026-01-05T09:10:00Z`. Throws InvalidInputError (`wrong-weights`). */
export function parseWeights(text: string, where: string): readonly WrittenWeight[] {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.length > MAX_WEIGHTS) throw faultsError([wrongWeight(`${parts.length} weights`)], where);
  return parts.map((part) => {
    const weight = parseWeight(part);
    if (weight === undefined) throw faultsError([wrongWeight(part)], where);
    return weight;
  });
}

function parseWeight(text: string): WrittenWeight | undefined {
  const [percent = '', at = ''] = text.split('@', 2);
  const weightPercent = parsePercent(percent);
  if (weightPercent === undefined || weightPercent > 100) return undefined;
  const [, hours, minutes, seconds = '0'] = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(at) ?? [];
  if (hours !== undefined) {
    const timeOfDayMs = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
    return { weightPercent, at: { timeOfDayMs } };
  }
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(at)) return undefined;
  const instantMs = Date.parse(at);
  return Number.isNaN(instantMs) ? undefined : { weightPercent, at: { instantMs } };
}

/**
 * The first time of day is the one nearest to the first period, each later one the next after the weight before; over
 * midnight it goes by less than half a day, for farther ahead is behind.
 * Throws InvalidInputError (`wrong-weights`) when times do not rise.
 */
export function shiftsFromWeights(
  weights: readonly WrittenWeight[],
  firstPeriodMs: number,
  where: string,
): readonly Shift[] {
  let beforeMs: number | null = null;
  return weights.map(({ weightPercent, at }) => {
    const atMs: number =
      'instantMs' in at
        ? at.instantMs
        : nextTimeOfDay(at.timeOfDayMs, beforeMs ?? firstPeriodMs - DAY_MS / 2);
    if (beforeMs !== null && !isAhead(atMs, beforeMs, at)) {
      throw faultsError([notRising(weightPercent, at, beforeMs)], where);
    }
    beforeMs = atMs;
    return { atMs, weightPercent };
  });
}

function isAhead(atMs: number, beforeMs: number, at: WrittenWeight['at']): boolean {
  const isOverMidnight = Math.floor(atMs / DAY_MS) > Math.floor(beforeMs / DAY_MS);
  return atMs > beforeMs && ('instantMs' in at || !isOverMidnight || atMs - beforeMs < DAY_MS / 2);
}

function nextTimeOfDay(timeOfDayMs: number, afterMs: number): number {
  const todayMs = Math.floor(afterMs / DAY_MS) * DAY_MS + timeOfDayMs;
  return todayMs > afterMs ? todayMs : todayMs + DAY_MS;
}

/** As the workflow would have shifted if no stage had been held. */
export function shiftsFromStages(stages: readonly Stage[], firstMs: number): readonly Shift[] {
  let atMs = firstMs;
  return stages.map(({ weightPercent, bakeSeconds }) => {
    const shift = { atMs, weightPercent };
    atMs += bakeSeconds * 1000;
    return shift;
  });
}

function notRising(weightPercent: number, at: WrittenWeight['at'], beforeMs: number): Fault {
  const written =
    'instantMs' in at
      ? new Date(at.instantMs).toISOString()
      : new Date(at.timeOfDayMs).toISOString().slice(11, 19);
  return {
    ...wrongWeight(`${weightPercent}%@${written} after ${new Date(beforeMs).toISOString()}`),
    what: 'weights come in the order of time, each at an instant of its own',
  };
}

function wrongWeight(got: string): Fault {
  return {
    code: 'wrong-weights',
    what: 'this is no weight with its time',
    path: '',
    got: got === '' ? '""' : got,
    allowed:
      'weights with their times (UTC) in order, for example 5%@09:00,25%@09:10, or 5%@2026-01-05T09:00:00Z',
    fix: 'Write WEIGHT%@TIME, separated by commas, in the order of time',
  };
}
