// Text in lines of at most so many columns.

/** A number and its percent sign stay together. */
const BREAKABLE_SPACE = / (?!%)/;

/** Breaks at spaces; a word longer than a line is broken anywhere. A line has at least one column. */
export function wrap(text: string, columns: number): readonly string[] {
  const width = Math.max(1, columns);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(BREAKABLE_SPACE)) {
    const pieces = word.match(new RegExp(`.{1,${width}}`, 'gu')) ?? [''];
    for (const piece of pieces) {
      if (line !== '' && line.length + 1 + piece.length > width) {
        lines.push(line);
        line = piece;
      } else {
        line = line === '' ? piece : `${line} ${piece}`;
      }
    }
  }
  return [...lines, line];
}
