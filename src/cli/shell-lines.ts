// A command line as a shell takes it: its words quoted, and its lines such that they can be copied as they stand.

/** Quoted where a shell would take it for more than one word, or for something else than a text. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Deeper than the line that it continues. */
const CONTINUED = '  ';
/** What ends a line that goes on. */
const BREAK = ' \\';

/**
 * Broken between words with a backslash: never within quotes, and an option stays with its value where both fit. A word
 * that is wider than the terminal is left whole.
 */
export function shellLines(command: string, columns: number, indent = ''): readonly string[] {
  const fits = (line: string, part: string): boolean =>
    line.length + 1 + part.length + BREAK.length <= columns;
  const lines: string[] = [];
  let line = indent;
  for (const part of partsOf(command, columns - indent.length - CONTINUED.length - BREAK.length)) {
    const isFirst = line.trim() === '';
    if (isFirst || fits(line, part)) {
      line = isFirst ? `${line}${part}` : `${line} ${part}`;
      continue;
    }
    lines.push(`${line}${BREAK}`);
    line = `${indent}${CONTINUED}${part}`;
  }
  return [...lines, line];
}

/** Words, an option together with the word behind it unless that is more than there is room for. */
function partsOf(command: string, room: number): readonly string[] {
  const parts: string[] = [];
  let isOptionOpen = false;
  for (const word of command.match(WORD) ?? []) {
    const isOption = word.startsWith('-');
    const together = `${parts.at(-1)} ${word}`;
    if (isOptionOpen && !isOption && together.length <= room) parts.splice(-1, 1, together);
    else parts.push(word);
    isOptionOpen = isOption;
  }
  return parts;
}

/** Up to the next space that is outside of quotes. */
const WORD = /(?:"[^"]*"|'[^']*'|[^\s"'])+/g;
