// How many columns a text takes in a terminal, and texts that take no more than so many. Where terminals differ (emoji,
// characters joined to one), the most that any of them takes is counted: a line that is too short breaks nothing.
import { plainText } from '../../core/plain-text.ts';

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });
const NO_COLUMN = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
/** Scripts and forms that are two columns wide. Source: Unicode UAX 11, East Asian Width W and F, and emoji. */
const TWO_COLUMNS =
  /^[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Yi}\p{Script=Tangut}\p{Emoji_Presentation}\p{Regional_Indicator}\u3000-\u303e\u3200-\u33ff\ua960-\ua97f\uff01-\uff60\uffe0-\uffe6\u{1f000}-\u{1faff}]$/u;
/** Asks for the wide look of the character before it. */
const EMOJI_LOOK = '\ufe0f';
const ASCII = /^[\x20-\x7e]*$/;

export function widthOf(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const character of text) {
    if (character === EMOJI_LOOK) width += 1;
    else if (!NO_COLUMN.test(character)) width += TWO_COLUMNS.test(character) ? 2 : 1;
  }
  return width;
}

/** The beginning that fits, with an ellipsis where something is cut off. */
export function cutTo(text: string, columns: number): string {
  if (columns <= 0) return '';
  if (widthOf(text) <= columns) return text;
  let cut = '';
  let width = 0;
  for (const { segment } of GRAPHEMES.segment(text)) {
    width += widthOf(segment);
    if (width > columns - 1) break;
    cut += segment;
  }
  return `${cut}…`;
}

/** Beginning and end, with an ellipsis for what is cut out between them: names that differ at their end stay apart. */
export function cutMiddleTo(text: string, columns: number): string {
  const line = plainText(text);
  if (widthOf(line) <= columns) return line;
  const segments = [...GRAPHEMES.segment(line)].map(({ segment }) => segment);
  let end = '';
  for (const segment of segments.toReversed()) {
    if (widthOf(segment) + widthOf(end) > Math.floor((columns - 1) / 2)) break;
    end = segment + end;
  }
  return cutTo(line, columns - widthOf(end)) + end;
}

export function padTo(text: string, columns: number, side: 'left' | 'right' = 'left'): string {
  const padding = ' '.repeat(Math.max(0, columns - widthOf(text)));
  return side === 'right' ? padding + text : text + padding;
}

/** Text from outside as one harmless line of at most so many columns. */
export function shown(text: string, columns: number): string {
  return cutTo(plainText(text), columns);
}

/** A number and its percent sign stay together. */
const BREAKABLE_SPACE = / (?!%)/;

/** Harmless lines, broken at spaces; of more than `maxLines` the last one ends with an ellipsis. */
export function shownLines(text: string, columns: number, maxLines: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of plainText(text).split(BREAKABLE_SPACE)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && widthOf(longer) > columns) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  lines.push(line);
  const left = lines.slice(0, maxLines - 1);
  const rest = lines.slice(maxLines - 1).join(' ');
  return [...left, rest].map((each) => cutTo(each, columns)).filter((each) => each !== '');
}
