// The cells of the side-by-side table, worded once for the terminal and the HTML report.
import { plainText } from './plain-text.ts';
import type { RolloutReport, StageCourse } from './report.ts';
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
  /** Where the canary's true value lies: `0.25–0.65 %`. */
  readonly interval: string;
  readonly variance: string;
  readonly sample: string;
  /** About how many more requests tell. */
  readonly needed: string;
  readonly action: CheckReading['action'];
}

export function cellsOf(reading: CheckReading): CheckCells {
  const unit = plainText(reading.unit, MAX_UNIT_CHARACTERS);
  return {
    metric: reading.label,
    stable: formatReading(reading.stable, unit),
    canary: formatReading(reading.canary, unit),
    allowed: reading.limit === null ? '–' : `${BOUNDS[reading.better]} ${formatReading(reading.limit, unit)}`,
    interval: formatInterval(reading.interval, unit),
    variance: formatVariance(reading.variancePercent),
    sample: reading.sample === null ? '–' : formatCount(reading.sample),
    needed: reading.stillNeeded === null ? '–' : `about ${formatCount(reading.stillNeeded)} more`,
    action: reading.action,
  };
}

/** A value with its unit, `–` where there is none: 0.41 → `0.41 %`, 212 → `212 ms`. */
function formatReading(value: number | null, unit: string): string {
  if (value === null || !Number.isFinite(value)) return '–';
  if (unit === '%' || unit === 'percent') return formatPercent(value);
  const number = Math.abs(value) >= 1000 ? formatCount(value) : String(roundSignificant(value, 3));
  return `${number}${suffixOf(unit)}`;
}

function suffixOf(unit: string): string {
  if (unit === '') return '';
  return unit === 'percent' ? ' %' : ` ${unit}`;
}

/** Both ends with one unit: `0.25–0.65 %`, `208–221 ms`. */
export function formatInterval(interval: CheckReading['interval'], unit: string): string {
  if (interval === null) return '–';
  const [low, high] = interval.map((end) => formatReading(end, unit)) as [string, string];
  if (low === '–' || high === '–') return '–';
  const suffix = suffixOf(unit);
  return `${suffix === '' ? low : low.slice(0, -suffix.length)}–${high}`;
}

/** Signed, and as a factor once percent stop meaning anything: `+8 %`, `x12`. */
function formatVariance(percent: number | null): string {
  if (percent === null || !Number.isFinite(percent)) return '–';
  if (percent >= 1000) return `x${formatCount(1 + percent / 100)}`;
  return `${percent > 0 ? '+' : ''}${roundSignificant(percent, 2)} %`;
}

/** One check at one stage. */
interface StageCell {
  /** null: there is nothing to show, and `none` says why. */
  readonly cells: CheckCells | null;
  readonly none: 'not reached' | 'not judged' | null;
}

/** One check over all planned stages. */
export interface StageRow {
  readonly check: string;
  /** As it was last called. */
  readonly label: string;
  readonly stages: readonly StageCell[];
}

/** Every check at every planned stage, as it was last judged there; in the order of `checkCourses`. */
export function stageRows({ course, checkCourses }: RolloutReport): readonly StageRow[] {
  return checkCourses.map(({ check, label }) => {
    const readings = course.map((stage) => readingOf(stage, check, label));
    return {
      check,
      label: readings.findLast((reading) => reading !== undefined)?.label ?? label,
      stages: course.map((stage, index) => stageCell(stage, readings[index])),
    };
  });
}

/** The label of the alarms tells how many are unknown, so it changes. */
function readingOf({ checks }: StageCourse, check: string, label: string): CheckReading | undefined {
  return checks.find((reading) => reading.check === check && (check === 'alarms' || reading.label === label));
}

function stageCell({ enteredAt }: StageCourse, reading: CheckReading | undefined): StageCell {
  if (reading !== undefined) return { cells: cellsOf(reading), none: null };
  return { cells: null, none: enteredAt === null ? 'not reached' : 'not judged' };
}
