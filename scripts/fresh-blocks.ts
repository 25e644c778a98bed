// Generated blocks of a document: each stands between `<!-- NAME:begin -->` and `<!-- NAME:end -->`.

export interface GeneratedBlock {
  readonly name: string;
  readonly text: string;
}

/** Throws when the markers of a block are missing. */
export function withBlocks(file: string, document: string, blocks: readonly GeneratedBlock[]): string {
  let fresh = document;
  for (const { name, text } of blocks) {
    const marked = new RegExp(`(<!-- ${name}:begin[^>]*-->\n)[\\s\\S]*?(<!-- ${name}:end -->)`);
    if (!marked.test(fresh)) throw new Error(`${file} has no block ${name}`);
    fresh = fresh.replace(marked, (_whole, begin: string, end: string) => `${begin}\n${text}\n\n${end}`);
  }
  return fresh;
}

/** A Markdown table; the cells hold no pipes. */
export function markdownTable(
  heading: readonly string[],
  rows: readonly (readonly string[])[],
  isRight: (column: number) => boolean,
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = `|${heading.map((_cell, column) => (isRight(column) ? '---:' : '---')).join('|')}|`;
  return [line(heading), rule, ...rows.map(line)].join('\n');
}
