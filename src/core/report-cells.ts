// The cells of the side-by-side table, worded once for the terminal and the HTML report.
import { plainText } from './plain-text.ts';
import { formatCount, formatPercent, roundSignificant } from './units.ts';
import type { CheckReading } from './verdict.ts';

/** Units are cells' neighbours, not sentences. */
const MAX_UNIT_CHARACTERS = 16;

const BOUNDS = { lower: '≤', higher: '≥' } as const;

export interface CheckCells {
  readonly metric: string;
  readonly stable: string;
  readonly canary: string;
  readonly allowed: string;
  readonly variance: string;
  readonly sample: string;
  readonly action: CheckReading['action'];
}

export function cellsOf(reading: CheckReading): CheckCells {
  const unit = plainText(reading.unit, MAX_UNIT_CHARACTERS);
  return {
    metric: reading.label,
    stable: formatReading(reading.stable, unit),
    canary: formatReading(reading.canary, unit),
    allowed: reading.limit === null ? '–' : `${BOUNDS[reading.better]} ${formatReading(reading.limit, unit)}`,
    variance: formatVariance(reading.variancePercent),
    sample: reading.sample === null ? '–' : formatCount(reading.sample),
    action: reading.action,
  };
}

/** A value with its unit, `–` where there is none: 0.41 → `0.41 %`, 212 → `212 ms`. */
function formatReading(value: number | null, unit: string): string {
  if (value === null || !Number.isFinite(value)) return '–';
  if (unit === '%' || unit === 'percent') return formatPercent(value);
  const number = Math.abs(value) >= 1000 ? formatCount(value) : String(roundSignificant(value, 3));
  return unit === '' ? number : `${number} ${unit}`;
}

/** Signed, and as a factor once percent stop meaning anything: `+8 %`, `x12`. */
function formatVariance(percent: number | null): string {
  if (percent === null || !Number.isFinite(percent)) return '–';
  if (percent >= 1000) return `x${formatCount(1 + percent / 100)}`;
  return `${percent > 0 ? '+' : ''}${roundSignificant(percent, 2)} %`;
}
