// Aligned columns for the terminal, without lines or colours, so that they can be copied, cut and grepped.

export type Alignment = 'left' | 'right';

/**
 * Rows of cells as lines; every column as wide as its widest cell, two spaces between columns.
 * @param alignments one per column; left where none is given
 */
export function alignColumns(
  rows: readonly (readonly string[])[],
  alignments: readonly Alignment[] = [],
): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, width(cell));
    }
  }
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const padding = ' '.repeat((widths[column] ?? 0) - width(cell));
        return alignments[column] === 'right' ? padding + cell : cell + padding;
      })
      .join('  ')
      .trimEnd(),
  );
}

/** Characters as a terminal shows them: code points, not UTF-16 units. */
function width(text: string): number {
  return [...text].length;
}
