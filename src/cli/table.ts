// Aligned columns for the terminal, without lines or colours, so that they can be copied, cut and grepped.
import { wrap } from './wrap.ts';

export type Alignment = 'left' | 'right';

const GAP = '  ';
/** A column is not made narrower than this, so a very narrow terminal gets lines that it breaks itself. */
const MIN_COLUMN_WIDTH = 4;

/**
 * Rows of cells as lines; every column as wide as its widest cell, two spaces between columns.
 * @param alignments one per column; left where none is given
 * @param maxWidth where it is too little, the widest columns give way and their cells are wrapped
 */
export function alignColumns(
  rows: readonly (readonly string[])[],
  alignments: readonly Alignment[] = [],
  maxWidth = Number.POSITIVE_INFINITY,
): readonly string[] {
  const widths = fitInto(maxWidth, widestCells(rows));
  return rows.flatMap((row) => {
    const cells = row.map((cell, column) => wrapCell(cell, widths[column] ?? 0));
    const height = Math.max(1, ...cells.map((lines) => lines.length));
    return Array.from({ length: height }, (_, line) =>
      cells
        .map((lines, column) => pad(lines[line] ?? '', widths[column] ?? 0, alignments[column]))
        .join(GAP)
        .trimEnd(),
    );
  });
}

function widestCells(rows: readonly (readonly string[])[]): readonly number[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, width(cell));
    }
  }
  return widths;
}

function fitInto(maxWidth: number, wanted: readonly number[]): readonly number[] {
  const widths = [...wanted];
  const gaps = GAP.length * Math.max(0, widths.length - 1);
  let tooMany = widths.reduce((sum, each) => sum + each, gaps) - maxWidth;
  for (; tooMany > 0; tooMany -= 1) {
    const widest = Math.max(...widths);
    if (widest <= MIN_COLUMN_WIDTH) break;
    widths[widths.indexOf(widest)] = widest - 1;
  }
  return widths;
}

function wrapCell(cell: string, columns: number): readonly string[] {
  return width(cell) <= columns ? [cell] : wrap(cell, columns);
}

function pad(text: string, columns: number, alignment: Alignment | undefined): string {
  const padding = ' '.repeat(Math.max(0, columns - width(text)));
  return alignment === 'right' ? padding + text : text + padding;
}

/** Characters as a terminal shows them: code points, not UTF-16 units. */
function width(text: string): number {
  return [...text].length;
}
