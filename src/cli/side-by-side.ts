// The side-by-side table for the terminal: both versions over the same time, and what to do about each metric.
import { plainText } from '../core/plain-text.ts';
import { cellsOf } from '../core/report-cells.ts';
import type { CheckReading } from '../core/verdict.ts';
import { type Alignment, alignColumns } from './table.ts';

const HEADER = ['metric', 'stable', 'canary', 'variance', 'allowed', 'requests', 'action'];
const ALIGNMENTS: readonly Alignment[] = ['left', 'right', 'right', 'right', 'right', 'right', 'left'];
const MAX_METRIC_CHARACTERS = 48;

/**
 * A header and one line a check; nothing when nothing was judged.
 * @param columns of the terminal, where there is one
 */
export function sideBySideLines(checks: readonly CheckReading[], columns?: number): readonly string[] {
  if (checks.length === 0) return [];
  const rows = checks.map((reading) => {
    const { metric, stable, canary, variance, allowed, sample, action } = cellsOf(reading);
    const cells = [stable, canary, variance, allowed, sample, action].map((cell) => plainText(cell, 24));
    return [plainText(metric, MAX_METRIC_CHARACTERS), ...cells];
  });
  return alignColumns([HEADER, ...rows], ALIGNMENTS, columns);
}
