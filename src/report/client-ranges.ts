// What the axes of the report's charts reach over. The functions are written into the report as text together, so they may
// use nothing but one another.
import type { Plot, PlotSeries } from './plot.ts';

type Range = [from: number, to: number];
/** What uPlot asks for: the lines reach from `from` to `to`; null: there are none in sight. */
type RangeOf = (plot: unknown, from: number | null, to: number | null) => Range;

export interface ClientRanges {
  readonly timeRange: RangeOf;
  valueRange(data: Plot): RangeOf;
}

export function ranges(): ClientRanges {
  return { timeRange, valueRange };
}

/** A single instant gets two minutes to lie in. */
function timeRange(_plot: unknown, from: number | null, to: number | null): Range {
  const [min, max] = [from ?? 0, to ?? 0];
  return max > min ? [min, max] : [min - 60, min + 60];
}

/**
 * From zero, unless all values are far from it, as in the drawing: then most of the panel would be empty. The last interval
 * counts too, as far as it leaves the lines half of the panel; an early one, which is wide, may leave the picture.
 */
function valueRange({ kind, series }: Plot): RangeOf {
  if (kind === 'traffic') return (_plot, _from, most) => [0, most ? Math.min(100, 1.1 * most) : 100];
  const last = (role: PlotSeries['role']): number | null =>
    series.find((one) => one.role === role)?.values.findLast((value) => value !== null) ?? null;
  return (_plot, from, to) => {
    if (from === null || to === null) return [0, 1];
    const room = to - from || Math.abs(to) || 1;
    const least = Math.min(from, Math.max(last('low') ?? from, from - room));
    const most = Math.max(to, Math.min(last('high') ?? to, to + room));
    const low = least >= 0 && least < 0.6 * most ? 0 : least;
    const margin = 0.06 * (most - low || Math.abs(most) || 1);
    return [low === 0 ? 0 : low - margin, most + margin];
  };
}

/** The source of all that is above. */
export const RANGES_SOURCE = [ranges, timeRange, valueRange].join('\n');
